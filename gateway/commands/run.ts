import { flushCompileCache } from 'node:module'
import { parseArgs } from 'node:util'
import { isBelowNodeFloor, nodeFloor } from '#domain/node-floor.ts'
import { SystemdNotify } from '../adapters/systemd-notify.ts'
import { startGateway } from '../compose.ts'
import { isOpenToAll } from '../adapters/private-files.ts'
import { isUnfit, unfitHub } from '../compose/unfit-hub.ts'
import { gatewayVersion, newLog, readConfig, say, stopSignal, wrongUse } from './program.ts'
import type { Gateway } from '../compose.ts'
import type { Config } from '../config.ts'
import type { Command } from './program.ts'

/** By now everything is loaded, ms. */
const loadedMs = 60_000

const holdsSecret = ({ mqtt }: Config): boolean =>
  mqtt?.broker?.password !== undefined ||
  (mqtt?.pumps ?? []).some((pump) => 'secret' in pump && pump.secret !== undefined)

const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options: { config: { type: 'string', short: 'c' } } })
  const config = await readConfig(values.config)
  if (config === null) {
    say('No configuration: give --config FILE or set GATEWAY_CONFIG. See gateway --help.')
    return wrongUse
  }
  const log = newLog(config.logLevel)
  if (process.env['NODE_ENV'] === 'production' && isBelowNodeFloor(process.version))
    log.warn({ node: process.version, needed: nodeFloor }, 'this Node lacks security fixes')
  const file = values.config ?? process.env['GATEWAY_CONFIG'] ?? ''
  if (holdsSecret(config) && (await isOpenToAll(file)))
    log.warn({ file }, 'everybody on this computer may read the secrets in the configuration: chmod 640')
  const signal = stopSignal()
  const versions = { gateway: await gatewayVersion(), node: process.version }
  const supervisor = new SystemdNotify({
    env: process.env,
    pid: process.pid,
    failed: (reason) => log.warn({ reason }, 'systemd could not be told'),
  })
  const start = async (): Promise<Gateway> => {
    try {
      return await startGateway({ config, versions, log, signal, supervisor })
    } catch (error) {
      if (isUnfit(error) && !signal.aborted) await unfitHub({ config, version: versions.gateway, log, signal, error })
      throw error
    }
  }
  const gateway = await start()
  supervisor.ready(`works as ${config.name}`)
  log.info({ hub: config.name, server: config.server.url, ports: config.ports.length }, 'gateway runs')
  // Otherwise only a clean end writes it, and a hub may know none but power cuts.
  setTimeout(flushCompileCache, loadedMs).unref()
  await gateway.stopped
  log.info('gateway has stopped')
  // Native handles may outlive their closing; everything that matters is on the disk by now.
  setTimeout(() => process.exit(0), 1_000).unref()
  return 0
}

export const runCommand: Command = {
  usage: `  gateway run [--config FILE]     start (default command); FILE is YAML or JSON, default $GATEWAY_CONFIG`,
  run,
}
