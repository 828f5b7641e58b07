const turnMs = 50

/**
 * How long this program waited for its turn, ms: time that other programs of the machine took. What is measured meanwhile is longer by
 * about as much, whatever the code under test did.
 */
export class StolenTime implements Disposable {
  ms = 0
  readonly #timer: NodeJS.Timeout

  constructor() {
    let last = performance.now()
    this.#timer = setInterval(() => {
      const now = performance.now()
      this.ms += Math.max(0, now - last - 2 * turnMs)
      last = now
    }, turnMs)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }
}
