const shape = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?(?:Z|([+-])(\d{2}):(\d{2}))$/

const dayMs = 86_400_000
const epochDay = 719_468

/** Days since 1970-01-01 in the Gregorian calendar; years begin in March, so that the leap day is a year's last. */
const dayNumber = (year: number, month: number, day: number): number => {
  const y = month > 2 ? year : year - 1
  const ofYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + ofYear - epochDay
}

/** ms since the epoch of an RFC 3339 time; null: it is none. */
export const instantOf = (text: string): number | null => {
  const match = shape.exec(text)
  if (match === null) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  const offset = (Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0)) * (match[8] === '-' ? -1 : 1)
  const ofDay = ((hour * 60 + minute - offset) * 60 + second + Number(match[7] ?? 0)) * 1000
  return dayNumber(year, month, day) * dayMs + Math.round(ofDay)
}
