import { randomUUID } from 'node:crypto'
import { BootId, PumpId } from '#domain/ids.ts'
import { enrol } from './adapters/hub-client/enrol.ts'
import { Exchange } from './adapters/hub-client/exchange.ts'
import { HubKey } from './adapters/hub-client/hub-key.ts'
import { HubLink, type Attempt } from './adapters/hub-client/hub-link.ts'
import { systemClock } from './adapters/system-time.ts'
import { activeConditions, recordOf, reportOf } from './core/fleet/hub-records.ts'
import { snapshotRecord } from './core/hub/record-bodies.ts'
import type { Snapshot } from '#domain/uplink/records.ts'
import type { FleetLog } from './adapters/fleet-log.ts'
import type { Fleet } from './core/fleet/fleet.ts'
import type { FleetPump } from './core/fleet/fleet-pump.ts'
import type { Said } from './core/fleet/said.ts'
import type { Claim } from './core/hub/claims.ts'
import type { Settled } from './core/hub/lane-queue.ts'

export interface FleetHubsOptions {
  readonly server: URL
  readonly claims: readonly Claim[]
  readonly fleet: Fleet
  /** Real time between two samples of a pump, ms. */
  readonly statusIntervalMs: number
  readonly log: Pick<FleetLog, 'note'>
  readonly progress: (text: string) => void
}

/** null: a list of alarms, which no pump said. */
type Source = Said | null

const listEveryMs = 60_000
const enrolAtOnce = 8
const mostWaiting = 20_000
/** As hubs do: their outbox commits once a second. */
const gatherMs = 1_000
/** How long the last records may still take when a run ends, ms. */
const lastMs = 5_000

interface Hub {
  readonly bootId: BootId
  readonly link: HubLink<Source>
}

/** A fleet's hubs at a server. Their keys live as long as this process. */
export class FleetHubs implements AsyncDisposable {
  readonly #options: FleetHubsOptions
  readonly #stop = new AbortController()
  readonly #heardMs = new Map<number, number>()
  readonly #exchanges: Readonly<Record<'alarm' | 'telemetry' | 'heartbeat', Exchange>>
  /** By hub, with the place of each in the fleet. */
  readonly #pumps: ReadonlyMap<number, readonly (readonly [FleetPump, number])[]>
  readonly #hubs: Hub[] = []
  readonly #runs: Promise<void>[] = []
  #lists: NodeJS.Timeout | null = null
  #stored = 0
  readonly #refused = new Map<string, number>()
  /** Requests without verdicts, by what came instead. */
  readonly #failed = new Map<string, number>()

