/**
 * Whether a request may come from the page that sent it. Browsers name that page in `Origin`; programs that are no browser
 * send neither header and carry no cookie they did not ask for.
 */
export const fromOwnPage = (
  headers: { readonly origin?: string | undefined; readonly fetchSite?: string | undefined },
  allowed: readonly string[],
): boolean => {
  if (headers.origin !== undefined) return allowed.includes(headers.origin)
  return headers.fetchSite === undefined || headers.fetchSite === 'same-origin' || headers.fetchSite === 'none'
}

/** The same places as seen by a web socket: `https://a` → `wss://a`. */
export const socketOrigins = (origins: readonly string[]): readonly string[] =>
  origins.map((origin) => origin.replace(/^http/, 'ws'))

const own = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Whether a browser keeps a session of this page: it takes the cookie over https, and from this machine, alone. On any other page a
 * sign-in would look as if it had worked, and be forgotten.
 */
export const keepsSessions = (origin: string): boolean => {
  const url = URL.parse(origin)
  return url !== null && (url.protocol === 'https:' || own.has(url.hostname))
}
