import type { AlarmLoad, LoadBucket } from '#domain/live/analytics.ts'

// From figures to lengths, for drawings of a few lines. Pure.

/** EEMUA 191 and ISA-18.2, per nurse and ten minutes: about one can be handled, ten are a flood. */
export const rateLines = [1, 10] as const
const tenMinutesMs = 600_000

/** Small values stay visible beside a line at ten: lengths go by the square root, and the axis says so. */
export const rootScale =
  (top: number, length: number) =>
  (value: number): number =>
    top <= 0 ? 0 : Math.sqrt(Math.max(0, Math.min(value, top)) / top) * length

/** Times from seconds to days on one line. */
export const logScale =
  (least: number, most: number, length: number) =>
  (value: number): number => {
    const bounded = Math.max(least, Math.min(most, value))
    return (Math.log(bounded / least) / Math.log(most / least)) * length
  }

export const rateTop = ({ buckets }: AlarmLoad): number => Math.max(12, ...buckets.map(({ most }) => most))

/** Alarms per nurse and ten minutes, on average over one stretch. */
export const rateOf = ({ high, medium, low }: LoadBucket, { bucketMs, nurses }: AlarmLoad): number =>
  (high + medium + low) / nurses / (bucketMs / tenMinutesMs)

export interface Piece {
  readonly from: number
  readonly length: number
  readonly share: number
}

/** Parts of a whole, end to end over `length`. Nothing: no pieces. */
export const stacked = (parts: readonly number[], length: number): readonly Piece[] => {
  const whole = parts.reduce((sum, part) => sum + part, 0)
  if (whole <= 0) return []
  let from = 0
  return parts.map((part) => {
    const share = part / whole
    const piece = { from, length: share * length, share }
    from += piece.length
    return piece
  })
}

/** What alarm systems aim at: High, Medium, Low (EEMUA 191). */
export const recommendedMix = [5, 15, 80] as const
