// Between moments and what calendar and clock show in some place. Pure: the zone's rules are the browser's.

const dayMs = 86_400_000
const minuteMs = 60_000

/** Days since 1 January 1970 of the Gregorian calendar (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil). */
const daysSince1970 = (year: number, month: number, day: number): number => {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** As if the clock were one of UTC; null: no such day or time. */
const asUtc = (day: string, time: string): number | null => {
  const [, y = '', m = '', d = ''] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? []
  const [, hour = '', minute = ''] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? []
  if (y === '' || hour === '' || Number(m) < 1 || Number(m) > 12 || Number(d) < 1 || Number(d) > 31) return null
  return daysSince1970(Number(y), Number(m), Number(d)) * dayMs + (Number(hour) * 60 + Number(minute)) * minuteMs
}

/** A moment, ms, at which the clock of `timeZone` shows this day and time; null: no such day or time. `2026-11-23`, `02:41`. */
export const zonedMs = (timeZone: string, day: string, time: string): number | null => {
  const wanted = asUtc(day, time)
  if (wanted === null) return null
  // Twice: the first guess may lie on the other side of a change of the clocks.
  const guess = wanted - offsetMs(timeZone, wanted)
  return wanted - offsetMs(timeZone, guess)
}

/** What the calendar and the clock of that place show, as inputs of a form want it. */
export const zonedParts = (timeZone: string, ms: number): { readonly day: string; readonly time: string } => {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  const shown = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]))
  return {
    day: `${shown.get('year')}-${shown.get('month')}-${shown.get('day')}`,
    time: `${shown.get('hour')}:${shown.get('minute')}`,
  }
}

const offsetMs = (timeZone: string, ms: number): number => {
  const { day, time } = zonedParts(timeZone, ms)
  return (asUtc(day, time) ?? ms) - Math.floor(ms / minuteMs) * minuteMs
}
