import { randomUUID } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { BootId, EpisodeId } from '#domain/ids.ts'
import { listeningClock } from '#domain/listening-clock.ts'
import { KeyStore } from './adapters/key-store.ts'
import { HttpUplink } from './adapters/http-uplink/http-uplink.ts'
import type { Exchange } from './adapters/http-uplink/http-uplink.ts'
import { findPower } from './adapters/power-supply.ts'
import { keepPrivate } from './adapters/private-files.ts'
import { systemClock, systemScheduler } from './adapters/system-time.ts'
import { hubClock } from './compose/hub-clock.ts'
import { mqttPumps } from './compose/mqtt-pumps.ts'
import { localAlarm } from './compose/local-alarm.ts'
import { hubMetrics } from './compose/metrics.ts'
import { openOutbox } from './compose/outbox.ts'
import { pumpPorts } from './compose/pump-ports.ts'
import { reachOf } from './compose/reach.ts'
import { statusPage } from './compose/status-page.ts'
import { upload } from './compose/upload.ts'
import { watchdog } from './compose/watch.ts'
import { Stalls } from './core/stalls.ts'
import { alarmDefaults } from './core/alarm-defaults.ts'
import { messageOf } from './core/errors.ts'
import { Canary, canaryState } from './core/canary.ts'
import { heartbeatBody, hubStatus } from './core/health.ts'
import { HubConditions } from './core/hub-conditions.ts'
import { AppendRefusals } from './core/append-refusals.ts'
import { PumpStream } from './core/pump-stream.ts'
import { derivedForMs, eventRecord } from './core/pump-record.ts'
import { pause } from './core/waiting.ts'
import type { Logger } from 'pino'
import type { HubCondition } from '#domain/uplink/envelope.ts'
import type { SystemdNotify } from './adapters/systemd-notify.ts'
import type { NewStream } from './compose/pump-ports.ts'
import type { Upload } from './compose/upload.ts'
import type { Config } from './config.ts'
import type { HealthDeps, HubStatus, Version } from './core/health.ts'
import type { QuarantineNotice } from './core/ports.ts'
import type { PumpRecordState } from './core/pump-record.ts'

export interface Gateway {
  /** Ports in use; null while not listening. */
  readonly statusPort: () => number | null
  readonly mqttPort: () => number | null
  status(): Promise<HubStatus>
  /** Resolves when everything has stopped and what was taken is on the disk. */
  readonly stopped: Promise<void>
}

export interface GatewayParts {
  readonly config: Config
  readonly versions: Version
  readonly log: Logger
  readonly signal: AbortSignal
  /** Hears whether the hub gets on. */
  readonly supervisor: SystemdNotify
}

const refusesAlarms = ({ code, priority }: HubCondition): boolean => code === 'storage-degraded' && priority === 'high'

/**
 * Wires the hub together and starts it. Rejects only when this hub itself is unfit (outbox locked or broken):
 * a server that is down and ports that are missing are normal, and are tried for ever.
 */
