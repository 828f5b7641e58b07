import { join } from 'node:path'
import { BootId, PumpId, type BootId as Boot } from '#domain/ids.ts'
import type { PumpEvent } from '#domain/pump-protocols/profile.ts'
import { uplinkVersion, type Anchor, type Heartbeat, type HeartbeatReply } from '#domain/uplink/envelope.ts'
import type { Condition, Lane } from '#domain/uplink/records.ts'
import type { Verdict } from '#domain/uplink/verdicts.ts'
import { defaultLimits } from '#gateway/adapters/sqlite-outbox/limits.ts'
import { HeartbeatLoop } from '#gateway/core/heartbeat.ts'
import type { OutboxRecord } from '#gateway/core/ports.ts'
import { eventRecord } from '#gateway/core/pump-record.ts'
import type { PumpStream } from '#gateway/core/pump-stream.ts'
import { hubIdOf } from './hub-id.ts'
import { VirtualHub } from '../virtual-hub.ts'
import type { PlantedBug } from './bugs.ts'
import type { FaultKind } from './fault-plan.ts'
import type { DriverLog } from './log.ts'
import type { Network } from './network.ts'
import type { VirtualProcess, VirtualTime } from './virtual-time.ts'

export const statusEveryMs = 10_000
const houseEveryMs = 5_000
/** Telemetry waits for company this long, ms. */
const groupMs = 1_000
/** Small, so that hundreds of hubs fit on one disk. */
const limits = { ...defaultLimits, telemetryBytes: 64 * 1024 * 1024, reserveBytes: 256 * 1024, ballastBytes: 0 }

export interface OracleHubOptions {
  readonly index: number
  readonly folder: string
  readonly time: VirtualTime
  readonly process: VirtualProcess
  /** Which start it is, from 1. */
  readonly start: number
  readonly pumps: readonly { readonly index: number; readonly id: string; readonly simulated: boolean }[]
  readonly network: Network
  readonly driver: DriverLog
  readonly faultOf: (hub: number, kind: FaultKind) => number | null
  readonly random: () => number
  /** Alarms named in a record that is durable now, with the pump it is about. */
  readonly told: (pumpId: PumpId, alarms: readonly Pick<Condition, 'episodeId' | 'code'>[]) => void
  readonly bug: PlantedBug | null
}

/** One start of a hub: recorder, outbox files, forwarders and heartbeat of the gateway, its pumps' lines told by the driver. */
export class OracleHub {
  readonly #options: OracleHubOptions
  readonly #hub: VirtualHub
  readonly #bootId: Boot
  readonly #abort = new AbortController()
  readonly #streams = new Map<number, PumpStream>()
  readonly #heardMs = new Map<number, number>()
  readonly #beat: HeartbeatLoop
  #anchor: Anchor | null = null
  #isServerHeard = false
  #commitDue = false

