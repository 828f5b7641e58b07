import type { Reading } from './chart-series.ts'

/** Steps along the readings, from the last one where no cursor was set. Null: there is nothing to stand on. */
export const stepped = (readings: readonly Reading[], at: number | null, steps: number): number | null => {
  if (readings.length === 0) return null
  const here = at === null ? readings.length - 1 : nearest(readings, at)
  const first = at === null ? here : here + steps
  return readings[Math.min(Math.max(first, 0), readings.length - 1)]?.at ?? null
}

const nearest = (readings: readonly Reading[], at: number): number => {
  let low = 0
  let high = readings.length - 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if ((readings[middle]?.at ?? 0) < at) low = middle + 1
    else high = middle
  }
  const [before, after] = [readings[low - 1]?.at, readings[low]?.at]
  return before !== undefined && after !== undefined && at - before < after - at ? low - 1 : low
}

/** What was read at the cursor; null in a gap: the value of a neighbour is not the value there. */
export const readingAt = (readings: readonly Reading[], at: number, toleranceMs: number): Reading | null => {
  const reading = readings[nearest(readings, at)]
  return reading !== undefined && Math.abs(reading.at - at) <= toleranceMs ? reading : null
}

/** Start of the alarm before or after `at`; null: there is none. `starts` in any order. */
export const neighbourAlarm = (
  starts: readonly number[],
  at: number,
  direction: 'previous' | 'next',
): number | null => {
  const found = starts.filter((start) => (direction === 'previous' ? start < at : start > at))
  if (found.length === 0) return null
  return direction === 'previous' ? Math.max(...found) : Math.min(...found)
}
