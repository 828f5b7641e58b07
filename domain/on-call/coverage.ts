import type { UserId } from '../ids.ts'
import { instant } from '../time.ts'
import type { Instant } from '../time.ts'
import { DutyPlace } from './duty.ts'
import { datesAround, daysLater, weekdayOf, whenClockReaches } from './local-calendar.ts'
import type { LocalDate } from './local-calendar.ts'
import type { LocalTime } from './local-time.ts'
import type { Rota } from './rota.ts'

/** Who holds a place from one change to the next. */
export interface DutyStretch {
  readonly from: Instant
  /** Exclusive. */
  readonly to: Instant
  /** Null: nobody. */
  readonly userId: UserId | null
}

/** Whether a user can be on call at all; one whose account is disabled leaves a gap. */
export type IsAvailable = (userId: UserId) => boolean

const everybody: IsAvailable = () => true

/** A calendar is slow: each day is worked out once, and each time of a day once. */
const weeklyShifts = (rota: Rota, place: DutyPlace, from: number, to: number): readonly DutyStretch[] => {
  const entries = rota.entries.filter((entry) => entry.place === place)
  return datesAround(rota.timeZone, from, to).flatMap((date) => {
    const weekday = weekdayOf(date)
    const today = entries.filter((entry) => entry.weekdays.includes(weekday))
    if (today.length === 0) return []
    const known = new Map<string, Instant>()
    const when = (day: LocalDate, which: 'today' | 'tomorrow', time: LocalTime): Instant => {
      const found = known.get(which + time) ?? whenClockReaches(rota.timeZone, day, time)
      known.set(which + time, found)
      return found
    }
    const tomorrow = daysLater(date, 1)
    return today.map((entry) => ({
      from: when(date, 'today', entry.from),
      to: entry.to > entry.from ? when(date, 'today', entry.to) : when(tomorrow, 'tomorrow', entry.to),
      userId: entry.userId,
    }))
  })
}

/** The whole of `from` to `to` (ms, exclusive), in order, without a hole; neighbours differ in who it is. */
export const coverage = (
  rota: Rota,
  place: DutyPlace,
  from: number,
  to: number,
  isAvailable: IsAvailable = everybody,
): readonly DutyStretch[] => {
  const weekly = weeklyShifts(rota, place, from, to)
  const once = rota.overrides.filter((override) => override.place === place)
  const bounds = [...weekly, ...once].flatMap((stretch) => [stretch.from, stretch.to])
  const inside = bounds.filter((bound) => bound > from && bound < to)
  const steps = [...new Set([from, ...inside])].toSorted((a, b) => a - b)
  const stretches: DutyStretch[] = []
  for (const [index, start] of steps.entries()) {
    const covers = (stretch: { readonly from: number; readonly to: number }): boolean =>
      stretch.from <= start && start < stretch.to
    const holder = (once.findLast(covers) ?? weekly.find(covers))?.userId ?? null
    const userId = holder !== null && isAvailable(holder) ? holder : null
    const end = instant(steps[index + 1] ?? to)
    const last = stretches.at(-1)
    if (last?.userId === userId) stretches[stretches.length - 1] = { ...last, to: end }
    else stretches.push({ from: instant(start), to: end, userId })
  }
  return stretches
}

export type Holders = Readonly<Record<DutyPlace, UserId | null>>

/** Who is on call at that moment. */
export const dutyAt = (rota: Rota, at: number, isAvailable: IsAvailable = everybody): Holders => {
  const holder = (place: DutyPlace): UserId | null => coverage(rota, place, at, at + 1, isAvailable)[0]?.userId ?? null
  return { primary: holder('primary'), backup: holder('backup'), lead: holder('lead') }
}

/** When nobody holds that place. */
export const gaps = (
  rota: Rota,
  from: number,
  to: number,
  place: DutyPlace = 'primary',
  isAvailable: IsAvailable = everybody,
): readonly DutyStretch[] => coverage(rota, place, from, to, isAvailable).filter(({ userId }) => userId === null)

/** The next moment after `at`, up to `until`, at which somebody else holds some place; null: none. */
export const nextChange = (
  rota: Rota,
  at: number,
  until: number,
  isAvailable: IsAvailable = everybody,
): Instant | null => {
  const changes = DutyPlace.options.flatMap((place) =>
    coverage(rota, place, at, until, isAvailable)
      .slice(1)
      .map(({ from }) => from),
  )
  return changes.length === 0 ? null : instant(Math.min(...changes))
}
