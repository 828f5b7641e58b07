import { randomUUID } from 'node:crypto'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { BootId } from '#domain/ids.ts'
import { HttpUplink } from '../adapters/http-uplink/http-uplink.ts'
import { KeyStore } from '../adapters/key-store.ts'
import { systemClock } from '../adapters/system-time.ts'
import { hubClock } from '../compose/hub-clock.ts'
import { reachOf } from '../compose/reach.ts'
import { rotateKey } from '../compose/rotate-key.ts'
import { newLog, readConfig, say, stopSignal, wrongUse } from './program.ts'
import type { Command } from './program.ts'

const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options: { config: { type: 'string', short: 'c' } } })
  const config = await readConfig(values.config)
  if (config === null) {
    say('No configuration: give --config FILE or set GATEWAY_CONFIG. See gateway --help.')
    return wrongUse
  }
  const log = newLog(config.logLevel)
  const dataDir = resolve(config.dataDir)
  const keys = await KeyStore.open(join(dataDir, 'identity'))
  const ownClock = await hubClock(dataDir, systemClock, log)
  const reach = await reachOf(config.server, keys, ownClock, systemClock)
  // Numbers of requests are counted per boot: this program is one of its own.
  const bootId = BootId.parse(randomUUID())
  await using uplink = new HttpUplink({ ...reach, bootId, identity: keys })
  await rotateKey(keys, uplink, stopSignal(), log)
  say('This hub has a new key. A gateway that runs takes it over within seconds.')
  return 0
}

export const rotateKeyCommand: Command = {
  usage: `  gateway rotate-key [--config FILE]
                                  replace this hub's key now; it does so by itself every 90 days`,
  run,
}
