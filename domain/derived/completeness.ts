import type { HistoryBucket } from '../live/api.ts'

export interface ReadingsOf {
  readonly expected: number
  readonly stored: number
  /** 0 to 100; null: the time is shorter than one interval. */
  readonly percent: number | null
}

/** A time is looked at in so many equal stretches; a history of as many points has one bucket for each. */
export const completenessSlots = 288

/**
 * Readings stored of those a pump should have given every `intervalMs` in [from, to). A stretch is worth no more than it should hold: a
 * pump that reports faster for an hour does not make up for an hour of silence.
 */
export const readingsStored = (
  { from, to, buckets }: { readonly from: number; readonly to: number; readonly buckets: readonly HistoryBucket[] },
  intervalMs: number,
): ReadingsOf => {
  const width = (to - from) / completenessSlots
  const perSlot = width / intervalMs
  if (width <= 0 || (to - from) / intervalMs < 1) return { expected: 0, stored: 0, percent: null }
  const counted = new Map<number, number>()
  for (const bucket of buckets) {
    const slot = Math.floor((bucket.from - from) / width)
    counted.set(slot, (counted.get(slot) ?? 0) + bucket.samples)
  }
  // where a stretch ends between two readings, one of them may count here or there
  const stored = [...counted.values()].reduce((sum, samples) => sum + Math.min(samples, perSlot + 1), 0)
  const expected = (to - from) / intervalMs
  return {
    expected: Math.round(expected),
    stored: Math.round(stored),
    percent: Math.min(100, (stored / expected) * 100),
  }
}
