import { ServerError } from '../core/errors.ts'

/** Says what to do when the address cannot be had, with the setting that chose the port: throws `SRV_LISTEN`. */
export const listen = async <T>(
  start: () => Promise<T>,
  { host, port }: { readonly host: string; readonly port: number },
  setting = 'PORT',
): Promise<T> => {
  try {
    return await start()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const why: Readonly<Record<string, string>> = {
      EADDRINUSE: `the port is in use; choose another one with ${setting}`,
      EACCES: `this port needs more rights; choose one above 1023 with ${setting}`,
      EADDRNOTAVAIL: 'this machine has no such address; check HOST',
    }
    throw new ServerError('SRV_LISTEN', `Cannot listen on ${host}:${port}: ${why[code] ?? code}.`, error)
  }
}
