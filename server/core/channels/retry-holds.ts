/** Addresses that asked to be left alone for a while (`Retry-After`). On monotonic time; forgets what is over. */
export class RetryHolds {
  #until: ReadonlyMap<string, number> = new Map()

  hold(address: string, now: number, ms: number): void {
    const kept = [...this.#until].filter(([, until]) => until > now)
    this.#until = new Map(kept).set(address, now + ms)
  }

  /** How long the address still waits, ms; null: not at all. */
  waits(address: string, now: number): number | null {
    const left = (this.#until.get(address) ?? now) - now
    return left > 0 ? left : null
  }
}
