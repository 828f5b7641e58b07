import { readFile } from 'node:fs/promises'
import { pino } from 'pino'
import { z } from 'zod'
import { profiles } from '#domain/pump-protocols/profiles.ts'
import { environmentTable, parseConfig } from '../config.ts'
import { GatewayError, messageOf } from '../core/errors.ts'
import { logOnStdout } from './log-output.ts'
import type { Logger } from 'pino'
import type { Config, Environment } from '../config.ts'

/** Exit codes of every command: 0 a clean end, 1 it cannot be done, 2 wrong use. */
export const unfit = 1
export const wrongUse = 2

/** One word after `gateway`. */
export interface Command {
  /** Lines of `gateway --help`. */
  readonly usage: string
  /** Resolves with the exit code. Throws `GatewayError` for what cannot be done, `TypeError` for wrong use. */
  run(args: readonly string[]): Promise<number>
}

export const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

/** How long an ending program may take, ms; the outbox needs no clean end. */
const endWithinMs = 5_000

/** Aborts at the first SIGTERM or SIGINT; npm and terminals send several. */
export const stopSignal = (): AbortSignal => {
  const stopping = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const)
    process.on(name, () => {
      if (stopping.signal.aborted) return
      stopping.abort()
      setTimeout(() => process.exit(0), endWithinMs).unref()
    })
  return stopping.signal
}

export const gatewayVersion = async (): Promise<string> => {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version
}

export const newLog = (level: string): Logger =>
  logOnStdout({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  })

const environment = (): Environment =>
  Object.fromEntries(Object.keys(environmentTable).map((name) => [name, process.env[name]]))

/** The hub's configuration from `path`, else from $GATEWAY_CONFIG; null when neither is given. */
export const readConfig = async (path: string | undefined): Promise<Config | null> => {
  const file = path ?? process.env['GATEWAY_CONFIG']
  if (file === undefined) return null
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new GatewayError('GW_CONFIG_INVALID', `cannot read ${file}: ${messageOf(cause)}`, { cause })
  })
  return parseConfig(text, environment(), profiles)
}
