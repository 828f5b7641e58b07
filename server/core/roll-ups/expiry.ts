import type { PumpId } from '#domain/ids.ts'
import type { Cancel, Clock, Scheduler } from '#domain/time.ts'
import type { Log } from '../log.ts'
import type { DueMinutes } from './due-minutes.ts'
import { minuteMs, type MinuteStore } from './minute.ts'

export interface ExpiryDependencies {
  readonly store: Pick<MinuteStore, 'expire' | 'pumpsKept'>
  readonly due: Pick<DueMinutes, 'of' | 'isComplete'>
  readonly days: { readonly samples: number; readonly minutes: number }
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly log: Log
}

const dayMs = 86_400_000
const everyMs = 600_000
/** About 10 ms of the embedded store's work. */
const rowsPerStep = 2000
const restMs = 250

/** Takes what is too old out of a store that does not forget by itself, a few rows at a time. A sample stays until its minute is made. */
export class Expiry implements AsyncDisposable {
  readonly #deps: ExpiryDependencies
  #cancel: Cancel = () => undefined
  #working: Promise<void> = Promise.resolve()
  #stopped = false
  #pumps: readonly PumpId[] = []

  constructor(deps: ExpiryDependencies) {
    this.#deps = deps
  }

  start(): void {
    this.#rest(restMs)
  }

  /** One step, for tests too. True: there is more to do now. */
  async step(): Promise<boolean> {
    const { store, due, days, clock } = this.#deps
    if (this.#pumps.length === 0) this.#pumps = await store.pumpsKept()
    const [pumpId, ...others] = this.#pumps
    if (pumpId === undefined) return false
    const now = clock.now()
    const firstDue = due.isComplete(pumpId) ? (due.of(pumpId)[0]?.[0] ?? Infinity) * minuteMs : 0
    const before = { samples: Math.min(now - days.samples * dayMs, firstDue), minutes: now - days.minutes * dayMs }
    const isMore = await store.expire(pumpId, before, rowsPerStep)
    if (!isMore) this.#pumps = others
    return this.#pumps.length > 0
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    this.#cancel()
    await this.#working
  }

  #rest(ms: number): void {
    if (this.#stopped) return
    this.#cancel = this.#deps.scheduler.after(ms, () => {
      this.#working = this.step().then(
        (isMore) => this.#rest(isMore ? restMs : everyMs),
        (error: unknown) => {
          this.#deps.log.warn({ err: error }, 'old samples could not be removed')
          this.#rest(everyMs)
        },
      )
    })
  }
}
