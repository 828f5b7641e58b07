/** `__Host-`: the browser itself insists on Secure, Path=/ and no Domain. */
export const sessionCookie = '__Host-sid'

/** Names what this browser began at the identity provider. */
export const ssoCookie = '__Host-sso'
/** Between the password and the second factor: it opens nothing but what is missing. */
export const halfCookie = '__Host-half'

const longestHeader = 8192

/** The session id out of a raw `Cookie` header, or null. The first of several counts. */
export const readSessionCookie = (header: string | undefined): string | null => readCookie(sessionCookie, header)

export const readHalfCookie = (header: string | undefined): string | null => readCookie(halfCookie, header)

/** Such an id out of a cookie of that name. */
export const readCookie = (name: string, header: string | undefined): string | null => {
  if (header === undefined || header.length > longestHeader) return null
  for (const part of header.split(';')) {
    const cut = part.indexOf('=')
    if (cut > 0 && part.slice(0, cut).trim() === name) {
      const value = part.slice(cut + 1).trim()
      return /^[A-Za-z0-9_-]{43}$/.test(value) ? value : null
    }
  }
  return null
}
