const longestMs = 3_600_000

/** `Retry-After` as ms from `now`, 0 to one hour: seconds or an HTTP date (RFC 9110 10.2.3). Null: absent or unreadable. */
export const retryAfterMs = (header: string | undefined, now: number): number | null => {
  if (header === undefined) return null
  const value = header.trim()
  const seconds = /^\d{1,10}$/.test(value)
  // `Date.parse` takes nearly anything; a date of HTTP begins with the day of the week.
  if (!seconds && !/^[A-Z][a-z]{2,8},? /.test(value)) return null
  const wanted = seconds ? Number(value) * 1000 : Date.parse(value) - now
  return Number.isNaN(wanted) ? null : Math.min(Math.max(0, wanted), longestMs)
}
