import { HistoryField, type HistoryBucket } from '#domain/live/api.ts'
import type { ChannelId } from '#domain/ids.ts'
import { columnName, stateOf } from './telemetry-columns.ts'

// How a history is thinned, the same for every store: buckets of equal width from `from` on, empty ones absent, and of each value the
// first, the least, the greatest and the last, so that no extreme is lost.

export const historyFields = HistoryField.options
export const historyColumns: readonly string[] = historyFields.map(columnName)

/** What a chart needs of one sample; `values` in the order of `historyFields`. */
export interface HistoryRow {
  /** ms */
  readonly at: number
  readonly late: boolean
  readonly state: number | null
  readonly values: readonly (number | null)[]
}

export interface Window {
  /** ms, inclusive. */
  readonly from: number
  /** ms, exclusive. */
  readonly to: number
  readonly maxPoints: number
  /** Absent: of all channels. */
  readonly channel?: ChannelId | undefined
}

/** Width in ms; 0 when all samples fit and each stands for itself. */
export const bucketWidth = ({ from, to, maxPoints }: Window, samples: number): number =>
  samples <= maxPoints ? 0 : Math.max(1, Math.ceil((to - from) / maxPoints))

export type Extremes = [first: number, least: number, greatest: number, last: number]

/** Puts rows, in the order of their time, into buckets. */
export class BucketFold {
  readonly #from: number
  readonly #width: number
  readonly #buckets: HistoryBucket[] = []
  #index = -1
  #open: {
    from: number
    to: number
    samples: number
    late: number
    state: number | null
    values: (Extremes | null)[]
  } | null = null

  constructor(from: number, width: number) {
    this.#from = from
    this.#width = width
  }

  add(row: HistoryRow): void {
    const index = this.#width === 0 ? this.#index + 1 : Math.floor((row.at - this.#from) / this.#width)
    if (this.#open === null || index !== this.#index) {
      this.#close()
      this.#index = index
      this.#open = { from: row.at, to: row.at, samples: 0, late: 0, state: null, values: historyFields.map(() => null) }
    }
    const open = this.#open
    open.to = row.at
    open.samples += 1
    if (row.late) open.late += 1
    open.state = row.state
    for (const [place, value] of row.values.entries()) {
      if (value === null) continue
      const known = open.values[place] ?? null
      if (known === null) open.values[place] = [value, value, value, value]
      else {
        if (value < known[1]) known[1] = value
        if (value > known[2]) known[2] = value
        known[3] = value
      }
    }
  }

  buckets(): HistoryBucket[] {
    this.#close()
    this.#open = null
    return this.#buckets
  }

  #close(): void {
    if (this.#open !== null) this.#buckets.push(toBucket(this.#open))
  }
}

/** A bucket whose extremes a store has computed itself; null: no sample of the bucket carries the value. */
export const toBucket = (bucket: {
  readonly from: number
  readonly to: number
  readonly samples: number
  readonly late: number
  readonly state: number | null
  readonly values: readonly (Extremes | null)[]
}): HistoryBucket => {
  const values: HistoryBucket['values'] = {}
  for (const [place, field] of historyFields.entries()) {
    const extremes = bucket.values[place]
    if (extremes !== undefined && extremes !== null) values[field] = extremes
  }
  const { from, to, samples, late } = bucket
  return { from, to, samples, late, state: stateOf(bucket.state), values }
}
