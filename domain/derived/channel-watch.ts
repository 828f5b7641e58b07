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
  if (settledTo !== null && compareSamples(sample, settledTo) <= 0) return { ...watch, tooLate: watch.tooLate + 1 }
  const place = recent.findLastIndex((one) => compareSamples(one, sample) <= 0)
  const before = recent[place]
  if (before !== undefined && compareSamples(before, sample) === 0) return watch
  const isNewest = place === recent.length - 1
  const grown = recent.toSpliced(place + 1, 0, sample)
  const settling = grown.filter((one) => one.at < (grown.at(-1)?.at ?? 0) - policy.reorderMs)
  const settled = settling.reduce((picture, one) => after(picture, one, policy), watch.settled)
  const kept = grown.slice(settling.length)
  return {
    settled,
    settledTo: settling.at(-1) ?? settledTo,
    recent: kept,
    picture: isNewest
      ? after(watch.picture, sample, policy)
      : kept.reduce((picture, one) => after(picture, one, policy), settled),
    tooLate: watch.tooLate,
  }
}
