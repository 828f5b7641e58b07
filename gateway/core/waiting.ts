import type { Scheduler } from '#domain/time.ts'

/** Resolves after `delayMs` or when the signal aborts, whichever is first. Never rejects. */
export const pause = (scheduler: Scheduler, delayMs: number, signal: AbortSignal): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (signal.aborted) return Promise.resolve()
  const cancel = scheduler.after(delayMs, finish)
  signal.addEventListener('abort', finish, { once: true })
  function finish(): void {
    cancel()
    signal.removeEventListener('abort', finish)
    resolve()
  }
  return promise
}

/** A bell that remembers one ring: waiting after a ring returns at once. One waiter at a time. */
export class Bell {
  #rung = false
  #wake: (() => void) | null = null

  ring(): void {
    this.#rung = true
    this.#wake?.()
  }

  /** Resolves at a ring, after `timeoutMs`, or when the signal aborts. Never rejects. */
  async wait(scheduler: Scheduler, timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#rung && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const cancel = scheduler.after(timeoutMs, resolve)
      this.#wake = resolve
      signal.addEventListener('abort', this.#ring, { once: true })
      await promise
      signal.removeEventListener('abort', this.#ring)
      cancel()
      this.#wake = null
    }
    this.#rung = false
  }

  readonly #ring = (): void => this.ring()
}
