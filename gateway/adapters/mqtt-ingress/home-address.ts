import { existsSync } from 'node:fs'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'

/**
 * The address to listen on: `host` itself, or the address that the network interface of this name has now (`eth0`, `wlan0`). Null while
 * such an interface has none.
 */
export const homeAddress = (host: string): string | null => {
  if (isIP(host) > 0 || host === 'localhost') return host
  const addresses = known()[host]
  if (addresses === undefined) return existsSync(`/sys/class/net/${encodeURIComponent(host)}`) ? null : host
  const found = addresses.find(({ family }) => family === 'IPv4') ?? addresses.find(({ scopeid }) => scopeid === 0)
  return found?.address ?? null
}

const known = (): ReturnType<typeof networkInterfaces> => {
  try {
    return networkInterfaces()
  } catch {
    // A sandbox may forbid the question.
    return {}
  }
}
