import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Secret } from '#domain/secret.ts'
import { KeyStore } from '../adapters/key-store.ts'
import { pair } from '../compose/pair.ts'
import { newLog, say, stopSignal, wrongUse } from './program.ts'
import type { Command } from './program.ts'

const run = async (args: readonly string[]): Promise<number> => {
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

export const enrolCommand: Command = {
  usage: `  gateway enrol --server URL --claim ID --code CODE [--data DIR]
                                  pair this hub with a server, once`,
  run,
}
