import { isIP } from 'node:net'
import type { IncomingHttpHeaders } from 'node:http'

const nameOf = (authority: string): string => {
  const name = /^\[(.+)\](?::\d+)?$/.exec(authority)?.[1] ?? authority.replace(/:\d+$/, '')
  return name.toLowerCase().replace(/\.$/, '')
}

/**
 * Whether a request may be meant for this hub. A foreign page can make its own name point to this address (DNS rebinding) and would
 * then read everything as its own; an address or one of the hub's own names cannot be taken like that.
 */
export const isOwnHost = (host: string | undefined, ownNames: readonly string[]): boolean => {
  if (host === undefined) return false
  const name = nameOf(host)
  return (
    isIP(name) !== 0 ||
    name === 'localhost' ||
    ownNames.some((own) => name === own.toLowerCase() || name === `${own.toLowerCase()}.local`)
  )
}

/** Whether an unsafe request comes from the hub's own page: its origin is the address it was sent to. */
export const isOwnPage = ({ host, origin, ...headers }: IncomingHttpHeaders): boolean => {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin') return false
  return origin !== undefined && host !== undefined && URL.parse(origin)?.host === host
}
