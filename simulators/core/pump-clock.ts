/** What a pump's own clock shows. It names no time zone. */
export interface PumpClock {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly millisecond: number
}

/** 2022-11-04 11:10:36.067: every simulated pump wakes up at this moment. ms since the epoch, as if it were UTC. */
const atPowerOnMs = 1_667_560_236_067
const dayMs = 86_400_000

/** Days since 1970-01-01 as a date of the Gregorian calendar, counted in eras of 400 years that begin in March. */
const dateOf = (days: number): Pick<PumpClock, 'year' | 'month' | 'day'> => {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const march = Math.floor((5 * dayOfYear + 2) / 153)
  const month = march < 10 ? march + 3 : march - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * march + 2) / 5) + 1,
  }
}

/** What the clock shows as long as nothing is wrong with it, ms since the epoch, as if it were UTC. */
export const rightClockMs = (uptimeMs: number): number => atPowerOnMs + Math.floor(uptimeMs)

/** `aheadMs`: how wrong it is. `beginsMs`: it shows nothing earlier. */
export const pumpClock = (uptimeMs: number, aheadMs = 0, beginsMs = 0): PumpClock => {
  const ms = Math.max(beginsMs, rightClockMs(uptimeMs) + Math.floor(aheadMs))
  const ofDay = ms % dayMs
  return {
    ...dateOf(Math.floor(ms / dayMs)),
    hour: Math.floor(ofDay / 3_600_000),
    minute: Math.floor(ofDay / 60_000) % 60,
    second: Math.floor(ofDay / 1000) % 60,
    millisecond: ofDay % 1000,
  }
}
