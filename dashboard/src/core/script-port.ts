/** What browsers with trusted types take as the address of a worker; elsewhere a plain string. */
export type TrustedScript = (url: string) => string
