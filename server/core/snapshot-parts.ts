import type { HubId, PumpId } from '#domain/ids.ts'
import type { LiveSnapshot, SnapshotPart } from '#domain/live/messages.ts'
import type { AlarmView, HubView, PumpView } from '#domain/live/views.ts'

/** How many views a part has. One of a pump or an alarm has about 1.2 kB. */
export const partLimits = { first: 100, least: 10, most: 250 } as const

const quickMs = 250
const slowMs = 1_000

/** A client that takes parts quickly gets larger ones; no alarm waits much longer than `slowMs` behind one on a slow line. */
export const nextPartSize = (size: number, tookMs: number): number => {
  if (tookMs <= quickMs) return Math.min(partLimits.most, size * 2)
  if (tookMs <= slowMs) return size
  return Math.max(partLimits.least, Math.floor((size * slowMs) / tookMs))
}

export interface PartSource {
  snapshot(): LiveSnapshot
  /** As it is now; null: gone meanwhile, which an update said. */
  pump(pumpId: PumpId): PumpView | null
  hub(hubId: HubId): HubView | null
}

/** Cuts what is to be seen now into parts: alarms as they were at the beginning (updates since then have numbers), pumps and hubs as they are when their part leaves. */
export class SnapshotParts {
  readonly #source: PartSource
  readonly #whole: LiveSnapshot
  readonly #pumpsLeft: Set<PumpId>
  readonly #hubsLeft: Set<HubId>
  #alarmsTold = 0
  #part = 0
  #done = false

  constructor(source: PartSource) {
    this.#source = source
    this.#whole = source.snapshot()
    this.#pumpsLeft = new Set(this.#whole.pumps.map(({ pumpId }) => pumpId))
    this.#hubsLeft = new Set(this.#whole.hubs.map(({ hubId }) => hubId))
  }

  /** `size`: about how many views. Null: everything was told. */
  next(size: number): SnapshotPart | null {
    if (this.#done) return null
    const alarms = this.#nextAlarms(size)
    const isRest = this.#alarmsLeft === 0
    const room = isRest ? size - 2 * alarms.length : 0
    const pumpIds = taken(this.#pumpsLeft, pumpsOf(alarms), room)
    const hubIds = taken(this.#hubsLeft, hubsOf(alarms), isRest ? size - alarms.length - pumpIds.length : 0)
    this.#done = isRest && this.#pumpsLeft.size === 0 && this.#hubsLeft.size === 0
    const told = new Set(alarms.map(({ episodeId }) => episodeId))
    return {
      at: this.#whole.at,
      serverAt: this.#whole.serverAt,
      part: this.#part++,
      alarms,
      paged: this.#whole.paged.filter(({ episodeId }) => told.has(episodeId)),
      pumps: pumpIds.flatMap((id) => this.#source.pump(id) ?? []),
      hubs: hubIds.flatMap((id) => this.#source.hub(id) ?? []),
      alarmsWhole: isRest,
      whole: this.#done,
      pumpCount: this.#whole.pumps.length,
    }
  }

  get #alarmsLeft(): number {
    return this.#whole.alarms.length - this.#alarmsTold
  }

  /** Half of the views: each has its pump beside it. */
  #nextAlarms(size: number): AlarmView[] {
    const from = this.#alarmsTold
    this.#alarmsTold = Math.min(this.#whole.alarms.length, from + Math.max(1, Math.ceil(size / 2)))
    return this.#whole.alarms.slice(from, this.#alarmsTold)
  }
}

const pumpsOf = (alarms: readonly AlarmView[]): readonly PumpId[] =>
  alarms.flatMap(({ pumpId, unverifiedPumps }) => [...(pumpId === null ? [] : [pumpId]), ...unverifiedPumps])

const hubsOf = (alarms: readonly AlarmView[]): readonly HubId[] => alarms.flatMap(({ hubId }) => hubId ?? [])

/** Takes `wanted` out of what is left, and up to `more` others. */
const taken = <Id>(left: Set<Id>, wanted: readonly Id[], more: number): readonly Id[] => {
  const ids = wanted.filter((id) => left.delete(id))
  const others = [...left].slice(0, Math.max(0, more))
  for (const id of others) left.delete(id)
  return [...ids, ...others]
}
