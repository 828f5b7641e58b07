import type { ChannelId, HubId, PumpId } from '#domain/ids.ts'
import type { HistoryBucket } from '#domain/live/api.ts'
import type { Instant } from '#domain/time.ts'
import { historyColumns, type Extremes, type HistoryRow } from '../history-buckets.ts'

// One-minute roll-ups (storage.md 2): always made anew from the samples stored at that moment, so that a late sample is in them as if
// it had been on time.

export const minuteMs = 60_000

/** How long a sample vouches for its pump: as long as a pump may be silent before that is an alarm. */
const vouchedMs = 15_000
const quarters = minuteMs / vouchedMs

export const floorMinute = (ms: number): number => Math.floor(ms / minuteMs) * minuteMs
export const ceilMinute = (ms: number): number => Math.ceil(ms / minuteMs) * minuteMs

/** Readings whose mean and count are kept too. */
export const meanColumns = ['rate_ml_per_hour', 'line_pressure_mm_hg'] as const

/** A sample as a minute takes it up. */
export interface MinuteRow extends HistoryRow {
  readonly hubId: HubId
  readonly channelId: ChannelId
}

export interface Minute {
  readonly hubId: HubId
  readonly channelId: ChannelId
  /** Its first millisecond. */
  readonly at: number
  /** Times of its first and its last sample, ms. */
  readonly from: number
  readonly to: number
  readonly samples: number
  readonly late: number
  readonly state: number | null
  /** In how many of its four quarters there is a sample, %. */
  readonly completeness: number
  /** In the order of `historyFields`. */
  readonly values: readonly (Extremes | null)[]
  /** In the order of `meanColumns`; null: no sample of the minute says it. */
  readonly means: readonly ({ readonly mean: number; readonly count: number } | null)[]
}

/** Whole minutes of one pump: `from` inclusive, `to` exclusive, ms. */
export interface MinuteSpan {
  readonly pumpId: PumpId
  readonly from: number
  readonly to: number
}

/** What is asked of minutes: `from` and `to` are whole minutes, buckets of `widthMs` begin at `origin`. */
export interface MinuteWindow {
  readonly from: number
  readonly to: number
  readonly origin: number
  readonly widthMs: number
  readonly channel?: ChannelId | undefined
}

/** What a telemetry store keeps beside the samples. */
export interface MinuteStore {
  /** Says when it is another place than it was. */
  readonly place: string
  /** Makes the minutes of the spans anew from the samples that are stored. Rejects when it is not known to be done. */
  rollUp(spans: readonly MinuteSpan[]): Promise<void>
  /** Of minutes that `rollUp` made; empty buckets are absent. */
  bucketsOfMinutes(pumpId: PumpId, asked: MinuteWindow): Promise<readonly HistoryBucket[]>
  /** Time of the oldest sample. */
  earliest(pumpId: PumpId): Promise<Instant | null>
  /**
   * Removes at most `most` samples and as many minutes that are older; true: there is more. A store that forgets by itself does nothing.
   */
  expire(pumpId: PumpId, before: { readonly samples: number; readonly minutes: number }, most: number): Promise<boolean>
  /** Of which there may be something to expire. */
  pumpsKept(): Promise<readonly PumpId[]>
}

/** Minutes of rows that lie in the order of their time. */
export const minutesOf = (rows: readonly MinuteRow[]): readonly Minute[] => {
  const open = new Map<string, OpenMinute>()
  for (const row of rows) {
    const at = floorMinute(row.at)
    const key = `${at}/${row.hubId}/${row.channelId}`
    const minute = open.get(key) ?? new OpenMinute(row, at)
    open.set(key, minute)
    minute.add(row)
  }
  return [...open.values()].map((minute) => minute.close())
}

class OpenMinute {
  readonly #first: MinuteRow
  readonly #at: number
  readonly #values: (Extremes | null)[] = historyColumns.map(() => null)
  readonly #sums = meanColumns.map((column) => ({ place: historyColumns.indexOf(column), sum: 0, count: 0 }))
  readonly #quarters = new Set<number>()
  #last: MinuteRow
  #samples = 0
  #late = 0

  constructor(first: MinuteRow, at: number) {
    this.#first = first
    this.#last = first
    this.#at = at
  }

  add(row: MinuteRow): void {
    this.#last = row
    this.#samples += 1
    if (row.late) this.#late += 1
    this.#quarters.add(Math.floor((row.at - this.#at) / vouchedMs))
    for (const [place, value] of row.values.entries()) {
      if (value === null) continue
      const [first, least, greatest] = this.#values[place] ?? [value, value, value]
      this.#values[place] = [first, Math.min(least, value), Math.max(greatest, value), value]
    }
    for (const sum of this.#sums) {
      const value = row.values[sum.place] ?? null
      if (value === null) continue
      sum.sum += value
      sum.count += 1
    }
  }

  close(): Minute {
    const { hubId, channelId } = this.#first
    return {
      hubId,
      channelId,
      at: this.#at,
      from: this.#first.at,
      to: this.#last.at,
      samples: this.#samples,
      late: this.#late,
      state: this.#last.state,
      completeness: Math.round((this.#quarters.size / quarters) * 100),
      values: this.#values,
      means: this.#sums.map(({ sum, count }) => (count === 0 ? null : { mean: sum / count, count })),
    }
  }
}
