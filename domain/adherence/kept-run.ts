import type { PlannedRun } from '../assignment/planned-runs.ts'
import type { Course, Gap, Stretch } from './course.ts'
import type { AdherencePolicy } from './policy.ts'

/** It was in this time; both the same: known as well as the pump reports. Null: it may have been any time before. */
export interface Between {
  readonly notBefore: number | null
  readonly notAfter: number
}

export type ActualStart =
  | ({ readonly how: 'at' } & Between)
  /** It ran already where this plan begins. */
  | { readonly how: 'went-on' }
  /** The pump was heard and delivered nothing. */
  | { readonly how: 'none' }
  /** It may have been while nobody heard the pump. */
  | { readonly how: 'not-known' }
  | { readonly how: 'to-come' }

export type ActualStop =
  | ({ readonly how: 'at' } & Between)
  | { readonly how: 'runs' }
  /** It ran on where the next plan begins, or where this one is followed no longer. */
  | { readonly how: 'went-on' }
  /** It ran when it was heard last; since then nobody knows. */
  | { readonly how: 'not-known'; readonly ranUntil: number }
  | { readonly how: 'none' }

/** `open`: not yet to be judged. `not-planned`: there is nothing to hold it against. */
export type Judged = 'kept' | 'early' | 'late' | 'missed' | 'short' | 'not-known' | 'open' | 'not-planned'

export interface KeptRun {
  readonly start: ActualStart
  readonly stop: ActualStop
  /** Null: the pump does not count, or nothing is known. `atLeast`: more may have flowed unheard. */
  readonly volume: { readonly ml: number; readonly atLeast: boolean } | null
  /** Stops on the way: how many, and how long together at least, ms. */
  readonly pauses: { readonly count: number; readonly ms: number }
  readonly judged: { readonly start: Judged; readonly stop: Judged; readonly volume: Judged }
  /** When nobody heard the pump, as far as it matters for this run. */
  readonly gaps: readonly Gap[]
}

/** From when to when a run is looked at: nothing of the one before, nothing of the one after. */
export const windowOf = (
  { startsAt, endsAt }: PlannedRun,
  before: PlannedRun | undefined,
  after: PlannedRun | undefined,
  { earlyStartMs, followMs }: AdherencePolicy,
): { readonly from: number; readonly to: number } => ({
  from: Math.min(startsAt, Math.max(startsAt - earlyStartMs, before?.endsAt ?? Number.NEGATIVE_INFINITY)),
  to: Math.max(endsAt, Math.min(endsAt + followMs, (after?.startsAt ?? Number.POSITIVE_INFINITY) - earlyStartMs)),
})

export interface RunToJudge {
  readonly run: PlannedRun
  /** Up to now, or to the end of the window when that is past. */
  readonly course: Course
  readonly now: number
  /** The window is over: nothing more can be heard of this run but what comes late. */
  readonly isOver: boolean
}

/** What became of one planned delivery, by what was heard of the pump. A silence is never taken for a delivery that was missed. */
export const keptRun = (toJudge: RunToJudge, policy: AdherencePolicy): KeptRun => {
  const { run, course, now } = toJudge
  const flows = flowsOf(course, run)
  const start = startOf(flows, toJudge, policy)
  if (now < run.startsAt && start.how !== 'at') return toCome
  const stop = stopOf(flows, toJudge)
  const volume = volumeOf(flows, toJudge, start, stop)
  return {
    start,
    stop,
    volume,
    pauses: pausesIn(flows, course),
    judged: {
      start: judgedStart(start, toJudge, policy),
      stop: judgedStop(stop, volume, toJudge, policy),
      volume: judgedVolume(volume, start, stop, toJudge, policy),
    },
    gaps: gapsThatMatter(course, start, stop, run),
  }
}

const toCome: KeptRun = {
  start: { how: 'to-come' },
  stop: { how: 'none' },
  volume: null,
  pauses: { count: 0, ms: 0 },
  judged: { start: 'open', stop: 'open', volume: 'open' },
  gaps: [],
}

/** With the time between two doses. What was over before its time, and nobody knows since when, belongs to the run before. */
const flowsOf = (course: Course, { startsAt }: PlannedRun): readonly Stretch[] => {
  const first = course.stretches.findIndex(
    (flow) => flow.kind === 'flows' && (flow.to >= startsAt || beganIn(flow, course)?.notBefore != null),
  )
  return first === -1 ? [] : course.stretches.slice(first).filter(({ kind }) => kind === 'flows' || kind === 'waits')
}

/** Null: it ran already where anybody looked first. */
const beganIn = (flow: Stretch, { stretches, gaps, from }: Course): Between | null => {
  if (flow.exact) return { notBefore: flow.from, notAfter: flow.from }
  const before = stretches[stretches.indexOf(flow) - 1]
  if (before !== undefined) return { notBefore: before.to, notAfter: flow.from }
  const isAfterGap = gaps.some((gap) => gap.from === from && gap.to === flow.from)
  return isAfterGap ? { notBefore: null, notAfter: flow.from } : null
}

const startOf = (
  flows: readonly Stretch[],
  { run, course, isOver }: RunToJudge,
  { shortPart }: AdherencePolicy,
): ActualStart => {
  const [first] = flows
  if (first !== undefined) {
    const began = beganIn(first, course)
    return began === null ? { how: 'went-on' } : { how: 'at', ...began }
  }
  // Heard to stand on both sides, it can have flowed no longer than the silence lasted.
  const silentMs = course.gaps.reduce((sum, gap) => sum + Math.max(0, Math.min(gap.to, run.endsAt) - gap.from), 0)
  const isSilentNow = !isOver && course.gaps.at(-1)?.to === course.to
  return { how: isSilentNow || silentMs >= shortPart * (run.endsAt - run.startsAt) ? 'not-known' : 'none' }
}