  constructor(options: OracleHubOptions) {
    this.#options = options
    const { index, folder, process, start, pumps, driver, bug } = options
    this.#bootId = BootId.parse(`h${index + 1}-b${start}`)
    const hubId = hubIdOf(index)
    const seqs: number[] = []
    driver.produced.set(this.#bootId, { hubId, seqs })
    this.#hub = new VirtualHub({
      folder: join(folder, hubId),
      bootId: this.#bootId,
      clock: process,
      limits,
      deliver: (lane, batch) => this.#deliver(lane, batch),
      appended: (records, numbers) => {
        seqs.push(...numbers)
        for (const record of records) {
          if (record.kind === 'condition' && record.body.phase !== 'end') options.told(record.pumpId, [record.body])
          if (record.kind === 'snapshot') options.told(record.pumpId, record.body.alarms)
          if (record.kind === 'telemetry') driver.counters.samples += 1
        }
      },
    })
    if (bug === 'hub-answers-before-commit') answerBeforeCommit(this.#hub, process)
    for (const pump of pumps)
      this.#streams.set(pump.index, this.#hub.stream(`port-${pump.index}`, pump.simulated ? ['demo'] : []))
    this.#beat = new HeartbeatLoop({
      uplink: { heartbeat: (body) => this.#heartbeat(body) },
      body: async () => this.#body(),
      scheduler: process,
      random: options.random,
      snapshotsWanted: (pumpIds) => this.#listsWanted(pumpIds),
      accepted: () => {},
      closedOut: () => {},
      urgent: () => false,
      troubleChanged: () => {},
    })
  }

  begin(): void {
    const { process } = this.#options
    const { signal } = this.#abort
    const stamp = { monotonicMs: process.monotonic(), wallAt: process.now(), clockQuality: 'ntp' as const }
    void this.#hub.outbox.append([eventRecord(null, 'hub-started', { version: 'oracle' }, [], stamp)])
    void this.#beat.run(signal)
    void this.#beat.first.then(() => this.#hub.run(signal))
    const keepHouse = (): void => {
      for (const stream of this.#streams.values()) this.#quietly(stream.passTime(this.#isServerHeard))
      this.#hub.keepHouse()
      process.after(houseEveryMs, keepHouse)
    }
    process.after(houseEveryMs, keepHouse)
  }

  /** What comes out of a pump's cable. */
  hear(pump: number, event: PumpEvent): void {
    const stream = this.#streams.get(pump)
    if (stream === undefined) return
    if (event.kind !== 'link') this.#heardMs.set(pump, this.#options.process.monotonic())
    this.#quietly(stream.push(event))
    if (event.kind === 'sample' && !this.#commitDue) {
      this.#commitDue = true
      this.#options.process.after(groupMs, () => {
        this.#commitDue = false
        this.#hub.commitTelemetry()
      })
    }
    if (event.kind === 'link') this.#beat.soon()
  }

  get waiting(): number {
    const { alarm, telemetry } = this.#hub.depth()
    return alarm.rows + telemetry.rows
  }

  close(): void {
    this.#options.process.kill()
    this.#abort.abort()
    this.#hub[Symbol.dispose]()
  }

  /** A dead hub's work fails on its closed files. */
  #quietly(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (this.#options.process.isAlive) this.#options.driver.errors.push(`${this.#bootId}: ${String(error)}`)
    })
  }

  #listsWanted(pumpIds: readonly PumpId[]): void {
    for (const { index, id } of this.#options.pumps)
      if (pumpIds.includes(PumpId.parse(id))) this.#quietly(this.#streams.get(index)!.askSnapshot('requested'))
  }

  async #deliver(lane: Lane, batch: readonly OutboxRecord[]): Promise<readonly Verdict[]> {
    const { index, process, faultOf } = this.#options
    try {
      if (faultOf(index, 'narrow-link') === null) return await this.#exchange(lane, batch)
      const verdicts: Verdict[] = []
      while (verdicts.length < batch.length) {
        const slow = faultOf(index, 'narrow-link')
        const part = batch.slice(verdicts.length, slow === null ? undefined : verdicts.length + 1)
        await new Promise<void>((resolve) => void process.after(1000 * (slow ?? 0), resolve))
        verdicts.push(...(await this.#exchange(lane, part)))
      }
      return verdicts
    } catch (error) {
      this.#isServerHeard = false
      throw error
    }
  }

  async #exchange(lane: Lane, batch: readonly OutboxRecord[]): Promise<readonly Verdict[]> {
    const { index, network, process } = this.#options
    const text = JSON.stringify({ v: uplinkVersion, bootId: this.#bootId, anchor: this.#anchor, records: batch })
    const verdicts = await network.exchange(index, process, (server) => server.takeBatch(index, lane, text))
    this.#isServerHeard = true
    return verdicts
  }

  async #heartbeat(body: Omit<Heartbeat, 'v' | 'anchor'>): Promise<HeartbeatReply> {
    const { index, network, process } = this.#options
    const sentMs = process.monotonic()
    const text = JSON.stringify({ v: uplinkVersion, anchor: this.#anchor, ...body })
    const reply = await network.exchange(index, process, (server) => server.takeHeartbeat(index, text))
    const tookMs = process.monotonic() - sentMs
    this.#anchor = { monotonicMs: sentMs + tookMs / 2, serverAt: reply.serverTime, errorMs: tookMs / 2 }
    return reply
  }

  #body(): Omit<Heartbeat, 'v' | 'anchor'> {
    const { process, pumps } = this.#options
    const { alarm, telemetry, manifest, earlierBoots, quarantined } = this.#hub.depth()
    return {
      bootId: this.#bootId,
      monotonicMs: process.monotonic(),
      wallAt: process.now(),
      clockQuality: 'ntp',
      versions: { gateway: 'oracle', node: '24' },
      manifest,
      earlierBoots: [...earlierBoots],
      outbox: {
        alarm: { rows: alarm.rows, oldestAgeMs: null },
        telemetry: { rows: telemetry.rows, oldestAgeMs: null },
        quarantined,
        tombstoned: 0,
        diskFreeBytes: null,
      },
      ports: [],
      pumps: pumps.map(({ index, id, simulated }) => {
        const heardMs = this.#heardMs.get(index)
        return {
          pumpId: PumpId.parse(id),
          port: `port-${index}`,
          protocol: 'mqtt-json',
          link: this.#streams.get(index)?.state.link ?? 'waiting',
          silentMs: heardMs === undefined ? null : process.monotonic() - heardMs,
          statusIntervalMs: statusEveryMs,
          maker: 'Simulated',
          model: 'Fleet',
          firmware: null,
          serial: id,
          experimental: false,
          simulated,
        }
      }),
      conditions: [],
    }
  }
}

/** The pump is answered at once and its alarm stored three seconds later. */
const answerBeforeCommit = (hub: VirtualHub, process: VirtualProcess): void => {
  const { append } = hub.outbox
  Object.assign(hub.outbox, {
    append: async (records: Parameters<typeof append>[0]) => {
      if (records[0]?.lane === 'telemetry') return append(records)
      process.after(3_000, () => void append(records))
      return []
    },
  })
}
