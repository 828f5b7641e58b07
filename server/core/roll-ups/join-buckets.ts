import type { HistoryBucket } from '#domain/live/api.ts'
import { historyFields } from '../history-buckets.ts'

/** Buckets of any width, in the order of their time, as buckets of `widthMs` that begin at `origin`. Each goes where it begins. */
export const joinBuckets = (
  buckets: readonly HistoryBucket[],
  origin: number,
  widthMs: number,
): readonly HistoryBucket[] => {
  const joined: HistoryBucket[] = []
  let open = Number.NaN
  for (const bucket of buckets) {
    const index = Math.floor((bucket.from - origin) / widthMs)
    const last = joined.at(-1)
    if (last !== undefined && index === open) joined[joined.length - 1] = joinedPair(last, bucket)
    else joined.push(bucket)
    open = index
  }
  return joined
}

const joinedPair = (a: HistoryBucket, b: HistoryBucket): HistoryBucket => {
  const values: HistoryBucket['values'] = { ...b.values, ...a.values }
  for (const field of historyFields) {
    const [left, right] = [a.values[field], b.values[field]]
    if (left === undefined || right === undefined) continue
    values[field] = [left[0], Math.min(left[1], right[1]), Math.max(left[2], right[2]), right[3]]
  }
  return {
    from: a.from,
    to: Math.max(a.to, b.to),
    samples: a.samples + b.samples,
    late: a.late + b.late,
    state: b.state,
    values,
  }
}
