import type { Clock } from '#domain/time.ts'

const quietMs = 60_000
const keptAtMost = 256

interface Told {
  atMs: number
  more: number
}

/**
 * Lets the first of equal sentences through and then one a minute, so that a stranger who knocks all night does not fill a log on an
 * SD card. What it holds back is counted elsewhere anyway.
 */
export class ToldSparingly {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #told = new Map<string, Told>()

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
  }

  /** Calls `tell` with how many equal ones were held back before it, or not at all. */
  tell(key: string, tell: (heldBack: number) => void): void {
    const nowMs = this.#clock.monotonic()
    const before = this.#told.get(key)
    if (before !== undefined && nowMs - before.atMs < quietMs) {
      before.more += 1
      return
    }
    const [oldest] = this.#told.keys()
    if (before === undefined && this.#told.size >= keptAtMost && oldest !== undefined) this.#told.delete(oldest)
    this.#told.set(key, { atMs: nowMs, more: 0 })
    tell(before?.more ?? 0)
  }
}
