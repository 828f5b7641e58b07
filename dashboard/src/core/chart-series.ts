import type { History, HistoryField } from '#domain/live/api.ts'
import { staleAfterMs } from './freshness.ts'

/** A stretch without data, ms. It is hatched and never bridged. */
export interface Gap {
  readonly from: number
  readonly to: number
}

/** x in seconds, strictly ascending; null breaks the line. */
export interface Lane {
  readonly x: readonly number[]
  readonly y: readonly (number | null)[]
}

export interface Point {
  readonly at: number
  readonly values: Partial<Record<HistoryField, number | null>>
}

export interface ChartData {
  readonly from: number
  readonly to: number
  readonly gaps: readonly Gap[]
  readonly lanes: Readonly<Partial<Record<HistoryField, Lane>>>
  readonly lastSampleAt: number | null
}

/** ms and value. */
type LanePoint = readonly [number, number | null]

/** One field of a bucket as up to four points: its first and last sample in place, its extremes between them. */
const pointsOf = (
  from: number,
  to: number,
  values: readonly [number, number, number, number],
): readonly LanePoint[] => {
  const [first, min, max, last] = values
  if (to <= from) return [[from, last]]
  const third = (to - from) / 3
  const middle: readonly [number, number] = first <= last ? [min, max] : [max, min]
  return to - from < 4
    ? [
        [from, first],
        [to, last],
      ]
    : [
        [from, first],
        [from + third, middle[0]],
        [from + 2 * third, middle[1]],
        [to, last],
      ]
}

/**
 * Lines for one pump: stored history plus what came in live since. Two neighbours further apart than the stale limit of
 * the pump's interval have a gap between them; from the last sample to `to` is one as well.
 */
export const chartData = (
  history: History,
  live: readonly Point[],
  statusIntervalMs: number,
  fields: readonly HistoryField[],
): ChartData => {
  const limit = Math.max(staleAfterMs(statusIntervalMs), 3 * statusIntervalMs)
  const lastStored = history.buckets.at(-1)?.to ?? Number.NEGATIVE_INFINITY
  const fresh = live.filter((point) => point.at > lastStored && point.at < history.to)
  const spans = [
    ...history.buckets.map(({ from, to }) => ({ from, to })),
    ...fresh.map(({ at }) => ({ from: at, to: at })),
  ]
  const gaps = gapsBetween(spans, history.from, history.to, limit)
  const lanes: Partial<Record<HistoryField, Lane>> = {}
  for (const field of fields) {
    const stored = history.buckets.flatMap((bucket): readonly LanePoint[] => {
      const values = bucket.values[field]
      return values === undefined ? [[bucket.from, null]] : pointsOf(bucket.from, bucket.to, values)
    })
    const later = fresh.map((point): LanePoint => [point.at, point.values[field] ?? null])
    lanes[field] = laneOf([...stored, ...later], gaps)
  }
  return { from: history.from, to: history.to, gaps, lanes, lastSampleAt: fresh.at(-1)?.at ?? history.lastSampleAt }
}

const gapsBetween = (spans: readonly Gap[], from: number, to: number, limit: number): readonly Gap[] => {
  const gaps: Gap[] = []
  let heard = from
  for (const span of spans) {
    if (span.from - heard > limit) gaps.push({ from: heard, to: span.from })
    heard = Math.max(heard, span.to)
  }
  if (to - heard > limit) gaps.push({ from: heard, to })
  return gaps
}

const laneOf = (points: readonly LanePoint[], gaps: readonly Gap[]): Lane => {
  const x: number[] = []
  const y: (number | null)[] = []
  const push = (atMs: number, value: number | null): void => {
    const seconds = atMs / 1000
    if (seconds <= (x.at(-1) ?? Number.NEGATIVE_INFINITY)) return
    x.push(seconds)
    y.push(value)
  }
  let next = 0
  for (const [at, value] of points) {
    for (let gap = gaps[next]; gap !== undefined && gap.to <= at; gap = gaps[++next]) push(gap.from + 1, null)
    push(at, value)
  }
  return { x, y }
}

/** Rows of the table view: at most `limit` moments, evenly taken, newest first. */
export const tableRows = (
  data: ChartData,
  fields: readonly HistoryField[],
  limit = 60,
): readonly { readonly at: number; readonly values: readonly (number | null)[] }[] => {
  const lane = fields.map((field) => data.lanes[field])
  const x = lane.find((candidate) => candidate !== undefined)?.x ?? []
  const step = Math.max(1, Math.ceil(x.length / limit))
  const rows = []
  for (let index = x.length - 1; index >= 0; index -= step) {
    const seconds = x[index] ?? 0
    const values = lane.map((candidate) => valueAt(candidate, seconds))
    if (values.some((value) => value !== null)) rows.push({ at: seconds * 1000, values })
  }
  return rows
}

const valueAt = (lane: Lane | undefined, seconds: number): number | null => {
  const index = lane?.x.findLastIndex((x) => x <= seconds) ?? -1
  return lane?.y[index] ?? null
}
