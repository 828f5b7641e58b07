import type { Pardon } from '#domain/listening-clock.ts'

const kept = 20

export interface StallReport {
  /** Since the start of the process. */
  readonly count: number
  /** Stalls and the grace after each, ms. */
  readonly ms: number
  /** The newest, oldest first. */
  readonly newest: readonly Pardon[]
}

/** What silence was pardoned because this process itself stood still: by so much later it finds that a pump is silent. */
export class Stalls {
  #count = 0
  #ms = 0
  #newest: readonly Pardon[] = []

  get report(): StallReport {
    return { count: this.#count, ms: this.#ms, newest: this.#newest }
  }

  pardoned(pardon: Pardon): void {
    this.#count += 1
    this.#ms += pardon.ms
    this.#newest = [...this.#newest, pardon].slice(-kept)
  }
}
