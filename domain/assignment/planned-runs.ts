import { datesAround, weekdayOf, whenClockReaches } from '../on-call/local-calendar.ts'
import type { TimeZone } from '../on-call/local-time.ts'
import type { Instant } from '../time.ts'
import { instant } from '../time.ts'
import type { Plan } from './plan.ts'

/** One delivery that is due by the plan. */
export interface PlannedRun {
  readonly startsAt: Instant
  readonly endsAt: Instant
  readonly volumeMl: number | null
  readonly rateMlPerHour: number | null
}

/** Those that start from `from` (inclusive) to `to` (exclusive), in order of their start. */
export const plannedRuns = (plan: Plan, timeZone: TimeZone, from: number, to: number): readonly PlannedRun[] =>
  plan.starts
    .flatMap(({ weekdays, at, durationMinutes, volumeMl, rateMlPerHour }) =>
      datesAround(timeZone, from, to)
        .filter((date) => weekdays.includes(weekdayOf(date)))
        .map((date) => {
          const startsAt = whenClockReaches(timeZone, date, at)
          return { startsAt, endsAt: instant(startsAt + durationMinutes * 60_000), volumeMl, rateMlPerHour }
        }),
    )
    .filter(({ startsAt }) => startsAt >= from && startsAt < to)
    .toSorted((a, b) => a.startsAt - b.startsAt)
