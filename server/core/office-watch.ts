import type { Cancel, Scheduler } from '#domain/time.ts'
import type { Log } from './log.ts'

/** Asking costs nothing while nobody else wrote. */
export const lookEveryMs = 2000

export interface OfficeWatchDependencies {
  /** Another number as soon as another process has written. */
  readonly outsideWrites: () => number
  readonly refresh: () => Promise<void>
  readonly scheduler: Scheduler
  readonly log: Log
}

/** Commands (accounts, assignments, teams, rotas) write beside a running server: it takes their changes over within 2 s. */
export class OfficeWatch implements Disposable {
  readonly #deps: OfficeWatchDependencies
  #seen: number
  #cancel: Cancel = () => undefined
  #ended = false

  constructor(deps: OfficeWatchDependencies) {
    this.#deps = deps
    this.#seen = deps.outsideWrites()
  }

  start(): void {
    this.#cancel = this.#deps.scheduler.after(lookEveryMs, () => void this.#look())
  }

  async #look(): Promise<void> {
    try {
      const newest = this.#deps.outsideWrites()
      if (newest !== this.#seen) {
        await this.#deps.refresh()
        this.#seen = newest
      }
    } catch (error) {
      this.#deps.log.error({ err: error }, 'changed assignments and rotas could not be read')
    }
    if (!this.#ended) this.start()
  }

  [Symbol.dispose](): void {
    this.#ended = true
    this.#cancel()
  }
}
