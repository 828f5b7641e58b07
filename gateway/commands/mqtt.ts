import { createHash, randomBytes, X509Certificate } from 'node:crypto'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { PumpId } from '#domain/ids.ts'
import { authorityIn } from '../compose/mqtt-pumps.ts'
import { readConfig, say, wrongUse } from './program.ts'
import type { Command } from './program.ts'

const secretBytes = 16

const addPump = (id: string | undefined): number => {
  const pumpId = PumpId.safeParse(id)
  if (!pumpId.success) {
    say(
      'Needed: gateway mqtt add-pump --id ID; an id is 1 to 64 of A-Z a-z 0-9 . _ - and starts with a letter or digit.',
    )
    return wrongUse
  }
  const secret = randomBytes(secretBytes).toString('hex')
  const digest = createHash('sha256').update(secret).digest('hex')
  process.stdout.write(`For the pump, shown once and kept nowhere:
  client id   ${pumpId.data}
  user name   ${pumpId.data}
  password    ${secret}
  CA          what "gateway mqtt ca" prints

For the hub's configuration, under mqtt.pumps, then restart it:
    - id: ${pumpId.data}
      secretSha256: '${digest}'
`)
  return 0
}

/** The certificate on standard output, for a file; what a person compares on standard error. */
const printCa = async (data: string | undefined, config: string | undefined): Promise<number> => {
  const dataDir = data ?? (await readConfig(config))?.dataDir ?? process.env['GATEWAY_DATA_DIR'] ?? 'data/hub'
  const pem = await authorityIn(resolve(dataDir)).ca()
  process.stdout.write(pem)
  say(`SHA-256 fingerprint: ${new X509Certificate(pem).fingerprint256}`)
  return 0
}

const run = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { id: { type: 'string' }, data: { type: 'string' }, config: { type: 'string', short: 'c' } },
  })
  const [act, ...more] = positionals
  if (act === 'add-pump' && more.length === 0) return addPump(values.id)
  if (act === 'ca' && more.length === 0) return await printCa(values.data, values.config)
  say(`Needed: one of\n${mqttCommand.usage}`)
  return wrongUse
}

export const mqttCommand: Command = {
  usage: `  gateway mqtt add-pump --id ID   a fresh secret for a pump, and its lines for the configuration
  gateway mqtt ca [--config FILE | --data DIR]
                                  the CA that pumps check this hub's broker by (PEM)`,
  run,
}
