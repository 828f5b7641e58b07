/** Before its end, ms: time to sign in again while the alarms go on. */
export const sessionWarnMs = 5 * 60_000

/** `now`: server time; null before the first heartbeat. */
export const endsSoon = (sessionEndsAt: number, now: number | null): boolean =>
  now !== null && sessionEndsAt > now && sessionEndsAt - now <= sessionWarnMs
