const leastMs = 500
const mostMs = 3_000

/** How long to wait before the next attempt: spread, so that a server that comes back is not met by everybody at once. `random`: 0 to 1. */
export const reconnectDelayMs = (random: number): number => Math.round(leastMs + random * (mostMs - leastMs))

/** After a network came back: shorter, because one lost line brings no whole fleet, yet spread, because one access point brings a ward. */
export const onlineDelayMs = (random: number): number => Math.round(random * leastMs)
