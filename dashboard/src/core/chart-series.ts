import type { History, HistoryBucket, HistoryField } from '#domain/live/api.ts'
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

/** Lowest, highest and last of one field; all three are one number where every sample is drawn. */
export interface Spread {
  readonly low: number
  readonly high: number
  readonly last: number
}

/** One moment that cursor and table can stand on. */
export interface Reading {
  readonly at: number
  readonly values: Readonly<Partial<Record<HistoryField, Spread>>>
}

export interface ChartData {
  readonly from: number
  readonly to: number
  readonly gaps: readonly Gap[]
  readonly lanes: Readonly<Partial<Record<HistoryField, Lane>>>
  readonly readings: readonly Reading[]
  readonly lastSampleAt: number | null
}

/** ms and value. */
type LanePoint = readonly [number, number | null]
type Extremes = readonly [first: number, least: number, greatest: number, last: number]

/** A bucket this short, ms, has no room for its extremes between its ends. */
const shortestMs = 4

/** One field of a bucket as up to four points: its first and last sample in place, its extremes between them. */
const pointsOf = ({ from, to }: HistoryBucket, [first, min, max, last]: Extremes): readonly LanePoint[] => {
  if (to <= from) return [[from, last]]
  if (to - from < shortestMs)
    return [
      [from, first],
      [to, last],
    ]
  const third = (to - from) / 3
  const middle: readonly [number, number] = first <= last ? [min, max] : [max, min]
  return [
    [from, first],
    [from + third, middle[0]],
    [from + 2 * third, middle[1]],
    [to, last],
  ]
}

/** Of a bucket in which readings are missing, nobody can say where: its ends, and its extremes in the middle, none joined to another. */
const loosePoints = ({ from, to }: HistoryBucket, [first, min, max, last]: Extremes): readonly LanePoint[] => {
  const middle = (from + to) / 2
  return [
    [from, first],
    [from + 1, null],
    [middle, min],
    [middle + 1, max],
    [middle + 2, null],
    [to, last],
  ]
}

/** Of a bucket's time this part may be missing before it counts as a gap: pumps are not exact. */
const missingPart = 0.1

/** More time than a gap needs is not accounted for by the bucket's samples. */
const hasHoles = ({ from, to, samples }: HistoryBucket, intervalMs: number, limit: number): boolean =>
  to - from - (samples - 1) * intervalMs > Math.max(limit, missingPart * (to - from))

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
  const fresh = live.filter((point) => point.at > lastStored && point.at >= history.from && point.at < history.to)
  const spans = [
    ...history.buckets.map(({ from, to }) => ({ from, to })),
    ...fresh.map(({ at }) => ({ from: at, to: at })),
  ]
  const between = gapsBetween(spans, history.from, history.to, limit)
  const holes = new Set(history.buckets.filter((bucket) => hasHoles(bucket, statusIntervalMs, limit)))
  const lanes: Partial<Record<HistoryField, Lane>> = {}
  for (const field of fields) {
    const stored = history.buckets.flatMap((bucket): readonly LanePoint[] => {
      const values = bucket.values[field]
      if (values === undefined) return [[bucket.from, null]]
      return holes.has(bucket) ? loosePoints(bucket, values) : pointsOf(bucket, values)
    })
    const later = fresh.map((point): LanePoint => [point.at, point.values[field] ?? null])
    lanes[field] = laneOf([...stored, ...later], between)
  }
  return {
    from: history.from,
    to: history.to,
    gaps: [...between, ...[...holes].map(({ from, to }) => ({ from, to }))].toSorted((a, b) => a.from - b.from),
    lanes,
    readings: [
      ...history.buckets.map((bucket) => readingOf(bucket, fields)),
      ...fresh.map((one) => momentOf(one, fields)),
    ],
    lastSampleAt: fresh.at(-1)?.at ?? history.lastSampleAt,
  }
}

const readingOf = ({ to, values }: HistoryBucket, fields: readonly HistoryField[]): Reading => {
  const spreads: Partial<Record<HistoryField, Spread>> = {}
  for (const field of fields) {
    const [, low, high, last] = values[field] ?? []
    if (low !== undefined && high !== undefined && last !== undefined) spreads[field] = { low, high, last }
  }
  return { at: to, values: spreads }
}

const momentOf = ({ at, values }: Point, fields: readonly HistoryField[]): Reading => {
  const spreads: Partial<Record<HistoryField, Spread>> = {}
  for (const field of fields) {
    const last = values[field] ?? null
    if (last !== null) spreads[field] = { low: last, high: last, last }
  }
  return { at, values: spreads }
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

/** Readings with nothing on either side: no line reaches them, so they are drawn as dots. */
export const lonePoints = (y: readonly (number | null | undefined)[]): number[] => {
  const known = (at: number): boolean => typeof y[at] === 'number'
  return y.flatMap((_, at) => (known(at) && !known(at - 1) && !known(at + 1) ? [at] : []))
}
