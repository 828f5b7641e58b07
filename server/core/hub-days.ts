import { addDelays, delayAt, joined, noDelays } from '#domain/hub-day/delays.ts'
import type { Delays } from '#domain/hub-day/delays.ts'
import { networkOf } from '#domain/hub-day/network.ts'
import { beginDay, hearBeat, passSlots, slotAt, slotMs, slotsOfDay } from '#domain/hub-day/slots.ts'
import type { HubDay } from '#domain/hub-day/slots.ts'
import type { BootId, HubId } from '#domain/ids.ts'
import type { HubDayView } from '#domain/live/hub-days.ts'
import type { Cancel, Clock, Scheduler } from '#domain/time.ts'
import type { Heartbeat } from '#domain/uplink/envelope.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { Log } from './log.ts'
import type { DatedRecord } from './ports.ts'

/** One row per hub: a day of closed slots is at most 288 letters. */
export interface KeptHubDay {
  readonly hubId: HubId
  readonly lastSlot: number
  readonly slots: string
  readonly network: string | null
}

export interface HubDayStore {
  all(): Promise<readonly KeptHubDay[]>
  /** All rows in one transaction. */
  put(rows: readonly KeptHubDay[]): Promise<void>
}

export interface HubDaysDependencies {
  readonly store: HubDayStore
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly log: Log
}

const lookEveryMs = 10_000
const drainOverMs = 300_000
/** Beats come every second while a high alarm goes on; these are enough for a slope. */
const depthEveryMs = 9_000
const delaysOverMs = 1_800_000

interface Depth {
  readonly at: number
  readonly alarm: number
  readonly telemetry: number
}

/** What the hub itself told; what people did about it stands in another book. */
export type HeardDay = Omit<HubDayView, 'acts'>

type LaneDelays = Readonly<Record<Lane, Delays>>
const none: LaneDelays = { alarm: noDelays, telemetry: noDelays }

interface Known {
  day: HubDay
  bootId: BootId | null
  network: string | null
  depths: readonly Depth[]
  delays: { readonly since: number; readonly now: LaneDelays; readonly before: LaneDelays }
}