  private constructor(options: FleetHubsOptions) {
    this.#options = options
    const { server, fleet } = options
    this.#pumps = Map.groupBy(
      fleet.pumps.map((pump, index) => [pump, index] as const),
      ([, index]) => fleet.hubOf(index),
    )
    this.#exchanges = { alarm: new Exchange(server), telemetry: new Exchange(server), heartbeat: new Exchange(server) }
  }

  /** Lets every hub in, some at a time; each speaks from then on, or it would be missed. Rejects with `SIM_SERVER_REFUSED`. */
  static async enrol(options: FleetHubsOptions): Promise<FleetHubs> {
    const hubs = new FleetHubs(options)
    const { claims, server, progress } = options
    try {
      for (let from = 0; from < claims.length; from += enrolAtOnce) {
        const some = claims.slice(from, from + enrolAtOnce)
        const made = await Promise.all(some.map((claim, at) => hubs.#make(server, claim, from + at)))
        hubs.#runs.push(...made.map(({ link }) => link.run(hubs.#stop.signal)))
        hubs.#hubs.push(...made)
        if (hubs.#hubs.length < claims.length) progress(`${hubs.#hubs.length} of ${claims.length} hubs are let in`)
      }
    } catch (error) {
      await hubs[Symbol.asyncDispose]()
      throw error
    }
    progress(`${claims.length} hubs are paired with ${server.origin}`)
    return hubs
  }

  start(): void {
    for (const index of this.#hubs.keys()) this.#tellLists(index, 'hub-started')
    this.#lists = setInterval(() => {
      for (const index of this.#hubs.keys()) this.#tellLists(index, 'periodic')
    }, listEveryMs)
  }

  take(said: Said): void {
    const hub = this.#hubs[this.#options.fleet.hubOf(said.pump)]
    if (hub === undefined) return
    if (said.kind === 'sample') this.#heardMs.set(said.pump, systemClock.monotonic())
    const record = recordOf(said, hub.bootId)
    if (record !== null) hub.link.append(record, said)
  }

  /** How it goes, for people. */
  words(): string {
    const waiting = this.#hubs.reduce((sum, { link }) => sum + link.waiting, 0)
    const dropped = this.#hubs.reduce((sum, { link }) => sum + link.dropped, 0)
    const refused = [...this.#refused].map(([reason, count]) => `, ${count} refused (${reason})`).join('')
    const failed = [...this.#failed].map(([what, count]) => `, ${count} requests met ${what}`).join('')
    const lost = dropped === 0 ? '' : `, ${dropped} given up`
    return `${this.#stored} records stored, ${waiting} wait${refused}${failed}${lost}`
  }

  /** Gives the last records a moment, then ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#lists !== null) clearInterval(this.#lists)
    const untilMs = systemClock.monotonic() + lastMs
    while (this.#hubs.some(({ link }) => link.waiting > 0) && systemClock.monotonic() < untilMs)
      await new Promise((resolve) => {
        setTimeout(resolve, 50)
      })
    this.#stop.abort()
    await Promise.all(this.#runs)
    for (const exchange of Object.values(this.#exchanges)) exchange[Symbol.dispose]()
  }

  async #make(server: URL, claim: Claim, index: number): Promise<Hub> {
    const key = new HubKey()
    const { keyId } = await enrol(server, claim, key, this.#stop.signal)
    const bootId = BootId.parse(`fleet-${randomUUID().slice(0, 13)}`)
    const link = new HubLink<Source>(
      {
        server,
        bootId,
        key,
        keyId,
        clock: systemClock,
        random: Math.random,
        mostWaiting,
        gatherMs,
        pumps: () => this.#reports(index),
        listsWanted: (pumpIds) => this.#tellLists(index, 'requested', new Set(pumpIds)),
        settled: (settled) => this.#settled(settled),
        tried: (attempt) => this.#tried(attempt),
      },
      this.#exchanges,
    )
    return { bootId, link }
  }

  #pumpsOf(hub: number): readonly (readonly [FleetPump, number])[] {
    return this.#pumps.get(hub) ?? []
  }

  #reports(hub: number) {
    const now = systemClock.monotonic()
    return this.#pumpsOf(hub)
      .filter(([pump]) => pump.state.boots > 0)
      .map(([pump, index]) =>
        reportOf(pump, Math.max(0, now - (this.#heardMs.get(index) ?? now)), this.#options.statusIntervalMs),
      )
  }

  #tellLists(hub: number, reason: Snapshot['reason'], only: ReadonlySet<string> | null = null): void {
    const own = this.#hubs[hub]
    if (own === undefined) return
    for (const [pump, index] of this.#pumpsOf(hub)) {
      if (pump.state.activity === 'off' || (only !== null && !only.has(pump.id))) continue
      const alarms = activeConditions(pump, index, own.bootId)
      own.link.append(snapshotRecord(PumpId.parse(pump.id), reason, alarms), null)
    }
  }

  #settled({ entry: { source }, verdict }: Settled<Source>): void {
    if (verdict.verdict === 'refused') this.#refused.set(verdict.reason, (this.#refused.get(verdict.reason) ?? 0) + 1)
    else this.#stored += 1
    if (source === null) return
    const { kind: of, pumpId, uptimeMs, boot, message } = source
    const kind = verdict.verdict === 'stored' ? 'acknowledged' : 'not-delivered'
    const told = { wallAt: systemClock.now(), monotonicMs: Math.round(systemClock.monotonic()) }
    this.#options.log.note({ kind, of, pumpId, uptimeMs, ids: { boot, message }, ...told })
  }

  #tried({ status, code }: Attempt): void {
    if (status === 200) return
    const what = status === 0 ? 'no answer' : `${status} ${code ?? ''}`.trim()
    this.#failed.set(what, (this.#failed.get(what) ?? 0) + 1)
  }
}
