import { defaultAlarmPolicy } from '#domain/alarm/policy.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { firstPlace } from './first-place.ts'
import type { Finding, Tolerance } from './finding.ts'
import type { Told } from './told.ts'
import type { Silence } from './troubles.ts'

// Pump not heard: raised when a pump was silent and only then, and in time (alarms.md, "Silence is an alarm"). When a pump was silent
// stands in the truth log: nothing that it said came out of the wire whole.

const { pumpSilenceMinMs, pumpSilenceMaxMs } = defaultAlarmPolicy
const code = 'link-lost-pump'
/** It spoke so often before it fell silent that its hub had reason to wait for it. */
const regular = { times: 3, withinMs: 15_000 } as const

/** A time in which a hub proved that it stood still itself, and what it therefore did not count. ms since the epoch. */
export interface Pardon {
  readonly from: number
  readonly until: number
  readonly ms: number
}

export type PardonsOf = (pumpId: string) => readonly Pardon[]

/** How much later than usual a hub may find what begins at `from` and is due at `due`, ms. */
export const pardonedMs = (pardons: readonly Pardon[], from: number, due: number): number =>
  pardons
    .toSorted((a, b) => a.from - b.from)
    .reduce((more, { from: at, until, ms }) => (until >= from && at <= due + more ? more + ms : more), 0)

const placeOf = (times: readonly number[], limit: number): number =>
  firstPlace(times.length, (place) => (times[place] ?? Infinity) >= limit)

/** How many times a pump was heard in [from, to]. */
export const heardBetween = (times: readonly number[], from: number, to: number): number =>
  Math.max(0, placeOf(times, to + 1) - placeOf(times, from))

/** A connection that breaks again and again may never come so far that its hub calls it up; who finds another pump on a cable knows that the first is gone. */
const breaks: ReadonlySet<string> = new Set(['reconnect-storm', 'cable', 'swap'])

/** An alarm for a pump that its hub was bound to hear. */
export const inventedSilence = (alarm: AlarmView, told: Told, { slackMs }: Tolerance): Finding | null => {
  const pumpId = alarm.pumpId ?? ''
  const errorMs = slackMs + alarm.uncertaintyMs
  const heard = told.heard.get(pumpId) ?? []
  const last = heard[placeOf(heard, alarm.startedAt - errorMs) - 1] ?? -Infinity
  if (alarm.startedAt - last >= pumpSilenceMinMs - errorMs) return null
  const isBroken = told.silences.some(
    (one) =>
      breaks.has(one.name) &&
      one.pumpId === pumpId &&
      alarm.startedAt >= one.at - errorMs &&
      alarm.startedAt <= one.until + pumpSilenceMaxMs + errorMs,
  )
  if (isBroken) return null
  return {
    kind: 'false',
    pumpId,
    what: `${code} at ${alarm.startedAt}, but the pump was heard ${Math.round(alarm.startedAt - last)} ms before`,
  }
}

interface Gap {
  readonly pumpId: string
  readonly from: number
  /** Infinity: it goes on. */
  readonly to: number
}

/** Silences that somebody made and that are long enough to be called. */
const gapsOf = (told: Told, leastMs: number, settledAt: number): readonly Gap[] => {
  const causes = Map.groupBy(told.silences, ({ pumpId }) => pumpId)
  return [...new Set(told.stories.map(({ pumpId }) => pumpId))].flatMap((pumpId) => {
    const times = told.heard.get(pumpId) ?? []
    return times.flatMap((from, place): readonly Gap[] => {
      const to = times[place + 1] ?? Infinity
      if (Math.min(to, settledAt) - from < leastMs || !hasCause(causes.get(pumpId) ?? [], from, to)) return []
      const wasRegular = heardBetween(times, from - regular.withinMs, from) >= regular.times
      return wasRegular ? [{ pumpId, from, to }] : []
    })
  })
}

const hasCause = (silences: readonly Silence[], from: number, to: number): boolean =>
  silences.some(({ at, until }) => at <= to && until >= from && at <= from + pumpSilenceMinMs)

/** Silences for which there is no alarm, or one that came too late. */
export const missedSilences = (
  told: Told,
  alarms: readonly AlarmView[],
  settledAt: number,
  { slackMs, lateMs }: Tolerance,
  pardonsOf: PardonsOf,
): readonly Finding[] => {
  const own = Map.groupBy(
    alarms.filter((alarm) => alarm.code === code),
    ({ pumpId }) => String(pumpId),
  )
  const hubs = alarms.filter((alarm) => alarm.code === 'link-lost-hub')
  return gapsOf(told, pumpSilenceMaxMs + lateMs + slackMs, settledAt).flatMap(
    ({ pumpId, from, to }): readonly Finding[] => {
      const due = from + pumpSilenceMaxMs + lateMs + slackMs
      const dueAt = due + pardonedMs(pardonsOf(pumpId), from, due)
      // Pardoned until it spoke again, or nobody heard its whole hub.
      if (dueAt > Math.min(to, settledAt)) return []
      if (hubs.some(({ startedAt, endedAt }) => startedAt <= dueAt && (endedAt ?? Infinity) >= from)) return []
      const isOpen = ({ startedAt, endedAt }: AlarmView): boolean => startedAt < to && (endedAt ?? Infinity) >= from
      const first = (own.get(pumpId) ?? []).filter(isOpen).map((alarm) => alarm.startedAt)
      const at = Math.min(...first)
      if (at <= dueAt) return []
      const silent = `${code} for a silence from ${from} on`
      return first.length === 0
        ? [{ kind: 'missing', pumpId, what: silent }]
        : [{ kind: 'late', pumpId, what: `${silent} came ${Math.round(at - from)} ms after it` }]
    },
  )
}
