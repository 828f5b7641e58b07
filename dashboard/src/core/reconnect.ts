const leastMs = 500
const mostMs = 3_000

/** How long to wait before the next attempt: spread, so that a server that comes back is not met by everybody at once. `random`: 0 to 1. */
export const reconnectDelayMs = (random: number): number => Math.round(leastMs + random * (mostMs - leastMs))
