import type { AlarmLoad } from '#domain/live/analytics.ts'

/** New alarms over time as one stepped line, in the units of its own box. */
export interface RateLineShape {
  readonly path: string
  /** One for each stretch of time; the box is as wide. */
  readonly width: number
  readonly count: number
  /** In one stretch. */
  readonly most: number
  readonly from: number
  readonly to: number
}

/** A line of one alarm is not drawn as high as one of forty. */
const leastTop = 5

const two = (value: number): number => Math.round(value * 100) / 100

/** `until`: when it was asked; the last stretch may end later. */
export const rateLineOf = ({ buckets }: Pick<AlarmLoad, 'buckets'>, until: number, height: number): RateLineShape => {
  const counts = buckets.map(({ high, medium, low }) => high + medium + low)
  const most = Math.max(0, ...counts)
  const top = Math.max(leastTop, most)
  const y = (count: number): number => two(height - 1 - (count / top) * (height - 2))
  const path = counts.map((count, at) => `${at === 0 ? 'M' : 'L'}${at} ${y(count)}H${at + 1}`).join('')
  return {
    path,
    width: Math.max(1, counts.length),
    count: counts.reduce((sum, count) => sum + count, 0),
    most,
    from: buckets[0]?.from ?? until,
    to: until,
  }
}
