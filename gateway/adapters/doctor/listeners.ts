import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { createServer, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { delimiter, isAbsolute, join } from 'node:path'
import { fail, ok, warn } from '../../core/finding.ts'
import type { Finding } from '../../core/finding.ts'

const ownAddresses = (): readonly string[] =>
  Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address))

const isWildcard = (host: string): boolean => ['0.0.0.0', '::'].includes(host)
const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.')

/** Null: the port can be had. */
const taken = (host: string, port: number): Promise<string | null> => {
  const { promise, resolve } = Promise.withResolvers<string | null>()
  const probe = createServer()
  probe.once('error', (error) => resolve('code' in error ? String(error.code) : error.message))
  probe.listen(port, host, () => probe.close(() => resolve(null)))
  return promise
}

export interface Listener {
  readonly check: string
  readonly host: string
  readonly port: number
  /** People or pumps on other machines are meant to reach it. */
  readonly forOthers: boolean
  /** The gateway runs, so the port is its own. */
  readonly running: boolean
}

/** An address this machine has, a port that is free, and no more doors open than needed. */
export const examineListener = async (listener: Listener): Promise<readonly Finding[]> => {
  const { check, host, port, forOthers, running } = listener
  const own = ownAddresses()
  if (isIP(host) !== 0 && !isWildcard(host) && !isLoopback(host) && !own.includes(host))
    return [fail(check, `this machine has no address ${host}`, `use one of ${own.join(', ')}`)]
  const trouble = running || port === 0 ? null : await taken(host, port)
  if (trouble === 'EADDRINUSE')
    return [
      fail(
        check,
        `port ${port} is in use by another program`,
        `stop it (ss -ltnp | grep :${port}) or take another port`,
      ),
    ]
  if (trouble === 'EACCES') return [fail(check, `this user may not listen on port ${port}`, 'take a port from 1024 on')]
  if (trouble !== null) return [fail(check, `${host}:${port} cannot be listened on: ${trouble}`, 'correct the address')]
  if (isWildcard(host))
    return [
      warn(
        check,
        `listens on every network of this machine`,
        forOthers ? `name the pumps’ network alone, one of ${own.join(', ')}` : 'use 127.0.0.1',
      ),
    ]
  if (!forOthers && !isLoopback(host))
    return [
      warn(
        check,
        `can be reached by others at ${host}:${port}, without signing in`,
        'use 127.0.0.1 if nobody needs it',
      ),
    ]
  return [ok(check, running ? `listens on ${host}:${port}` : `${host}:${port} is free`)]
}

/** A program that the hub is to start must be there and executable. */
export const examineCommand = async (check: string, command: string): Promise<Finding> => {
  const folders = isAbsolute(command) ? [''] : (process.env['PATH'] ?? '').split(delimiter)
  for (const folder of folders) {
    const path = folder === '' ? command : join(folder, command)
    const works = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (works) return ok(check, `${path} can be started`)
  }
  return fail(check, `${command} is not there or cannot be started`, 'install it, or correct annunciator.command')
}
