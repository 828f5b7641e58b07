import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { inspectOutbox } from '../adapters/sqlite-outbox/inspect.ts'
import { defaultLimits } from '../adapters/sqlite-outbox/limits.ts'
import { verifyFile } from '../adapters/sqlite-outbox/verify.ts'
import { limitsOf } from '../compose/outbox.ts'
import { messageOf } from '../core/errors.ts'
import { inspectionWords, verificationWords } from './outbox-words.ts'
import { readConfig, say, unfit, wrongUse } from './program.ts'
import type { OutboxLimits } from '../adapters/sqlite-outbox/limits.ts'
import type { Verification } from '../adapters/sqlite-outbox/verify.ts'
import type { Command } from './program.ts'

const help = `gateway outbox [--data DIR | --config FILE] [--json]
gateway outbox verify [FILE | --data DIR | --config FILE] [--json]

Prints what waits on this hub for the server, how old it is, what was thinned, set aside or damaged, and the room that is left.
It only reads, and may be used while the hub runs.

  verify         reads the whole of FILE, or of both files of the outbox: SQLite's own check and the checksum of every row
  --data DIR     the hub's folder; default $GATEWAY_DATA_DIR, else that of the configuration, else data/hub
  --config FILE  the hub's configuration, for its folder and limits; default $GATEWAY_CONFIG
  --json         one line for programs

Exit codes: 0 good, 1 damaged or not readable, 2 wrong use.
`

interface Place {
  readonly folder: string
  readonly limits: OutboxLimits
}

const placeOf = async (data: string | undefined, configPath: string | undefined): Promise<Place> => {
  const config = data === undefined || configPath !== undefined ? await readConfig(configPath) : null
  const dataDir = data ?? config?.dataDir ?? process.env['GATEWAY_DATA_DIR'] ?? 'data/hub'
  return {
    folder: join(resolve(dataDir), 'outbox'),
    limits: config === null ? defaultLimits : limitsOf(config.outbox),
  }
}

const run = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      config: { type: 'string', short: 'c' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const [word, file, ...rest] = positionals
  if (
    rest.length > 0 ||
    (word !== undefined && word !== 'verify') ||
    (file !== undefined && values.data !== undefined)
  ) {
    say(`Wrong use of gateway outbox.\n\n${help}`)
    return wrongUse
  }
  if (word === 'verify' && file !== undefined) return verify([resolve(file)], values.json)
  const place = await placeOf(values.data, values.config)
  if (word === 'verify')
    return verify(
      ['alarm.db', 'telemetry.db'].map((name) => join(place.folder, name)),
      values.json,
    )
  const found = inspectOutbox(place.folder)
  process.stdout.write(values.json ? `${JSON.stringify(found)}\n` : inspectionWords(found, place.limits, Date.now()))
  return 0
}

const verify = (paths: readonly string[], json: boolean): number => {
  const missing = paths.find((path) => !existsSync(path))
  if (missing !== undefined) {
    say(`There is no file ${missing}. See gateway outbox --help.`)
    return wrongUse
  }
  const results = paths.map(verifyOne)
  for (const result of results) process.stdout.write(json ? `${JSON.stringify(result)}\n` : verificationWords(result))
  return results.every(({ problems }) => problems.length === 0) ? 0 : unfit
}

const verifyOne = (path: string): Verification => {
  const terminal = process.stderr.isTTY
  try {
    return verifyFile(path, (done, all) => {
      if (terminal) process.stderr.write(`\r${path}: ${done} of ${all} rows `)
    })
  } catch (error) {
    return { path, problems: [messageOf(error)], rows: 0, badRows: 0, quarantined: 0 }
  } finally {
    if (terminal) process.stderr.write('\r\u001B[K')
  }
}

export const outboxCommand: Command = {
  usage: `  gateway outbox [verify [FILE]] [--data DIR | --config FILE] [--json]
                                  what waits on this hub, and whether its files are good`,
  run,
}
