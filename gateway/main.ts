import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { join, resolve } from 'node:path'
import { pino } from 'pino'
import { z } from 'zod'
import { isBelowNodeFloor, nodeFloor } from '#domain/node-floor.ts'
import { profiles } from '#domain/pump-protocols/profiles.ts'
import { KeyStore } from './adapters/key-store.ts'
import { pair, startGateway } from './compose.ts'
import { parseConfig } from './config.ts'
import { decode } from './decode.ts'
import { GatewayError, messageOf } from './core/errors.ts'
import { Secret } from '#domain/secret.ts'
import type { Logger } from 'pino'

const help = `Infusion Watch gateway: reads pumps, keeps what they say, brings it to the server. Never sends therapy commands.

  gateway run [--config FILE]     start (default command); FILE is YAML or JSON, default $GATEWAY_CONFIG
  gateway enrol --server URL --claim ID --code CODE [--data DIR]
                                  pair this hub with a server, once
  gateway decode --protocol NAME [--hex] [--set NAME=VALUE]…
                                  read captured bytes from standard input, one JSON line per frame
  gateway --help                  this text; decode --help for its own

Environment: GATEWAY_CONFIG, GATEWAY_CLAIM=claimId:code (pairs at start), GATEWAY_DATA_DIR, LOG_LEVEL.
Known protocols: ${[...profiles.keys()].join(', ')}.
`

/** Exit codes: 0 clean end, 1 the gateway cannot run, 2 wrong use. */
const unfit = 1
const wrongUse = 2

/** How long an ending program may take, ms; the outbox needs no clean end. */
const endWithinMs = 5_000

const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

/** Aborts at the first SIGTERM or SIGINT; npm and terminals send several. */
const stopSignal = (): AbortSignal => {
  const stopping = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const)
    process.on(name, () => {
      if (stopping.signal.aborted) return
      stopping.abort()
      setTimeout(() => process.exit(0), endWithinMs).unref()
    })
  return stopping.signal
}

const gatewayVersion = async (): Promise<string> => {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8')
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version
}

const newLog = (level: string): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ dest: 1, sync: true }),
  )

const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options: { config: { type: 'string', short: 'c' } } })
  const path = values.config ?? process.env['GATEWAY_CONFIG']
  if (path === undefined) {
    say('No configuration: give --config FILE or set GATEWAY_CONFIG. See gateway --help.')
    return wrongUse
  }
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new GatewayError('GW_CONFIG_INVALID', `cannot read ${path}: ${messageOf(cause)}`, { cause })
  })
  const environment = {
    GATEWAY_CLAIM: process.env['GATEWAY_CLAIM'],
    GATEWAY_DATA_DIR: process.env['GATEWAY_DATA_DIR'],
    LOG_LEVEL: process.env['LOG_LEVEL'],
  }
  const config = parseConfig(text, environment, [...profiles.keys()])
  const log = newLog(config.logLevel)
  if (process.env['NODE_ENV'] === 'production' && isBelowNodeFloor(process.version))
    log.warn({ node: process.version, needed: nodeFloor }, 'this Node lacks security fixes')
  const signal = stopSignal()
  const versions = { gateway: await gatewayVersion(), node: process.version }
  const gateway = await startGateway({ config, profiles, versions, log, signal })
  log.info({ hub: config.name, server: config.server.url, ports: config.ports.length }, 'gateway runs')
  await gateway.stopped
  log.info('gateway has stopped')
  // Native handles may outlive their closing; everything that matters is on the disk by now.
  setTimeout(() => process.exit(0), 1_000).unref()
  return 0
}

const enrolHub = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      server: { type: 'string' },
      claim: { type: 'string' },
      code: { type: 'string' },
      data: { type: 'string', default: process.env['GATEWAY_DATA_DIR'] ?? 'data/hub' },
    },
  })
  const { server, claim, code, data } = values
  const url = server === undefined ? null : URL.parse(server)
  if (url === null || claim === undefined || code === undefined) {
    say('Needed: gateway enrol --server URL --claim ID --code CODE [--data DIR]')
    return wrongUse
  }
  const keys = await KeyStore.open(join(resolve(data), 'identity'))
  await pair(keys, url, { claimId: claim, code: new Secret(code) }, stopSignal(), newLog('info'))
  return 0
}

const main = async ([command, ...rest]: readonly string[]): Promise<number> => {
  if (command === 'run') return run(rest)
  if (command === 'enrol') return enrolHub(rest)
  if (command === 'decode') return decode(rest, process.stdin, process.stdout)
  if (command === '--help' || command === '-h' || command === 'help') {
    process.stdout.write(help)
    return 0
  }
  if (command === undefined || command.startsWith('-')) return run(command === undefined ? [] : [command, ...rest])
  say(`Unknown command "${command}".\n\n${help}`)
  return wrongUse
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major !== 24 || minor < 21) {
  say(`The gateway runs on Node 24.21 or a later 24, this is ${process.version}. Start it with "npm run gateway".`)
  process.exitCode = unfit
} else {
  try {
    process.exitCode = await main(process.argv.slice(2))
  } catch (error) {
    say(error instanceof GatewayError || error instanceof TypeError ? messageOf(error) : String(error))
    process.exitCode = error instanceof TypeError ? wrongUse : unfit
  }
}
