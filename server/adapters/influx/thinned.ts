import type { HistoryBucket } from '#domain/live/api.ts'
import { historyColumns, toBucket } from '#server/core/history-buckets.ts'
import { statistics } from '#server/core/roll-ups/minute-columns.ts'
import { milliseconds, numberIn, type ResultRow } from './influxql.ts'

/** Windows of `width` that start at `from` and not at a multiple of the width. */
export const timeBuckets = (from: number, width: number): string =>
  `time(${milliseconds(width)}, ${milliseconds(from % width)})`

/** A bucket that the database has put together, by columns such as `min_rate_ml_per_hour`; none when it holds nothing. */
export const thinnedBucket = (row: ResultRow): readonly HistoryBucket[] => {
  const [from, to, samples] = ['from', 'to', 'samples'].map((column) => numberIn(row, column))
  if (typeof from !== 'number' || typeof to !== 'number' || typeof samples !== 'number') return []
  const values = historyColumns.map((column): [number, number, number, number] | null => {
    const [first, least, greatest, last] = statistics.map((statistic) => numberIn(row, `${statistic}_${column}`))
    if (
      typeof first !== 'number' ||
      typeof least !== 'number' ||
      typeof greatest !== 'number' ||
      typeof last !== 'number'
    )
      return null
    return [first, least, greatest, last]
  })
  return [toBucket({ from, to, samples, late: numberIn(row, 'late') ?? 0, state: numberIn(row, 'state'), values })]
}
