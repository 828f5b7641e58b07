import type { Clock } from '#domain/time.ts'

/**
 * The server's time for deadlines: the wall clock of the start, carried on by the monotonic clock, in whole ms. A step of the wall
 * clock moves no deadline of this run (reliability.md 7 rule 5).
 */
export class PagingClock {
  readonly #clock: Clock
  readonly #offset: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#offset = clock.now() - clock.monotonic()
  }

  now(): number {
    return Math.ceil(this.#offset + this.#clock.monotonic())
  }

  /** A stamp of the wall clock of now in this clock's time. A stamp in the future counts as now: no stamp puts a page off. */
  ofStamp(stamp: number): number {
    return Math.floor(this.now() - Math.max(0, this.#clock.now() - stamp))
  }
}
