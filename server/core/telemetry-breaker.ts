/** Consecutive failures that stop the asking, and how often a stopped store is tried with one batch (reliability.md 1, rule 1). */
const failuresToOpen = 3
const probeEveryMs = 5000

/** Keeps a store that is down from costing every batch its full deadline. Times are monotonic ms. */
export class TelemetryBreaker {
  #failures = 0
  #nextProbeMs = 0

  get open(): boolean {
    return this.#failures >= failuresToOpen
  }

  /** Whether this batch may go to the store; while open, one per probe interval. */
  admits(nowMs: number): boolean {
    if (!this.open) return true
    if (nowMs < this.#nextProbeMs) return false
    this.#nextProbeMs = nowMs + probeEveryMs
    return true
  }

  succeeded(): void {
    this.#failures = 0
  }

  failed(nowMs: number): void {
    this.#failures += 1
    if (this.#failures === failuresToOpen) this.#nextProbeMs = nowMs + probeEveryMs
  }
}
