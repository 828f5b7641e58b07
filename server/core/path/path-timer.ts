import type { Cancel, Scheduler } from '#domain/time.ts'

const lookEveryMs = 5_000

export interface PathTimerDependencies {
  /** Must not reject. */
  readonly look: () => Promise<void>
  readonly scheduler: Scheduler
}

/** Overdue is found on a timer, not on the arrival of data: what does not come says nothing. */
export class PathTimer implements AsyncDisposable {
  readonly #deps: PathTimerDependencies
  #cancel: Cancel = () => undefined
  #working: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(deps: PathTimerDependencies) {
    this.#deps = deps
  }

  start(): void {
    this.#cancel = this.#deps.scheduler.after(lookEveryMs, () => {
      this.#working = this.#deps.look().finally(() => {
        if (!this.#stopped) this.start()
      })
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    this.#cancel()
    await this.#working
  }
}
