import { reconnectDelayMs } from '#dashboard/core/reconnect.ts'
import type { FromWorker, ToWorker } from '#dashboard/core/worker-protocol.ts'

/** It ticks every second: one that says nothing for so long was never loaded whole. A narrow line takes its time. */
const firstWordMs = 30_000

export interface StartedWorker {
  readonly post: (message: ToWorker) => void
  readonly end: () => void
}

/** `failed`: also when its script does not come. */
export type StartWorker = (heard: (message: FromWorker) => void, failed: () => void) => StartedWorker

/** The worker behind a page. One whose script does not come over a bad line is started again until it does. */
export class LiveWorker {
  readonly #start: StartWorker
  readonly #take: (message: FromWorker) => void
  /** What was said before its first word, for the one that hears it. Null: it runs. */
  #unheard: ToWorker[] | null = []
  #worker: StartedWorker
  #next: ReturnType<typeof setTimeout> | undefined

  constructor(start: StartWorker, take: (message: FromWorker) => void) {
    this.#start = start
    this.#take = take
    this.#worker = this.#begin()
  }

  post(message: ToWorker): void {
    this.#unheard?.push(message)
    this.#worker.post(message)
  }

  #begin(): StartedWorker {
    this.#againAfter(firstWordMs)
    return this.#start(
      (message) => {
        clearTimeout(this.#next)
        this.#unheard = null
        this.#take(message)
      },
      () => {
        // Once it runs, an error of its own is no reason to lose what it holds.
        if (this.#unheard !== null) this.#againAfter(reconnectDelayMs(Math.random()))
      },
    )
  }

  #againAfter(ms: number): void {
    clearTimeout(this.#next)
    this.#next = setTimeout(() => {
      this.#worker.end()
      this.#worker = this.#begin()
      for (const message of this.#unheard ?? []) this.#worker.post(message)
    }, ms)
  }
}
