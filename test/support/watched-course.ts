import { newWatch, watched } from '#domain/derived/channel-watch.ts'
import type { ChannelPicture, ChannelWatch } from '#domain/derived/channel-watch.ts'
import { defaultDerivedPolicy } from '#domain/derived/policy.ts'
import type { DerivedPolicy } from '#domain/derived/policy.ts'
import type { WatchedSample, WatchedValues } from '#domain/derived/watched-sample.ts'
import { ChannelId } from '#domain/ids.ts'
import { emptySample } from '#domain/telemetry.ts'

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs

const blank: WatchedValues = emptySample(ChannelId.parse('1'), 'pump')

/** One stretch of a course: what the pump says, and what its counter does. */
export interface Stretch {
  readonly minutes: number
  /** What the counter gains, mL/h. */
  readonly gains?: number
  readonly says?: Partial<WatchedValues> | ((minute: number) => Partial<WatchedValues>)
  /** Nothing is heard meanwhile. */
  readonly unheard?: boolean
}

export const running = (rateMlPerHour: number): Partial<WatchedValues> => ({
  operatingState: 'infusing',
  rateMlPerHour,
})
export const standing: Partial<WatchedValues> = { operatingState: 'paused', rateMlPerHour: 0 }

/** Samples of a course, each with a counter that shows steps of `stepMl`. */
export const course = (
  stretches: readonly Stretch[],
  { everyMs = 10_000, stepMl = 0.001, startMl = 0 } = {},
): readonly WatchedSample[] => {
  const samples: WatchedSample[] = []
  let ml = startMl
  let at = 0
  for (const { minutes, gains = 0, says = {}, unheard = false } of stretches) {
    const from = at
    for (; at < from + minutes * minuteMs; at += everyMs) {
      ml += (gains * everyMs) / hourMs
      if (unheard) continue
      const told = typeof says === 'function' ? says((at - from) / minuteMs) : says
      const infusedTotalMl = Math.round(Math.floor(ml / stepMl + 1e-9) * stepMl * 1000) / 1000
      samples.push(sampleAt(at, samples.length + 1, { infusedTotalMl, ...told }))
    }
  }
  return samples
}

export const sampleAt = (at: number, seq: number, values: Partial<WatchedValues>): WatchedSample => ({
  at,
  uncertaintyMs: 0,
  bootId: 'boot-1',
  monotonicMs: at,
  seq,
  late: false,
  values: { ...blank, ...values },
})

/** The same sample so many minutes and numbers later. */
export const later = (sample: WatchedSample, minutes: number, numbers: number): WatchedSample => {
  const at = sample.at + minutes * minuteMs
  return { ...sample, at, monotonicMs: at, seq: sample.seq + numbers }
}

export const watchOf = (
  samples: readonly WatchedSample[],
  policy: DerivedPolicy = defaultDerivedPolicy,
): ChannelWatch => samples.reduce((watch, sample) => watched(watch, sample, policy), newWatch)

/** When a picture first is as wanted, minutes; null: never. */
export const firstMinute = (
  samples: readonly WatchedSample[],
  wanted: (picture: ChannelPicture) => boolean,
): number | null => {
  let watch = newWatch
  for (const sample of samples) {
    watch = watched(watch, sample, defaultDerivedPolicy)
    if (wanted(watch.picture)) return sample.at / minuteMs
  }
  return null
}

export const isUnder = ({ deviation }: ChannelPicture): boolean => deviation.under === 'raised'
export const isOver = ({ deviation }: ChannelPicture): boolean => deviation.over === 'raised'
export const isRising = ({ pressure }: ChannelPicture): boolean => pressure.level === 'raised'