const stopOf = (flows: readonly Stretch[], { course, isOver }: RunToJudge): ActualStop => {
  const last = flows.at(-1)
  if (last === undefined) return { how: 'none' }
  const next = course.stretches[course.stretches.indexOf(last) + 1]
  if (next !== undefined) return { how: 'at', notBefore: next.exact ? next.from : last.to, notAfter: next.from }
  if (course.gaps.some(({ from }) => from >= last.to)) return { how: 'not-known', ranUntil: last.to }
  return { how: isOver ? 'went-on' : 'runs' }
}

const volumeOf = (
  flows: readonly Stretch[],
  { run, course: { counts, to } }: RunToJudge,
  start: ActualStart,
  stop: ActualStop,
): KeptRun['volume'] => {
  const [first] = flows
  if (first === undefined) return null
  // What was counted between the last word before the start and the first one after it belongs to the run.
  const since = start.how === 'went-on' ? run.startsAt : first.from
  const until = stop.how === 'at' ? stop.notAfter : stop.how === 'not-known' ? stop.ranUntil : to
  const inside = counts.filter(({ at }) => at >= since && at <= until)
  if (inside.length === 0) return null
  const ml = inside.reduce((sum, { risenMl }) => sum + risenMl, 0)
  const isSure = inside.every(({ sure }) => sure) && stop.how !== 'not-known'
  return { ml: Math.round(ml * 1000) / 1000, atLeast: !isSure }
}

const pausesIn = (flows: readonly Stretch[], { stretches }: Course): KeptRun['pauses'] => {
  const [first, last] = [flows[0], flows.at(-1)]
  if (first === undefined || last === undefined) return { count: 0, ms: 0 }
  const inside = stretches.slice(stretches.indexOf(first), stretches.indexOf(last))
  const stood = inside.filter(({ kind }) => kind === 'stands')
  return { count: stood.length, ms: stood.reduce((sum, { from, to }) => sum + to - from, 0) }
}

const judgedStart = (start: ActualStart, { run, now }: RunToJudge, { lateMs }: AdherencePolicy): Judged => {
  switch (start.how) {
    case 'to-come':
      return 'open'
    case 'went-on':
      return 'kept'
    case 'none':
      return now < run.startsAt + lateMs ? 'open' : 'missed'
    case 'not-known':
      return now < run.startsAt + lateMs ? 'open' : 'not-known'
    case 'at':
      return judgedTime(start, run.startsAt, lateMs)
  }
}

const judgedTime = ({ notBefore, notAfter }: Between, planned: number, lateMs: number): Judged => {
  if (notAfter < planned - lateMs) return 'early'
  if (notBefore !== null && notBefore > planned + lateMs) return 'late'
  const isCertain = notBefore !== null && notBefore >= planned - lateMs && notAfter <= planned + lateMs
  return isCertain ? 'kept' : 'not-known'
}

const isWhole = (volume: KeptRun['volume'], { volumeMl }: PlannedRun, { shortPart }: AdherencePolicy): boolean =>
  volume !== null && volumeMl !== null && volume.ml >= volumeMl * (1 - shortPart)

/** One that began late may end late, and one that gave all of its volume may end early. */
const judgedStop = (
  stop: ActualStop,
  volume: KeptRun['volume'],
  { run, course, now }: RunToJudge,
  policy: AdherencePolicy,
): Judged => {
  const { lateMs } = policy
  switch (stop.how) {
    case 'none':
    case 'runs':
      return 'open'
    case 'went-on':
      return course.to > run.endsAt + lateMs ? 'late' : 'kept'
    case 'not-known':
      return stop.ranUntil >= run.endsAt - lateMs ? 'kept' : now < run.endsAt ? 'open' : 'not-known'
    case 'at': {
      if (stop.notAfter >= run.endsAt - lateMs)
        return (stop.notBefore ?? 0) >= run.endsAt - lateMs || isWhole(volume, run, policy) ? 'kept' : 'not-known'
      if (isWhole(volume, run, policy)) return 'kept'
      // It may be a pause: it goes on, or its time is over.
      return now < run.endsAt - lateMs ? 'open' : 'early'
    }
  }
}

const judgedVolume = (
  volume: KeptRun['volume'],
  start: ActualStart,
  stop: ActualStop,
  { run, now, isOver }: RunToJudge,
  policy: AdherencePolicy,
): Judged => {
  if (run.volumeMl === null) return 'not-planned'
  if (isWhole(volume, run, policy)) return 'kept'
  const goesOn = stop.how === 'runs' || now < run.endsAt
  if (goesOn && !isOver) return 'open'
  if (start.how === 'none') return now < run.endsAt ? 'open' : 'missed'
  if (volume === null || volume.atLeast || start.how === 'not-known') return 'not-known'
  // What ran on before its plan began is not counted as this one's.
  return start.how === 'at' && start.notBefore === null ? 'not-known' : 'short'
}

const gapsThatMatter = (
  { gaps }: Course,
  start: ActualStart,
  stop: ActualStop,
  { startsAt, endsAt }: PlannedRun,
): readonly Gap[] => {
  const until = stop.how === 'at' ? Math.max(stop.notAfter, endsAt) : Number.POSITIVE_INFINITY
  const since =
    start.how === 'at' ? Math.min(start.notBefore ?? Number.NEGATIVE_INFINITY, startsAt) : Number.NEGATIVE_INFINITY
  return gaps.filter((gap) => gap.to > since && gap.from < until)
}
