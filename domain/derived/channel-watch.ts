import { delivers } from '../telemetry.ts'
import { deviationAfter, undeviated } from './delivery-deviation.ts'
import type { DeliveryDeviation } from './delivery-deviation.ts'
import type { DerivedPolicy } from './policy.ts'
import { noPressure, pressureAfter } from './pressure-rise.ts'
import type { PressureRise } from './pressure-rise.ts'
import { clockAfter, noClock } from './pump-clock.ts'
import type { PumpClock } from './pump-clock.ts'
import { notStopped, stopAfter } from './stopped-early.ts'
import type { EarlyStop } from './stopped-early.ts'
import { compareSamples } from './watched-sample.ts'
import type { WatchedSample } from './watched-sample.ts'

/** What is known of one channel up to a sample: a fold of its samples in their own order, and of nothing else. */
export interface ChannelPicture {
  readonly deviation: DeliveryDeviation
  readonly pressure: PressureRise
  readonly stop: EarlyStop
  readonly clock: PumpClock
  /** When it was last heard to deliver. */
  readonly deliveredAt: number | null
  /** Of the newest sample: history alone raises nothing. */
  readonly late: boolean
}

export interface ChannelWatch {
  /** Up to the newest sample. */
  readonly picture: ChannelPicture
  /** Up to what is too old to be changed by a sample that comes late. */
  readonly settled: ChannelPicture
  readonly settledTo: WatchedSample | null
  /** Later than that, in their order. */
  readonly recent: readonly WatchedSample[]
  /** Samples that came too late to count. */
  readonly tooLate: number
}

const blank: ChannelPicture = {
  deviation: undeviated,
  pressure: noPressure,
  stop: notStopped,
  clock: noClock,
  deliveredAt: null,
  late: false,
}

export const newWatch: ChannelWatch = { picture: blank, settled: blank, settledTo: null, recent: [], tooLate: 0 }

const after = (was: ChannelPicture, sample: WatchedSample, policy: DerivedPolicy): ChannelPicture => ({
  deviation: deviationAfter(was.deviation, sample, policy),
  pressure: pressureAfter(was.pressure, sample, policy),
  stop: stopAfter(was.stop, sample, policy),
  clock: clockAfter(was.clock, sample, policy),
  deliveredAt: delivers[sample.values.operatingState] === true ? sample.at : was.deliveredAt,
  late: sample.late,
})

/** A sample arrives, in whatever order, once or more often. */
export const watched = (watch: ChannelWatch, sample: WatchedSample, policy: DerivedPolicy): ChannelWatch => {
  const { recent, settledTo } = watch
  const last = recent.at(-1)
  if (last !== undefined && compareSamples(last, sample) < 0) return inOrder(watch, sample, policy)
  if (settledTo !== null && compareSamples(sample, settledTo) <= 0) return { ...watch, tooLate: watch.tooLate + 1 }
  const place = recent.findLastIndex((one) => compareSamples(one, sample) <= 0)
  const before = recent[place]
  if (before !== undefined && compareSamples(before, sample) === 0) return watch
  if (last === undefined) return inOrder(watch, sample, policy)
  const grown = recent.toSpliced(place + 1, 0, sample)
  const { settled, settledTo: newlyTo, recent: kept } = settle(watch, grown, last.at, policy)
  const picture = kept.reduce((known, one) => after(known, one, policy), settled)
  return { settled, settledTo: newlyTo, recent: kept, picture, tooLate: watch.tooLate }
}

/** Later than all of them, as nearly always. */
const inOrder = (watch: ChannelWatch, sample: WatchedSample, policy: DerivedPolicy): ChannelWatch => {
  const { settled, settledTo, recent } = settle(watch, watch.recent, sample.at, policy)
  return {
    settled,
    settledTo,
    recent: [...recent, sample],
    picture: after(watch.picture, sample, policy),
    tooLate: watch.tooLate,
  }
}

/** What is too old beside the newest sample to be changed any more. */
const settle = (
  { settled, settledTo }: ChannelWatch,
  samples: readonly WatchedSample[],
  newestAt: number,
  policy: DerivedPolicy,
): Pick<ChannelWatch, 'settled' | 'settledTo' | 'recent'> => {
  let count = 0
  for (const one of samples) {
    if (one.at >= newestAt - policy.reorderMs) break
    settled = after(settled, one, policy)
    settledTo = one
    count += 1
  }
  return { settled, settledTo, recent: count === 0 ? samples : samples.slice(count) }
}
