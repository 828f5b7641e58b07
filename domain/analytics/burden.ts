import type { AlarmBurden, Spread } from '../live/analytics.ts'
import type { AlarmFacts } from './alarm-facts.ts'

/** Of the values there are, by nearest rank; null: there are none. */
export const spreadOf = (values: readonly (number | null)[]): Spread | null => {
  const sorted = values.filter((value) => value !== null).toSorted((a, b) => a - b)
  const rank = (share: number): number | undefined => sorted[Math.ceil(share * sorted.length) - 1]
  const median = rank(0.5)
  const p90 = rank(0.9)
  const p95 = rank(0.95)
  const max = sorted.at(-1)
  if (median === undefined || p90 === undefined || p95 === undefined || max === undefined) return null
  return { count: sorted.length, median, p90, p95, max }
}

const share = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part / whole) * 1000) / 1000

const between = (from: number, to: number | null): number | null =>
  to === null ? null : Math.max(0, Math.round(to - from))

/** So often an alarm has to come back to count as chattering. */
export const chatteringTimes = 3
/** What goes on for longer is standing, ms. */
export const standingMs = 86_400_000

/** The figures of one group. `pages`: that were sent about these alarms. `now`: server time, ms. */
export const burdenOf = (
  key: string,
  alarms: readonly AlarmFacts[],
  isNight: (alarm: AlarmFacts) => boolean,
  pages: number | null,
  now: number,
): AlarmBurden => {
  const accepted = alarms.filter(({ acceptedAt }) => acceptedAt !== null).length
  const of = (wanted: AlarmFacts['priority']): number => alarms.filter(({ priority }) => priority === wanted).length
  const judged = alarms.filter((alarm) => alarm.class !== null)
  const shareOf = (wanted: AlarmFacts['class']): number | null =>
    share(judged.filter((alarm) => alarm.class === wanted).length, judged.length)
  return {
    key,
    alarms: alarms.length,
    high: of('high'),
    medium: of('medium'),
    low: of('low'),
    durationMs: spreadOf(alarms.map(({ startedAt, endedAt }) => between(startedAt, endedAt))),
    toSeenMs: spreadOf(alarms.map(({ toldAt, seenAt }) => between(toldAt, seenAt))),
    toAcceptedMs: spreadOf(alarms.map(({ toldAt, acceptedAt }) => between(toldAt, acceptedAt))),
    toResolvedMs: spreadOf(alarms.map(({ toldAt, resolvedAt }) => between(toldAt, resolvedAt))),
    accepted,
    recurrences: alarms.reduce((sum, { recurrence }) => sum + recurrence, 0),
    cameBack: alarms.filter(({ recurrence }) => recurrence > 0).length,
    chattering: alarms.filter(({ recurrence }) => recurrence >= chatteringTimes).length,
    standing: alarms.filter(({ startedAt, endedAt }) => (endedAt ?? now) - startedAt > standingMs).length,
    judged: judged.length,
    trueAndActed: shareOf('true-and-acted'),
    trueNotRelevant: shareOf('true-not-relevant'),
    false: shareOf('false'),
    pagesPerAccepted: pages === null || accepted === 0 ? null : Math.round((pages / accepted) * 100) / 100,
    nightShare: share(alarms.filter(isNight).length, alarms.length),
    completenessPercent: null,
  }
}
