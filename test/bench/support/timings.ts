import { setTimeout as pause } from 'node:timers/promises'
import { percentiles } from '#simulators/core/load/percentiles.ts'
import type { Percentiles } from '#simulators/core/load/percentiles.ts'

/** From `from` to `until`, ms of `performance.now()`. */
export interface Window {
  readonly from: number
  readonly until: number
}

/** How long something took each time, and when it began. */
export class Timings {
  readonly #taken: { readonly at: number; readonly ms: number }[] = []

  took(at: number): void {
    this.#taken.push({ at, ms: performance.now() - at })
  }

  /** Of what began in one of these windows. */
  within(windows: readonly Window[]): Percentiles | null {
    return percentiles(
      this.#taken.flatMap(({ at, ms }) => (windows.some(({ from, until }) => at >= from && at < until) ? [ms] : [])),
    )
  }
}

/**
 * Does something `perSecond` times a second, one after the other. What was due meanwhile is done at once and counts from when the first of it
 * was due: who waits for an answer waits also before she can ask again.
 */
export const steadily = async (
  perSecond: number,
  signal: AbortSignal,
  act: (nth: number, from: number) => Promise<void>,
): Promise<void> => {
  const everyMs = 1_000 / perSecond
  let due = performance.now()
  for (let nth = 0; !signal.aborted; nth += 1) {
    const waitMs = due - performance.now()
    if (waitMs > 0) await pause(waitMs)
    await act(nth, waitMs > 0 ? performance.now() : due)
    due += everyMs * Math.max(1, Math.floor((performance.now() - due) / everyMs))
  }
}
