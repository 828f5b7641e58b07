/** Messages in work at once: one group commit of the outbox takes them together. */
export const windowMessages = 200

/**
 * Messages that are stored several at a time and acknowledged in the order they came in (MQTT 3.1.1, 4.6), each after its own commit.
 * After the first one that could not be stored nothing is acknowledged any more: what was not comes again.
 */
export class MessageWindow {
  readonly #size: number
  readonly #failed: (error: unknown) => void
  readonly #waiting: (() => void)[] = []
  #inWork = 0
  #last: Promise<boolean> = Promise.resolve(true)
  #closed = false

  /** `failed`: told once, at the first message that could not be stored. */
  constructor(failed: (error: unknown) => void, size = windowMessages) {
    this.#failed = failed
    this.#size = size
  }

  /** Calls `acknowledge` when `stored` and all before it are durable, and `next` as soon as another message fits. */
  take(stored: Promise<void>, acknowledge: () => void, next: () => void): void {
    this.#inWork += 1
    const ok = stored.then(
      () => true,
      (error: unknown) => {
        this.#fail(error)
        return false
      },
    )
    this.#last = Promise.all([this.#last, ok]).then((both) => {
      this.#inWork -= 1
      const good = both.every(Boolean)
      if (good && !this.#closed) acknowledge()
      this.#waiting.shift()?.()
      return good
    })
    if (this.#inWork < this.#size) next()
    else this.#waiting.push(next)
  }

  /** The connection is gone: nothing is acknowledged on it any more. */
  close(): void {
    this.#closed = true
  }

  #fail(error: unknown): void {
    if (this.#closed) return
    this.#closed = true
    this.#failed(error)
  }
}
