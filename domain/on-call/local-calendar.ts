import { Temporal } from 'temporal-polyfill'
import { instant } from '../time.ts'
import type { Instant } from '../time.ts'
import { Weekday } from './local-time.ts'
import type { LocalTime, TimeZone } from './local-time.ts'

/** A day of the calendar in some place. */
export type LocalDate = Temporal.PlainDate

export const localDate = (zone: TimeZone, at: number): LocalDate =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(zone).toPlainDate()

export const daysLater = (date: LocalDate, days: number): LocalDate => date.add({ days })

export const weekdayOf = (date: LocalDate): Weekday => Weekday.options[date.dayOfWeek - 1] ?? 'mon'

/**
 * The first instant at which the wall clock of that place shows this time of this day, or a later one. In an hour that the clock
 * skips, that is the moment of the jump; of an hour that it shows twice, the first time counts and the second changes nothing.
 * Read as bounds, such instants leave no gap between two shifts that touch, and no overlap.
 */
export const whenClockReaches = (zone: TimeZone, date: LocalDate, time: LocalTime): Instant => {
  const wanted = date.toPlainDateTime(Temporal.PlainTime.from(time))
  const found = wanted.toZonedDateTime(zone, { disambiguation: 'earlier' })
  if (found.toPlainDateTime().equals(wanted)) return instant(found.epochMilliseconds)
  const jump = found.getTimeZoneTransition('next')
  return instant((jump ?? found).epochMilliseconds)
}

/** From the day before the one that `from` falls on there, so that what began the evening before is found, to that of `to`. */
export const datesAround = (zone: TimeZone, from: number, to: number): readonly LocalDate[] => {
  const last = localDate(zone, to)
  const dates: LocalDate[] = []
  let date = daysLater(localDate(zone, from), -1)
  while (Temporal.PlainDate.compare(date, last) <= 0) {
    dates.push(date)
    date = daysLater(date, 1)
  }
  return dates
}

/** Of `2026-12-24`; null: there is no such day. */
export const dateOf = (text: string): LocalDate | null => {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' })
  } catch {
    return null
  }
}
