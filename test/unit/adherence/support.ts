import { courseOf } from '#domain/adherence/course.ts'
import type { Course, Gap } from '#domain/adherence/course.ts'
import { keptRun } from '#domain/adherence/kept-run.ts'
import type { KeptRun } from '#domain/adherence/kept-run.ts'
import { adherencePolicy } from '#domain/adherence/policy.ts'
import type { PlannedRun } from '#domain/assignment/planned-runs.ts'
import type { PumpEventCode } from '#domain/events.ts'
import type { HistoryBucket } from '#domain/live/api.ts'
import type { OperatingState } from '#domain/telemetry.ts'
import { instant } from '#domain/time.ts'
import { BucketFold, historyFields } from '#server/core/history-buckets.ts'
import { columns } from '#server/core/telemetry-columns.ts'
import { ChannelId } from '#domain/ids.ts'
import { emptySample } from '#domain/telemetry.ts'

export const minute = 60_000
export const hour = 60 * minute
export const interval = 10_000

/** 20:00 to 08:00, 1000 mL; midnight of its first day is 0. */
export const night = (changes: Partial<PlannedRun> = {}): PlannedRun => ({
  startsAt: instant(20 * hour),
  endsAt: instant(32 * hour),
  volumeMl: 1200,
  rateMlPerHour: null,
  ...changes,
})

export interface Word {
  readonly at: number
  readonly state: OperatingState
  /** Null: the pump does not count. */
  readonly totalMl: number | null
  readonly rate?: number | null
}

const stateColumn = columns.find(({ name }) => name === 'state')
const numberOf = (state: OperatingState): number | null =>
  stateColumn?.read({ sample: { ...emptySample(ChannelId.parse('1'), 's'), operatingState: state }, late: false }) ??
  null

/** As a store gives them back; `width` 0: each for itself. */
export const bucketsOf = (words: readonly Word[], from: number, width = 0): HistoryBucket[] => {
  const fold = new BucketFold(from, width)
  for (const { at, state, totalMl, rate } of words)
    fold.add({
      at,
      late: false,
      state: numberOf(state),
      values: historyFields.map((field) =>
        field === 'infusedTotalMl' ? totalMl : field === 'rateMlPerHour' ? (rate ?? null) : null,
      ),
    })
  return fold.buckets()
}

/** What the pump really does: at a time, its state and its counter. */
export type Truth = (at: number) => Omit<Word, 'at'>

/** Infuses in [from, to) at 100 mL/h, else it is stopped. */
export const infusesFrom =
  (from: number, to: number, counts = true): Truth =>
  (at) => ({
    state: at >= from && at < to ? 'infusing' : 'stopped',
    totalMl: counts ? Math.round(((Math.min(Math.max(at, from), to) - from) / hour) * 100 * 1000) / 1000 : null,
    rate: at >= from && at < to ? 100 : 0,
  })

/** Every ten seconds, unless said otherwise, but in the times when nobody hears it. */
export const heard = (
  truth: Truth,
  from: number,
  to: number,
  unheard: readonly Gap[] = [],
  every: number = interval,
): Word[] => {
  const words: Word[] = []
  for (let at = from; at < to; at += every)
    if (!unheard.some((gap) => at > gap.from && at < gap.to)) words.push({ at, ...truth(at) })
  return words
}

export interface Seen {
  readonly truth: Truth
  readonly now?: number
  readonly unheard?: readonly Gap[]
  readonly events?: readonly { readonly at: number; readonly event: PumpEventCode }[]
  readonly run?: PlannedRun
  readonly width?: number
  /** How often the pump reports, ms. */
  readonly every?: number
  readonly from?: number
  readonly to?: number
}

export const courseSeen = ({
  truth,
  now = 40 * hour,
  unheard = [],
  events = [],
  width = 0,
  every = interval,
  ...span
}: Seen): Course => {
  const { from = 19 * hour, to = Math.min(now, 40 * hour) } = span
  const buckets = bucketsOf(heard(truth, from, to, unheard, every), from, width)
  return courseOf({ from, to, buckets, events, gapMs: Math.max(minute, 3 * every) }, every)
}

export const keptSeen = (seen: Seen): KeptRun => {
  const { now = 40 * hour, run = night() } = seen
  return keptRun({ run, course: courseSeen(seen), now, isOver: now >= 40 * hour }, adherencePolicy)
}
