import { randomUUID } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { BootId, EpisodeId } from '#domain/ids.ts'
import { listeningClock } from '#domain/listening-clock.ts'
import { KeyStore } from './adapters/key-store.ts'
import { enrol } from './adapters/http-uplink/enrol.ts'
import { HttpUplink } from './adapters/http-uplink/http-uplink.ts'
import { MqttIngress } from './adapters/mqtt-ingress/mqtt-ingress.ts'
import { SerialTransport } from './adapters/serial-transport.ts'
import { openSqliteOutbox } from './adapters/sqlite-outbox/sqlite-outbox.ts'
import { StatusServer } from './adapters/status-server.ts'
import { systemClock, systemScheduler } from './adapters/system-time.ts'
import { TcpTransport } from './adapters/tcp-transport.ts'
import { isLoopback } from './config.ts'
import { alarmDefaults } from './core/alarm-defaults.ts'
import { GatewayError, messageOf } from './core/errors.ts'
import { heartbeatBody, hubStatus } from './core/health.ts'
import { HeartbeatLoop } from './core/heartbeat.ts'
import { LaneForwarder } from './core/lane-forwarder.ts'
import { MqttFleet } from './core/mqtt-fleet.ts'
import { PumpPort } from './core/pump-port.ts'
import { PumpStream } from './core/pump-stream.ts'
import { eventRecord } from './core/pump-record.ts'
import { untilPaired } from './core/pairing.ts'
import { pause } from './core/waiting.ts'
import type { Logger } from 'pino'
import type { PumpProfile } from '#domain/pump-protocols/profile.ts'
import type { MeasurementStatus } from '#domain/telemetry.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { Config, PortConfig } from './config.ts'
import type { HealthDeps, HubStatus, UplinkParts, Version } from './core/health.ts'
import type { LaneTrouble } from './core/lane-forwarder.ts'
import type { Outbox, QuarantineNotice, Stamp, Transport } from './core/ports.ts'

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
  readonly profiles: ReadonlyMap<string, PumpProfile>
  readonly versions: Version
  readonly log: Logger
  readonly signal: AbortSignal
}

const transportOf = (port: PortConfig, profile: PumpProfile): Transport => {
  const permits = (bytes: Uint8Array): boolean => profile.permits(bytes)
  switch (port.url.kind) {
    case 'serial': {
      const { baudRate, dataBits, parity, stopBits } = { ...profile.serial, ...dropUndefined(port) }
      return new SerialTransport({
        name: port.name,
        path: port.url.path,
        settings: { baudRate, dataBits, parity, stopBits },
        permits,
      })
    }
    case 'tcp':
      return new TcpTransport({ name: port.name, host: port.url.host, port: port.url.port, permits })
  }
}

const dropUndefined = ({ baudRate, dataBits, parity, stopBits }: PortConfig) => ({
  ...(baudRate === undefined ? {} : { baudRate }),
  ...(dataBits === undefined ? {} : { dataBits }),
  ...(parity === undefined ? {} : { parity }),
  ...(stopBits === undefined ? {} : { stopBits }),
})

/** Shows the claim to the server and keeps what the server calls this hub. */
export const pair = async (
  keys: KeyStore,
  server: URL,
  claim: NonNullable<Config['enrol']>,
  signal: AbortSignal,
  log: Logger,
): Promise<void> => {
  const { claimId, code } = claim
  const { hubId, keyId } = await enrol(server, { claimId, code: code.reveal() }, keys, signal)
  await keys.paired({ hubId, keyId, server: server.origin })
  log.info({ hubId, keyId }, 'hub is paired')
}

const marksOf = (simulated: 'demo' | 'test' | undefined): readonly ('demo' | 'test')[] =>
  simulated === undefined ? [] : [simulated]

/**
 * Wires the hub together and starts it. Rejects only when this hub itself is unfit (outbox locked or broken):
 * a server that is down and ports that are missing are normal, and are tried for ever.
 */
