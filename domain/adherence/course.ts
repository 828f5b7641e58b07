import type { PumpEventCode } from '../events.ts'
import type { HistoryBucket } from '../live/api.ts'
import type { OperatingState } from '../telemetry.ts'

/** What a pump was doing, as far as a plan is concerned. `keeps-open`: only the keep-open flow. `waits`: between two doses. */
export type CourseKind = 'flows' | 'keeps-open' | 'waits' | 'stands'

/** A time in which the pump was heard and did one thing. */
export interface Stretch {
  readonly kind: CourseKind
  /** Of the first and the last word of it, ms. It began after the stretch before ended, and not later than `from`. */
  readonly from: number
  readonly to: number
  /** The pump told when it began: at `from`, not before. */
  readonly exact: boolean
}

/** Nobody heard the pump, or what was heard is not here (yet). */
export interface Gap {
  readonly from: number
  readonly to: number
}

/** A counter at some moment, mL. `falls`: it counts what is left. */
export interface Count {
  readonly at: number
  readonly risenMl: number
  /** A reset, or a time without a word, may hide more. */
  readonly sure: boolean
}

export interface Course {
  readonly from: number
  readonly to: number
  /** In the order of time. */
  readonly stretches: readonly Stretch[]
  readonly gaps: readonly Gap[]
  /** mL that went by since the count before it. Empty: the pump does not count. */
  readonly counts: readonly Count[]
}

export interface Told {
  readonly from: number
  readonly to: number
  /** Of one channel, in the order of time. */
  readonly buckets: readonly HistoryBucket[]
  /** Starts and stops that came on their own way: they are known where samples are missing. Oldest first. */
  readonly events: readonly { readonly at: number; readonly event: PumpEventCode }[]
  /** Longer than this between two words is a gap, ms. */
  readonly gapMs: number
}

const kindOf = (state: OperatingState): CourseKind | null => {
  switch (state) {
    case 'infusing':
    case 'bolus':
      return 'flows'
    case 'kvo':
      return 'keeps-open'
    case 'between-doses':
      return 'waits'
    case 'unknown':
      return null
    case 'off':
    case 'starting':
    case 'standby':
    case 'ready':
    case 'delay-start':
    case 'paused':
    case 'stopped-alarm':
    case 'stopped':
    case 'complete':
    case 'priming':
    case 'fault':
      return 'stands'
  }
}

const eventKinds: Partial<Readonly<Record<PumpEventCode, CourseKind>>> = {
  'delivery-start': 'flows',
  'delivery-stop': 'stands',
  'delivery-complete': 'stands',
  'kvo-start': 'keeps-open',
}

interface Word {
  readonly at: number
  readonly kind: CourseKind
  readonly isEvent: boolean
}

/** A thinned bucket knows its last state alone: the first rate tells how it began. */
const wordsOf = (bucket: HistoryBucket): readonly Word[] => {
  const kind = kindOf(bucket.state)
  if (kind === null) return []
  const rate = bucket.values.rateMlPerHour
  const last: Word = { at: bucket.to, kind, isEvent: false }
  if (bucket.samples === 1) return [last]
  const flowed = rate === undefined ? null : rate[0] > 0
  const began: CourseKind =
    flowed === null || flowed === (kind === 'flows' || kind === 'keeps-open') ? kind : flowed ? 'flows' : 'stands'
  return [{ at: bucket.from, kind: began, isEvent: false }, last]
}

/** Where the pump was heard: words not further apart than a gap needs. A bucket that misses so much inside counts as its two ends. */
const heardIn = ({ buckets, gapMs }: Told, intervalMs: number): readonly Gap[] => {
  const spans: { from: number; to: number }[] = []
  const add = (from: number, to: number): void => {
    const last = spans.at(-1)
    if (last !== undefined && from - last.to <= gapMs) last.to = Math.max(last.to, to)
    else spans.push({ from, to })
  }
  for (const bucket of buckets) {
    if (kindOf(bucket.state) === null) continue
    const missing = bucket.to - bucket.from - (bucket.samples - 1) * intervalMs
    if (missing <= gapMs) add(bucket.from, bucket.to)
    else {
      add(bucket.from, bucket.from)
      add(bucket.to, bucket.to)
    }
  }
  return spans
}

