import type { Clock } from '#domain/time.ts'

/** What the server said its clock reads, carried on by our monotonic clock: steps of our wall clock do not reach it. */
export class ServerTime {
  readonly #clock: Clock
  #known: { readonly serverAt: number; readonly monotonicMs: number } | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  learn(serverAt: number, monotonicMs: number): void {
    this.#known = { serverAt, monotonicMs }
  }

  /** ms since the epoch; null while no server has told. */
  now(): number | null {
    return this.#known === null ? null : this.#known.serverAt + this.#clock.monotonic() - this.#known.monotonicMs
  }
}
