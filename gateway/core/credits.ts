export interface CreditRate {
  /** Credits of a full account. */
  readonly burst: number
  readonly perSecond: number
}

/** An account that fills by itself and is emptied by use. Owns no clock: times are monotonic ms. */
export class Credits {
  readonly #burst: number
  #left: number
  #filledAtMs: number

  constructor(burst: number, nowMs: number) {
    this.#burst = burst
    this.#left = burst
    this.#filledAtMs = nowMs
  }

  /** Takes one credit. False when there is none: nothing is taken then. `perSecond`: how fast it has filled since the last look. */
  take(perSecond: number, nowMs: number): boolean {
    if (!this.has(perSecond, nowMs)) return false
    this.#left -= 1
    return true
  }

  /** Whether `take` would give one. */
  has(perSecond: number, nowMs: number): boolean {
    this.#left = Math.min(this.#burst, this.#left + (Math.max(0, nowMs - this.#filledAtMs) / 1000) * perSecond)
    this.#filledAtMs = nowMs
    return this.#left >= 1
  }

  /** Gives one back: what was paid for turned out well. */
  refund(): void {
    this.#left = Math.min(this.#burst, this.#left + 1)
  }
}