export const startGateway = async ({ config, profiles, versions, log, signal }: GatewayParts): Promise<Gateway> => {
  await using undo = new AsyncDisposableStack()
  const clock = systemClock
  const listening = listeningClock(clock)
  const scheduler = systemScheduler
  const random = Math.random
  const bootId = BootId.parse(randomUUID())
  // Whether a time server set the wall clock is not known here; nothing relies on it.
  const stamp = (): Stamp => ({ monotonicMs: clock.monotonic(), wallAt: clock.now(), clockQuality: 'unknown' })

  const keys = await KeyStore.open(join(config.dataDir, 'identity'))
  const outbox: Outbox = undo.use(
    await openSqliteOutbox({
      folder: join(config.dataDir, 'outbox'),
      bootId,
      quarantined: (notice) => reportQuarantined(notice),
      salvaged: (lane, rows) =>
        log.error({ lane, rows }, 'outbox file was damaged: set aside, its good rows carried over'),
      died: (error) => {
        log.fatal({ reason: messageOf(error) }, 'outbox worker ended: stopping at once')
        process.kill(process.pid, 'SIGKILL')
      },
    }),
  )
  const server = new URL(config.server.url)
  const uplink = undo.use(new HttpUplink({ server, bootId, identity: keys, clock }))

  const troubleTold = (what: string, trouble: LaneTrouble | null): void => {
    if (trouble !== null) {
      log.warn({ what, code: trouble.code, reason: trouble.message }, 'uplink in trouble, records are kept')
      return
    }
    log.info({ what }, 'uplink works')
    for (const lane of Object.values(lanes)) lane.serverAnswers()
    if (what !== 'heartbeat') heartbeat.soon()
  }
  const laneForwarder = (lane: Lane): LaneForwarder =>
    new LaneForwarder({ lane, outbox, uplink, clock, scheduler, random, troubleChanged: troubleTold })
  const lanes = { alarm: laneForwarder('alarm'), telemetry: laneForwarder('telemetry') }

  const newStream = (port: string, experimental: boolean, marks: readonly MeasurementStatus[]): PumpStream =>
    new PumpStream({
      outbox,
      stamp,
      appended: (lane) => lanes[lane].wake(),
      // The server learns who is there from heartbeats; a new pump should not wait for the next one.
      pumpChanged: () => heartbeat.soon(),
      context: {
        port,
        experimental,
        marks,
        defaults: alarmDefaults,
        newEpisodeId: () => EpisodeId.parse(randomUUID()),
      },
    })

  const ports = config.ports.map((port) => {
    const profile = profiles.get(port.protocol)
    if (profile === undefined) throw new GatewayError('GW_CONFIG_INVALID', `unknown protocol "${port.protocol}"`)
    const marks = marksOf(port.simulated)
    return new PumpPort({
      transport: transportOf(port, profile),
      profile,
      stream: newStream(port.name, profile.experimental, marks),
      marks,
      clock: listening,
      scheduler,
      random,
      hurry: () => outbox.hurry(),
      troubleChanged: (name, trouble) => {
        if (trouble === null) log.info({ port: name }, 'port is open')
        else log.warn({ port: name, code: trouble.code, reason: trouble.message }, 'port is not open, trying on')
      },
      refusedWrite: (name, bytes) =>
        log.error(
          { port: name, bytes: Buffer.from(bytes).toString('hex').slice(0, 128) },
          'write refused by whitelist',
        ),
    })
  })

  const mqttMarks = marksOf(config.mqtt?.simulated)
  const fleet = new MqttFleet({
    newStream: () => newStream('mqtt', false, mqttMarks),
    marks: mqttMarks,
    clock: listening,
    scheduler,
    rejected: (pumpId, topic, fault, why) =>
      log.warn({ pumpId, topic, fault, why }, 'MQTT message not usable as it was'),
  })
  const ingress =
    config.mqtt === undefined
      ? null
      : undo.use(
          await MqttIngress.create({
            host: config.mqtt.host,
            port: config.mqtt.port,
            secrets: new Map(config.mqtt.pumps.map(({ id, secret }) => [id, secret?.reveal() ?? null])),
            anonymous: isLoopback(config.mqtt.host) && config.mqtt.pumps.length === 0,
            receiver: fleet,
            scheduler,
            troubleChanged: (trouble) => {
              if (trouble === null) log.info({ host: config.mqtt?.host, port: ingress?.port }, 'MQTT broker listens')
              else log.warn({ reason: trouble }, 'MQTT broker does not listen, trying on')
            },
            clientRefused: (why) => log.warn({ why: why.slice(0, 200) }, 'MQTT client refused'),
          }),
        )

  const streams = (): readonly PumpStream[] => [...ports.map(({ stream }) => stream), ...fleet.streams]
  const forget = (what: string) => (error: unknown) => log.warn({ what, reason: messageOf(error) }, 'not recorded')
  const reportQuarantined = (notice: QuarantineNotice): void => {
    log.error({ ...notice, reason: notice.reason.slice(0, 200) }, 'record set aside')
    const stream = streams().find(({ state }) => state.pumpId !== null && state.pumpId === notice.pumpId)
    stream?.reportQuarantined(notice.reason.slice(0, 200)).catch(forget('quarantine report'))
  }

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
    ports: () => [...ports.map((port) => port.report()), ...(ingress === null ? [] : [fleet.report()])],
    pumps: () => [...ports.flatMap((port) => port.pump() ?? []), ...fleet.pumps()],
  }
  const heartbeat = new HeartbeatLoop({
    uplink,
    body: () => heartbeatBody(health),
    scheduler,
    random,
    snapshotsWanted: (pumpIds) => {
      for (const stream of streams())
        if (stream.state.pumpId !== null && pumpIds.includes(stream.state.pumpId))
          stream.askSnapshot('requested').catch(forget('snapshot'))
    },
    troubleChanged: (trouble) => troubleTold('heartbeat', trouble),
  })
  const parts: UplinkParts = { server: server.origin, uplink, heartbeat, ...lanes }
  const status = (): Promise<HubStatus> => hubStatus(health, parts)
  const statusServer = undo.use(
    new StatusServer({
      host: config.statusHost,
      port: config.statusPort,
      healthy: () => !signal.aborted,
      status,
      scheduler,
      troubleChanged: (trouble) => {
        if (trouble === null) log.info({ host: config.statusHost, port: statusServer.port }, 'status page listens')
        else log.warn({ reason: trouble }, 'status page does not listen, trying on')
      },
    }),
  )

  await outbox.append([eventRecord(null, 'hub-started', { version: versions.gateway }, [], stamp())])
  const passTime = async (): Promise<void> => {
    while (!signal.aborted) {
      await pause(scheduler, 1_000, signal)
      for (const stream of streams()) stream.passTime().catch(forget('periodic snapshot'))
    }
  }
  const claim = config.enrol
  const upload = async (): Promise<void> => {
    await untilPaired(
      {
        isPaired: () => keys.pairing !== null,
        claim: claim === undefined ? null : () => pair(keys, server, claim, signal, log),
        scheduler,
        random,
        told: ({ code, message }) => log.warn({ code, reason: message }, 'NOT PAIRED, records are kept'),
      },
      signal,
    )
    if (signal.aborted) return
    const beating = heartbeat.run(signal)
    // Dates need an anchor, so a boot's first exchange is a heartbeat.
    await Promise.race([heartbeat.first, beating])
    await Promise.all([beating, lanes.alarm.run(signal), lanes.telemetry.run(signal)])
  }
  const work = [
    upload(),
    passTime(),
    statusServer.run(signal),
    fleet.run(signal),
    ...ports.map((port) => port.run(signal)),
    ...(ingress === null ? [] : [ingress.run(signal)]),
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
    mqttPort: () => ingress?.port ?? null,
    status,
    stopped: stop(),
  }
}
