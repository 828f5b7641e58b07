/** Milliseconds since the Unix epoch, UTC. A wall clock's reading: it may step, so it stamps and never measures. */
export type Instant = number & { readonly __brand: 'Instant' }

export const instant = (ms: number): Instant => ms as Instant

/** The two clocks every program is handed. `now()` stamps; `monotonic()` (ms, never steps back) measures durations. */
export interface Clock {
  now(): Instant
  monotonic(): number
}

export type Cancel = () => void

/** Runs a task once after `delayMs` of monotonic time. The only timer that core code knows. */
export interface Scheduler {
  after(delayMs: number, task: () => void): Cancel
}
