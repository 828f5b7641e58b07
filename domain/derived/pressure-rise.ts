import { claimedFlow } from './claimed-flow.ts'
import type { DerivedPolicy } from './policy.ts'
import type { Level, WatchedSample } from './watched-sample.ts'

// A line that closes fills up at the pump's rate, so its pressure rises evenly until the pump's own limit: in minutes at 50 mL/h, in
// more than an hour at 0.5 mL/h. A patient who sits up makes a step, a cough a spike, a ramp changes the rate: none of them rises evenly.

interface Point {
  readonly at: number
  readonly mmHg: number
}

export interface PressureRise {
  readonly points: readonly Point[]
  /** mL/h at which the points were taken. */
  readonly rate: number
  readonly lastAt: number
  readonly level: Level
  /** Raised: over when the pressure falls below this. */
  readonly overBelow: number
}

export const noPressure: PressureRise = { points: [], rate: 0, lastAt: 0, level: 'unknown', overBelow: 0 }

/** Fewer prove no line. */
const leastPoints = 8

/** After the next sample in time. */
export const pressureAfter = (was: PressureRise, sample: WatchedSample, policy: DerivedPolicy): PressureRise => {
  const { values, at } = sample
  const mmHg = values.linePressureMmHg
  const rate = claimedFlow(values)?.least ?? 0
  const calls = values.activeAlarms.some((code) => code.startsWith('occlusion-'))
  if (values.operatingState !== 'infusing' || rate === 0 || calls)
    return { ...noPressure, level: values.operatingState === 'unknown' ? was.level : 'fine' }
  if (mmHg === null) return was
  const steady = Math.abs(rate - was.rate) <= policy.steadyRatePart * was.rate && at - was.lastAt <= policy.longestGapMs
  // Another rate has another pressure; an alarm that was raised stands until the line is free.
  const points = steady ? was.points : []
  const level = was.level === 'raised' && mmHg < was.overBelow ? 'fine' : was.level
  const kept = { ...was, points, level, lastAt: at, rate: steady ? was.rate : rate }
  const last = points.at(-1)
  if (last !== undefined && at - last.at < policy.pressureEveryMs) return kept
  const longest = Math.max(...policy.pressureSpansMs)
  const grown = [...points.filter((point) => point.at > at - longest - policy.longestGapMs), { at, mmHg }]
  const rise = level === 'raised' ? null : riseIn(grown, policy)
  const known = level === 'unknown' && grown.length >= leastPoints ? 'fine' : level
  if (rise === null) return { ...kept, points: grown, level: known }
  return { ...kept, points: grown, level: 'raised', overBelow: rise.from + (mmHg - rise.from) / 2 }
}

/** The shortest span of time at whose end the pressure has risen enough and evenly. */
const riseIn = (points: readonly Point[], policy: DerivedPolicy): { readonly from: number } | null => {
  const end = points.at(-1)?.at ?? 0
  let sum: Sums = nothing
  let next = points.length - 1
  for (const spanMs of policy.pressureSpansMs) {
    for (; next >= 0 && (points[next]?.at ?? 0) > end - spanMs; next -= 1) sum = added(sum, points, next, end)
    const line = sum.count >= leastPoints && next >= 0 ? lineOf(sum) : null
    if (line === null || line.slope * spanMs < policy.pressureRiseMmHg || line.evenness < policy.pressureEvenness)
      continue
    return { from: line.level - line.slope * spanMs }
  }
  return null
}

/** Of points that are counted from the last one: x in ms before it, y in mmHg. */
interface Sums {
  readonly count: number
  readonly x: number
  readonly y: number
  readonly xx: number
  readonly xy: number
  readonly yy: number
}

const nothing: Sums = { count: 0, x: 0, y: 0, xx: 0, xy: 0, yy: 0 }

/** The middle one of three neighbours, so that a cough is no rise. */
const smooth = (points: readonly Point[], index: number): number => {
  const own = points[index]?.mmHg ?? 0
  const [a, b] = [points[index - 1]?.mmHg ?? own, points[index + 1]?.mmHg ?? own]
  return Math.max(Math.min(own, a), Math.min(Math.max(own, a), b))
}

const added = (sum: Sums, points: readonly Point[], index: number, end: number): Sums => {
  const x = (points[index]?.at ?? end) - end
  const y = smooth(points, index)
  return {
    count: sum.count + 1,
    x: sum.x + x,
    y: sum.y + y,
    xx: sum.xx + x * x,
    xy: sum.xy + x * y,
    yy: sum.yy + y * y,
  }
}

/** The straight line of least squares: mmHg per ms, mmHg at the end, and how much of what happens it explains, 0 to 1. */
const lineOf = ({ count, x, y, xx, xy, yy }: Sums) => {
  const [sxx, sxy, syy] = [xx - (x * x) / count, xy - (x * y) / count, yy - (y * y) / count]
  const slope = sxx === 0 ? 0 : sxy / sxx
  return { slope, level: (y - slope * x) / count, evenness: syy === 0 || sxx === 0 ? 0 : (sxy * sxy) / (sxx * syy) }
}
