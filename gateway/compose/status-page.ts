import { hostname } from 'node:os'
import { bursts } from '#domain/sound/bursts.ts'
import { readPageFiles } from '../adapters/status-server/page-files.ts'
import { StatusServer } from '../adapters/status-server/status-server.ts'
import { plainReason } from '../core/plain-reason.ts'
import { plainStatus } from '../core/plain-status.ts'
import { waveOf } from '../core/wave.ts'
import type { Logger } from 'pino'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { HubCondition } from '#domain/uplink/envelope.ts'
import type { PageFile } from '../adapters/status-server/page-files.ts'
import type { Config } from '../config.ts'
import type { HubStatus } from '../core/health.ts'
import type { MqttFleet } from '../core/mqtt-fleet.ts'
import type { PlainInput, PlainPump, PlainStatus } from '../core/plain-view.ts'
import type { PumpPort } from '../core/pump-port.ts'
import type { PumpRecordState } from '../core/pump-record.ts'
import type { LocalAlarmParts } from './local-alarm.ts'
import type { Upload } from './upload.ts'

export interface StatusPageDeps {
  readonly config: Config
  readonly version: string
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly log: Logger
  readonly ports: readonly PumpPort[]
  readonly fleet: MqttFleet
  readonly localAlarm: LocalAlarmParts
  readonly isPaired: () => boolean
  readonly upload: Upload
  readonly conditions: () => readonly HubCondition[]
  readonly healthy: () => boolean
  readonly status: () => Promise<HubStatus>
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>
}

/** The page repeats a burst together with its silence. */
const soundFile = ({ repeatMs, ...burst }: (typeof bursts)['high']): PageFile => ({
  type: 'audio/wav',
  body: waveOf({ repeatMs, ...burst }, repeatMs ?? 0),
})

export const pageFiles = async (): Promise<ReadonlyMap<string, PageFile>> =>
  new Map([
    ...(await readPageFiles()),
    ['/alarm.wav', soundFile(bursts.high)],
    ['/lost.wav', soundFile(bursts['not-live'])],
  ])

export const ownNames = (statusHost: string): readonly string[] => [hostname(), statusHost]

const plainPump = (
  port: string,
  { announced, verified, alarms }: PumpRecordState,
  silentMs: number | null,
  reason: string | null,
  listenOnly = false,
): PlainPump => ({
  port,
  silentMs,
  lost: announced === 'down',
  listenOnly,
  verified,
  alarms: [...alarms.values()].map(({ code, priority }) => ({ code, priority })),
  reason,
})

const plainPumps = ({ config, ports, fleet }: StatusPageDeps): readonly PlainPump[] => {
  const streams = new Map(fleet.streams.map(({ state }) => [state.pumpId, state]))
  const mqtt = [...fleet.pumps()]
    .toSorted((a, b) => (a.pumpId < b.pumpId ? -1 : 1))
    .flatMap(({ pumpId, silentMs }) => {
      const state = streams.get(pumpId)
      return state === undefined ? [] : [plainPump(pumpId, state, silentMs, null)]
    })
  const nobody: PlainPump = {
    port: 'mqtt',
    silentMs: null,
    lost: false,
    listenOnly: false,
    verified: false,
    alarms: [],
    reason: fleet.report().reason === null ? null : 'The pumps’ network does not work on this box.',
  }
  return [
    ...ports.map((port) => {
      const { name, link, counters } = port.report()
      const kind = config.ports.find((one) => one.name === name)?.url.kind ?? 'serial'
      const reason = plainReason({ kind, link, code: port.troubleCode, bytesReceived: counters['bytes'] ?? 0 })
      return plainPump(name, port.stream.state, port.pump()?.silentMs ?? null, reason, link === 'listening')
    }),
    ...(config.mqtt !== undefined && mqtt.length === 0 ? [nobody] : mqtt),
  ]
}

const plainInput = (deps: StatusPageDeps): PlainInput => {
  const { config, version, clock, ports, fleet, localAlarm, isPaired, upload, conditions, healthy } = deps
  const { alarm } = localAlarm.watch
  const nowMs = clock.monotonic()
  const { trouble } = upload.heartbeat
  const { waitingSinceMs } = upload.lanes.alarm.report()
  const { command } = localAlarm.report()
  return {
    hub: config.name,
    simulated: [...ports.map((port) => port.pump()), ...fleet.pumps()].some((pump) => pump?.simulated === true),
    version,
    nurseLine: config.nurseLine ?? null,
    nowMs,
    pumps: plainPumps(deps),
    local: localAlarm.watch.state,
    high: alarm.high.map((one) => ({ alarm: one, accepted: alarm.isAccepted(one, nowMs) })),
    afterMs: config.annunciator.afterSeconds * 1_000,
    uplink: {
      paired: isPaired(),
      refused: trouble?.code === 'GW_UPLINK_HUB_REFUSED',
      inTrouble: trouble !== null,
      unansweredMs: nowMs - (alarm.answeredMs ?? 0),
      everAnswered: alarm.answeredMs !== null,
      alarmsWaitMs: waitingSinceMs === null ? null : nowMs - waitingSinceMs,
    },
    conditions: conditions(),
    healthy: healthy(),
    sounder: command === null ? null : command.trouble === null ? 'works' : 'fails',
  }
}

/** The hub's own page for the people in the home, and what supervisors and tools read beside it. */
export const statusPage = async (deps: StatusPageDeps): Promise<StatusServer> => {
  const { config, scheduler, log, localAlarm, healthy, status, metrics } = deps
  const page = (): PlainStatus => plainStatus(plainInput(deps))
  const server: StatusServer = new StatusServer({
    host: config.statusHost,
    port: config.statusPort,
    ownNames: ownNames(config.statusHost),
    files: await pageFiles(),
    healthy,
    status,
    page,
    metrics,
    quiet: () => {
      log.warn('audio pause of 2 minutes asked for at the status page')
      localAlarm.watch.quiet()
    },
    scheduler,
    troubleChanged: (trouble) => {
      if (trouble === null) log.info({ host: config.statusHost, port: server.port }, 'status page listens')
      else log.warn({ reason: trouble }, 'status page does not listen, trying on')
    },
  })
  return server
}