/** What the server keeps of how each hub was heard (dashboard.md 10, Hubs): in memory, kept every five minutes in one transaction. */
export class HubDays implements AsyncDisposable {
  readonly #deps: HubDaysDependencies
  readonly #hubs = new Map<HubId, Known>()
  #kept = 0
  #cancel: Cancel = () => undefined
  #saving: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(deps: HubDaysDependencies) {
    this.#deps = deps
  }

  /** Hubs that are expected from now on. */
  async remember(expected: readonly HubId[]): Promise<void> {
    const kept = new Map((await this.#deps.store.all()).map((row) => [row.hubId, row]))
    const now = this.#deps.clock.now()
    this.#kept = slotAt(now)
    for (const hubId of expected) {
      const row = kept.get(hubId) ?? null
      this.#hubs.set(hubId, this.#fresh(beginDay(now, row), row?.network ?? null))
    }
  }

  start(): void {
    this.#cancel = this.#deps.scheduler.after(lookEveryMs, () => {
      this.look()
      if (!this.#stopped) this.start()
    })
  }

  /** Closes the slots that are over, and keeps them once they are. */
  look(): void {
    const now = this.#deps.clock.now()
    if (slotAt(now) === this.#kept) return
    this.#kept = slotAt(now)
    for (const known of this.#hubs.values()) known.day = passSlots(known.day, now)
    this.#saving = this.#save()
  }

  heartbeat(hubId: HubId, { bootId, outbox }: Heartbeat, receivedAt: number): void {
    const known = this.#known(hubId)
    known.day = hearBeat(known.day, receivedAt, known.bootId !== null && known.bootId !== bootId)
    known.bootId = bootId
    const depth = { at: receivedAt, alarm: outbox.alarm.rows, telemetry: outbox.telemetry.rows }
    const last = known.depths.at(-1)
    if (last !== undefined && receivedAt - last.at < depthEveryMs) return
    known.depths = [...known.depths.filter(({ at }) => at > receivedAt - drainOverMs), depth]
  }

  /** The address that a signed request of this hub came from. */
  cameFrom(hubId: HubId, address: string): void {
    this.#known(hubId).network = networkOf(address)
  }

  /** Records of one batch. */
  arrived(records: readonly DatedRecord[]): void {
    const [first] = records
    if (first === undefined) return
    const { hubId, record, receivedAt } = first
    const known = this.#known(hubId)
    this.#turn(known, receivedAt)
    const { delays } = known
    const took = records.map(({ occurredAt }) => receivedAt - occurredAt)
    const now = { ...delays.now, [record.lane]: addDelays(delays.now[record.lane], took) }
    known.delays = { ...delays, now }
  }

  view(seen: (hubId: HubId) => boolean): {
    readonly slotMs: number
    readonly to: number
    readonly hubs: readonly HeardDay[]
  } {
    const now = this.#deps.clock.now()
    const hubs = [...this.#hubs]
      .filter(([hubId]) => seen(hubId))
      .map(([hubId, known]) => this.#viewOf(hubId, known, now))
    return { slotMs, to: slotAt(now) * slotMs, hubs }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    this.#cancel()
    await this.#saving
  }

  #viewOf(hubId: HubId, known: Known, now: number): HeardDay {
    const { slots } = passSlots(known.day, now)
    this.#turn(known, now)
    const delays = (lane: Lane): HubDayView['delays']['alarm'] =>
      delaysOf(joined(known.delays.before[lane], known.delays.now[lane]))
    return {
      hubId,
      slots: slots.slice(-slotsOfDay),
      network: known.network,
      drain: drainOf(known.depths),
      delays: { alarm: delays('alarm'), telemetry: delays('telemetry') },
    }
  }

  #known(hubId: HubId): Known {
    const known = this.#hubs.get(hubId) ?? this.#fresh(beginDay(this.#deps.clock.now()), null)
    this.#hubs.set(hubId, known)
    return known
  }

  #fresh(day: HubDay, network: string | null): Known {
    const delays = { since: this.#deps.clock.now(), now: none, before: none }
    return { day, bootId: null, network, depths: [], delays }
  }

  #turn(known: Known, now: number): void {
    const { since, now: current } = known.delays
    if (now - since < delaysOverMs) return
    const before = now - since < 2 * delaysOverMs ? current : none
    known.delays = { since: now, now: none, before }
  }

  async #save(): Promise<void> {
    const rows = [...this.#hubs].flatMap(
      ([
        hubId,
        {
          day: { slots, lastSlot },
          network,
        },
      ]) => (lastSlot === null ? [] : [{ hubId, lastSlot, slots, network }]),
    )
    try {
      await this.#deps.store.put(rows)
    } catch (error) {
      // The day goes on in memory; the next five minutes try again.
      this.#deps.log.warn({ err: error, hubs: rows.length }, 'how hubs were heard could not be kept')
    }
  }
}

const perMinute = (from: number, to: number, ms: number): number => Math.round(((from - to) / ms) * 600_000) / 10

const drainOf = (depths: readonly Depth[]): HubDayView['drain'] => {
  const [first] = depths
  const last = depths.at(-1)
  if (first === undefined || last === undefined || last.at - first.at < 2 * depthEveryMs) return null
  const ms = last.at - first.at
  return {
    alarmPerMinute: perMinute(first.alarm, last.alarm, ms),
    telemetryPerMinute: perMinute(first.telemetry, last.telemetry, ms),
  }
}

const delaysOf = (delays: Delays): HubDayView['delays']['alarm'] => {
  const p50Ms = delayAt(delays, 0.5)
  const p95Ms = delayAt(delays, 0.95)
  return p50Ms === null || p95Ms === null
    ? null
    : { count: delays.total, p50Ms, p95Ms, maxMs: Math.round(delays.maxMs) }
}