export const startGateway = async (parts: GatewayParts): Promise<Gateway> => {
  const { config, versions, log, signal, supervisor } = parts
  await using undo = new AsyncDisposableStack()
  const clock = systemClock
  const stalls = new Stalls()
  const listening = listeningClock(clock, (pardon) => {
    stalls.pardoned(pardon)
    log.warn({ ms: Math.round(pardon.ms) }, 'this process stood still: pumps may be called silent later by so much')
  })
  const scheduler = systemScheduler
  const random = Math.random
  const bootId = BootId.parse(randomUUID())
  const ownClock = await hubClock(config.dataDir, clock, log)
  const { stamp } = ownClock
  /** Not there yet while the outbox opens. */
  let up: Upload | null = null
  const conditions = new HubConditions((active) => {
    log.warn({ conditions: active.map(({ code }) => code) }, 'conditions of this hub have changed')
    up?.heartbeat.soon()
  })

  const keys = await KeyStore.open(join(config.dataDir, 'identity'))
  for (const { file, mended } of await keepPrivate(config.dataDir))
    log.warn({ file, mended }, 'others on this computer could use a private file: chmod 600, then gateway rotate-key')
  const opened = await openOutbox({ config, bootId, conditions, scheduler, log })
  const outbox = undo.use(opened.outbox)
  const reach = await reachOf(config.server, keys, ownClock, clock)
  const exchanged = ({ trace, lane, count, ms, code }: Exchange): void =>
    log.debug({ trace, lane, count, ms, code }, 'a batch was sent')
  const uplink = undo.use(new HttpUplink({ ...reach, bootId, identity: keys, exchanged }))

  const refusals = new AppendRefusals(outbox)
  const newStream = (
    ...[port, experimental, marks, initial]: [...Parameters<NewStream>, PumpRecordState?]
  ): PumpStream =>
    new PumpStream({
      outbox: refusals,
      stamp,
      appended: (lane) => up?.lanes[lane].wake(),
      // The server learns who is there from heartbeats; a new pump should not wait for the next one.
      pumpChanged: () => up?.heartbeat.soon(),
      context: {
        port,
        experimental,
        marks,
        defaults: alarmDefaults,
        newEpisodeId: () => EpisodeId.parse(randomUUID()),
      },
      ...(initial === undefined ? {} : { initial }),
    })
  const canary =
    config.canarySeconds === 0
      ? null
      : new Canary({
          stream: newStream('canary', false, ['test'], canaryState),
          everyMs: config.canarySeconds * 1_000,
          failed: (reason) => log.error({ reason }, 'the test alarm was not recorded'),
        })
  const listeners = { newStream, clock: listening, scheduler, random, log }
  const ports = pumpPorts(config.ports, { ...listeners, hurry: () => outbox.hurry() })
  const { fleet, source } = await mqttPumps(config, listeners)
  if (source !== null) undo.use(source)

  const streams = (): readonly PumpStream[] => [...ports.map(({ stream }) => stream), ...fleet.streams]
  const forget = (what: string) => (error: unknown) => log.warn({ what, reason: messageOf(error) }, 'not recorded')
  const reportQuarantined = (notice: QuarantineNotice): void => {
    log.error({ ...notice, reason: notice.reason.slice(0, 200) }, 'record set aside')
    const stream = streams().find(({ state }) => state.pumpId !== null && state.pumpId === notice.pumpId)
    stream?.reportQuarantined(notice.lane, notice.reason.slice(0, 200)).catch(forget('quarantine report'))
    if (stream !== undefined) return
    // No pump on this hub to tell it of: then it is the hub's own, as long as a pump's would stand.
    const text = `a record of ${notice.pumpId ?? 'the hub'} was set aside: ${notice.reason}`
    conditions.set({ code: 'record-quarantined', priority: notice.lane === 'alarm' ? 'medium' : 'low', text })
    scheduler.after(derivedForMs, () => conditions.clear('record-quarantined'))
  }
  opened.onQuarantined(reportQuarantined)

  const health: HealthDeps = {
    name: config.name,
    hubId: () => keys.pairing?.hubId ?? null,
    bootId,
    versions,
    outbox,
    stamp,
    diskFreeBytes: async () => {
      const { bavail, bsize } = await statfs(config.dataDir)
      return bavail * bsize
    },
    ports: () => [...ports.map((port) => port.report()), ...(source === null ? [] : [fleet.report()])],
    pumps: () => [...ports.flatMap((port) => port.pump() ?? []), ...fleet.pumps()],
    conditions: () => conditions.active,
    canaryEveryMs: canary?.everyMs ?? null,
    clock: ownClock.status,
    power: () => findPower(),
  }
  const own = undo.use(
    await localAlarm({
      config,
      clock,
      scheduler,
      streams,
      storageRefuses: () => refusals.alarm || conditions.active.some(refusesAlarms),
      undeliveredSinceMs: () => up?.lanes.alarm.report().waitingSinceMs ?? null,
      urgent: () => up?.heartbeat.soon(),
      log,
    }),
  )
  const uploading = upload({
    config,
    keys,
    outbox,
    uplink,
    reach,
    conditions,
    clock,
    scheduler,
    random,
    log,
    heartbeatBody: () => heartbeatBody(health),
    snapshotsWanted: (pumpIds) => {
      for (const stream of streams())
        if (stream.state.pumpId !== null && pumpIds.includes(stream.state.pumpId))
          stream.askSnapshot('requested').catch(forget('snapshot'))
    },
    accepted: (episodeIds, askedMs) => own.watch.answered(episodeIds, askedMs),
    closedOut: (episodeIds) => {
      for (const port of ports) port.closedOut(episodeIds).catch(forget('closing out'))
    },
    urgent: () => own.watch.alarm.urgent,
  })
  up = uploading
  const { heartbeat, lanes } = uploading
  const server = new URL(config.server.url).origin
  const loops = new Map<string, { readonly turns: number }>([
    ...ports.map((port) => [`port ${port.report().name}`, port] as const),
    ['mqtt pumps', fleet],
    ['local alarm', own.watch],
  ])
  const watch = watchdog({ outbox, loops, upload: uploading, supervisor, clock, scheduler, log })
  const status = (): Promise<HubStatus> =>
    hubStatus(health, {
      server,
      uplink,
      heartbeat,
      ...lanes,
      stuck: watch.stuck,
      stalls: stalls.report,
      localAlarm: own.report,
    })
  const metrics = undo.use(hubMetrics({ status, refusals, localAlarm: own, clock }))
  const statusServer = undo.use(
    await statusPage({
      config,
      version: versions.gateway,
      clock,
      scheduler,
      log,
      ports,
      fleet,
      localAlarm: own,
      isPaired: () => keys.pairing !== null,
      upload: uploading,
      conditions: () => conditions.active,
      healthy: () => !signal.aborted && watch.stuck.length === 0,
      status,
      metrics: () => metrics.text(),
    }),
  )

  await outbox.append([eventRecord(null, 'hub-started', { version: versions.gateway }, [], stamp())])
  const passTime = async (): Promise<void> => {
    while (!signal.aborted) {
      await pause(scheduler, 1_000, signal)
      ownClock.passTime(uplink.anchor, conditions, (event) => outbox.append([event]))
      const isHeard = heartbeat.beats > 0 && lanes.alarm.report().trouble === null
      for (const stream of streams()) stream.passTime(isHeard).catch(forget('periodic snapshot'))
      void canary?.passTime(clock.monotonic(), isHeard)
    }
  }
  const work = [
    uploading.run(signal),
    passTime(),
    own.watch.run(signal),
    watch.run(signal),
    statusServer.run(signal),
    fleet.run(signal),
    ...ports.map((port) => port.run(signal)),
    ...(source === null ? [] : [source.run(signal)]),
  ]
  const resources = undo.move()
  const stop = async (): Promise<void> => {
    try {
      await Promise.all(work)
    } finally {
      await resources.disposeAsync()
    }
  }
  return {
    statusPort: () => statusServer.port,
    mqttPort: () => source?.port ?? null,
    status,
    stopped: stop(),
  }
}
