import { z } from 'zod'

const exists = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** A name of the IANA database, so that summer time is known: an offset such as `+01:00` is refused. */
export const TimeZone = z
  .string()
  .max(64)
  .refine((name) => /^[A-Za-z]/.test(name) && exists(name), 'must be a time zone such as Europe/Berlin')
export type TimeZone = z.infer<typeof TimeZone>

/** In the order of ISO 8601: Monday is 1. */
export const Weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])
export type Weekday = z.infer<typeof Weekday>

export const Weekdays = z
  .array(Weekday)
  .min(1)
  .max(7)
  .refine((days) => new Set(days).size === days.length, 'must name each weekday once')

/** What a clock on the wall shows, `00:00` to `23:59`. */
export const LocalTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 07:30')
export type LocalTime = z.infer<typeof LocalTime>
