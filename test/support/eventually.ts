import { setTimeout as pause } from 'node:timers/promises'

export interface Waiting {
  /** ms until the wait is given up. */
  readonly within?: number
  /** ms between two looks. */
  readonly every?: number
  /** What is waited for, in the error. */
  readonly what?: string
}

/**
 * Looks until `probe` gives something other than `false`, `null` or `undefined`, and returns it. A probe that
 * throws counts as "not yet"; its last error is the cause when the deadline passes.
 */
export const eventually = async <T>(
  probe: () => T | Promise<T>,
  { within = 5_000, every = 10, what = 'the condition' }: Waiting = {},
): Promise<Exclude<T, false | null | undefined>> => {
  const deadline = performance.now() + within
  let cause: unknown
  for (;;) {
    try {
      const found = await probe()
      if (found !== false && found !== null && found !== undefined) return found as Exclude<T, false | null | undefined>
    } catch (error) {
      cause = error
    }
    if (performance.now() >= deadline) throw new Error(`waited ${within} ms in vain for ${what}`, { cause })
    await pause(every)
  }
}

/** Looks until `check` no longer throws: for `expect(…)` on something that is on its way. */
export const eventuallyPasses = async (check: () => void | Promise<void>, waiting: Waiting = {}): Promise<void> => {
  await eventually(async () => {
    await check()
    return true
  }, waiting)
}
