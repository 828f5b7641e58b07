import type { ServerConfig } from '../config.ts'
import { ServerError } from '../core/errors.ts'

/** Says what to do when the address cannot be had: throws `SRV_LISTEN`. */
export const listen = async (start: () => Promise<string>, config: ServerConfig): Promise<string> => {
  try {
    return await start()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const why: Readonly<Record<string, string>> = {
      EADDRINUSE: 'the port is in use; choose another one with PORT',
      EACCES: 'this port needs more rights; choose one above 1023 with PORT',
      EADDRNOTAVAIL: 'this machine has no such address; check HOST',
    }
    throw new ServerError('SRV_LISTEN', `Cannot listen on ${config.host}:${config.port}: ${why[code] ?? code}.`, error)
  }
}
