import type { Clock } from '#domain/time.ts'

/** Called once per event of one client: true when it has sent more than `limit` within a second. */
export const floodGuard = (limit: number, clock: Pick<Clock, 'monotonic'>): (() => boolean) => {
  let windowStart = clock.monotonic()
  let events = 0
  return () => {
    const now = clock.monotonic()
    if (now - windowStart >= 1000) {
      windowStart = now
      events = 0
    }
    events += 1
    return events > limit
  }
}