/** Of the counter that the pump has: what was infused, or what is left. */
const countsOf = ({ buckets, gapMs }: Told): readonly Count[] => {
  const name = buckets.some(({ values }) => values.infusedTotalMl !== undefined)
    ? 'infusedTotalMl'
    : 'programRemainingMl'
  const sign = name === 'infusedTotalMl' ? 1 : -1
  const counts: Count[] = []
  let before: { readonly at: number; readonly ml: number } | null = null
  for (const { from, to, values } of buckets) {
    const told = values[name]
    if (told === undefined) continue
    const [first, least, greatest, last] = sign === 1 ? told : [-told[0], -told[2], -told[1], -told[3]]
    if (before !== null) {
      const risen: number = first - before.ml
      counts.push({ at: from, risenMl: Math.max(0, risen), sure: risen >= -finestMl || from - before.at <= gapMs })
    } else counts.push({ at: from, risenMl: 0, sure: true })
    const isReset = least < first - finestMl || greatest > last + finestMl
    counts.push({ at: to, risenMl: isReset ? greatest - first + (last - least) : last - first, sure: true })
    before = { at: to, ml: last }
  }
  return counts
}

/** Counters have three decimals at most. */
const finestMl = 0.0015

/** What the words of a pump tell of a time, with nothing between them that nobody heard. `intervalMs`: how often it reports. */
export const courseOf = (told: Told, intervalMs: number): Course => {
  const { from, to, buckets, events } = told
  const words = [
    ...events.flatMap(({ at, event }): readonly Word[] => {
      const kind = eventKinds[event]
      return kind === undefined || at < from || at >= to ? [] : [{ at, kind, isEvent: true }]
    }),
    ...buckets.flatMap(wordsOf),
  ].toSorted((a, b) => a.at - b.at || Number(b.isEvent) - Number(a.isEvent))
  const counts = countsOf(told)
  const heard = heardIn(told, intervalMs)
  const stood = stoodUnheard(heard, words, counts, told)
  const covered = joined([...heard, ...stood])
  return { from, to, stretches: stretchesOf(words, covered), gaps: gapsBetween(covered, told), counts }
}

/** A counter that has not moved tells that nothing flowed while nobody listened, if nothing did before and after either. */
const stoodUnheard = (
  heard: readonly Gap[],
  words: readonly Word[],
  counts: readonly Count[],
  { events }: Told,
): readonly Gap[] =>
  heard.flatMap((span, index) => {
    const next = heard[index + 1]
    if (next === undefined) return []
    const before = words.findLast(({ at, isEvent }) => at <= span.to && !isEvent)
    const after = words.find(({ at, isEvent }) => at >= next.from && !isEvent)
    const count = counts.find(({ at }) => at === next.from)
    const isStill =
      before?.kind === 'stands' &&
      after?.kind === 'stands' &&
      count?.sure === true &&
      count.risenMl <= finestMl &&
      !events.some(({ at, event }) => eventKinds[event] !== undefined && at > span.to && at < next.from)
    return isStill ? [{ from: span.to, to: next.from }] : []
  })

const joined = (spans: readonly Gap[]): readonly Gap[] => {
  const all: { from: number; to: number }[] = []
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = all.at(-1)
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else all.push({ ...span })
  }
  return all
}

/** Between what was heard, and at both ends when more is missing there than a gap needs. */
const gapsBetween = (covered: readonly Gap[], { from, to, gapMs }: Told): readonly Gap[] => {
  const gaps: Gap[] = []
  let heardTo = from
  for (const span of covered) {
    if (span.from - heardTo > gapMs || (heardTo > from && span.from > heardTo))
      gaps.push({ from: heardTo, to: span.from })
    heardTo = Math.max(heardTo, span.to)
  }
  if (to - heardTo > gapMs || covered.length === 0) gaps.push({ from: heardTo, to })
  return gaps.filter((gap) => gap.to > gap.from)
}

const stretchesOf = (words: readonly Word[], covered: readonly Gap[]): readonly Stretch[] => {
  const stretches: { kind: CourseKind; from: number; to: number; exact: boolean }[] = []
  for (const { at, kind, isEvent } of words) {
    const last = stretches.at(-1)
    const isHeardSince = last !== undefined && covered.some((span) => span.from <= last.to && at <= span.to)
    if (last !== undefined && last.kind === kind && isHeardSince) last.to = at
    // Two events of one moment: the later one tells what it came to.
    else if (last !== undefined && isEvent && last.exact && last.from === at && last.to === at) last.kind = kind
    else stretches.push({ kind, from: at, to: at, exact: isEvent })
  }
  return stretches
}
