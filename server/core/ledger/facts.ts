import type { BootId, HubId, PumpId } from '#domain/ids.ts'
import type { SeqRanges } from '../seq-ranges.ts'

/** What was stored of one pump in one hour of one boot: the hours by the dates of the readings. */
export interface StoredHour {
  /** First millisecond of the hour. */
  readonly hour: number
  readonly pumpId: PumpId
  readonly stored: number
  readonly late: number
  /** Readings behind thinned records. */
  readonly thinned: number
  /** Lowest and highest number of readings that are not thinned, with their times; null: there is none. */
  readonly first: Knot | null
  readonly last: Knot | null
}

/** A number of a boot, and when it was given. */
export interface Knot {
  readonly seq: number
  readonly at: number
}

/** What a heartbeat said of its boot's numbers. */
export interface ToldNumbers {
  readonly hubId: HubId
  readonly bootId: BootId
  readonly firstSeq: number
  readonly lastSeq: number
  readonly at: number
}

/** All that is known of one boot's numbers. */
export interface BootFacts {
  readonly bootId: BootId
  readonly received: SeqRanges
  readonly refused: SeqRanges
  readonly tombstones: SeqRanges
  readonly told: ToldNumbers | null
  readonly hours: readonly StoredHour[]
}

export interface LedgerStore {
  /** Boots of a hub that gave out numbers since then. */
  boots(hubId: HubId, since: number): Promise<readonly BootFacts[]>
  /** What heartbeats said; the highest number of a boot stays. In one transaction. */
  tell(told: readonly ToldNumbers[]): Promise<void>
  /** Removes hours and boots that are older. */
  expire(hubId: HubId, before: number): Promise<void>
}
