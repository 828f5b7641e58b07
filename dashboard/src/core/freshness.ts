// How true is what is drawn? The link to the server and each pump's value are judged apart.

/** ms since the last heartbeat at which the screen says that it is behind, reconnects, and stops being live. */
export const linkLimits = { lateMs: 3_000, reconnectMs: 5_000, notLiveMs: 10_000, phoneNumbersMs: 120_000 } as const

/** A moment that is known worse than this says so, ms. */
export const uncertainTimeMs = 2_000

export type LinkLook = 'connecting' | 'live' | 'late' | 'not-live'

/** `heardAgeMs` null: nothing heard since this page started, `sinceStartMs` ago. */
export const linkLook = (heardAgeMs: number | null, sinceStartMs: number): LinkLook => {
  if (heardAgeMs === null) return sinceStartMs < linkLimits.notLiveMs ? 'connecting' : 'not-live'
  if (heardAgeMs < linkLimits.lateMs) return 'live'
  return heardAgeMs < linkLimits.notLiveMs ? 'late' : 'not-live'
}

export type ValueLook = 'fresh' | 'aged' | 'stale' | 'never'

/** Age at which a value is stale: three status intervals, at least 5 s (the link watch's floor), at most 60 s. */
export const staleAfterMs = (statusIntervalMs: number): number =>
  Math.min(Math.max(3 * statusIntervalMs, 5_000), 60_000)

export const valueLook = (ageMs: number | null, statusIntervalMs: number): ValueLook => {
  if (ageMs === null) return 'never'
  const stale = staleAfterMs(statusIntervalMs)
  if (ageMs > stale) return 'stale'
  return ageMs > (stale * 2) / 3 ? 'aged' : 'fresh'
}

/**
 * A browser tab that slept: wall time ran on while the page's own clock did not, or its ticks came late. Null: it did not.
 * `unseenMs`: how long the page's own clock stood, ms, which no age reckoned by it knows.
 */
export const sleepSeen = (
  before: { readonly wallMs: number; readonly monotonicMs: number },
  now: { readonly wallMs: number; readonly monotonicMs: number },
  tickMs: number,
): { readonly unseenMs: number } | null => {
  const wall = now.wallMs - before.wallMs
  const monotonic = now.monotonicMs - before.monotonicMs
  const late = Math.max(monotonic - tickMs, Math.abs(wall - monotonic))
  return late > linkLimits.lateMs ? { unseenMs: Math.max(0, wall - monotonic) } : null
}
