import type { ClockFault } from './catalog.ts'

/** A clock that is not set yet shows this long after its beginning. */
const awakeMs = 60_000

/** How far a clock is ahead of the right time under its faults; they add up, and one that is over leaves nothing behind. */
export class WrongClock {
  readonly #beginsMs: number
  /** What the right clock showed when this one forgot; null: it did not. */
  #forgotAtMs: number | null = null
  #stepMs = 0
  #drift: { readonly sinceMs: number; readonly ppm: number } | null = null

  /** `beginsMs`: what it shows when it has forgotten the time, ms since 1970. */
  constructor(beginsMs: number) {
    this.#beginsMs = beginsMs
  }

  /** `nowMs` measures; `rightMs`: what the clock would show now. `amount`: s, or ppm. */
  set(fault: ClockFault, amount: number | null, nowMs: number, rightMs: number): void {
    switch (fault) {
      case 'clock-1970':
        this.#forgotAtMs = amount === null ? null : rightMs
        return
      case 'clock-step':
        this.#stepMs = (amount ?? 0) * 1000
        return
      case 'clock-drift':
        this.#drift = amount === null ? null : { sinceMs: nowMs, ppm: amount }
    }
  }

  /** The power was away: a clock without a battery forgets again. */
  restarted(rightMs: number): void {
    if (this.#forgotAtMs !== null) this.#forgotAtMs = rightMs
  }

  get drifts(): boolean {
    return this.#drift !== null
  }

  get isRight(): boolean {
    return this.#forgotAtMs === null && this.#stepMs === 0 && this.#drift === null
  }

  /** Through the drift alone: what a counter of the same quartz is ahead by. */
  driftMs(nowMs: number): number {
    return this.#drift === null ? 0 : ((nowMs - this.#drift.sinceMs) * this.#drift.ppm) / 1e6
  }

  aheadMs(nowMs: number): number {
    const forgotten = this.#forgotAtMs === null ? 0 : this.#beginsMs + awakeMs - this.#forgotAtMs
    return forgotten + this.#stepMs + this.driftMs(nowMs)
  }
}
