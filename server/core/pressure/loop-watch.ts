import type { Cancel, Clock, Scheduler } from '#domain/time.ts'

/** What gives way: nothing; telemetry; telemetry and looks back. */
export type PressureLevel = 0 | 1 | 2

const everyMs = 500
/** How late the event loop is when telemetry, and when looks back, give way. An alarm waits for the same loop. */
const lateMs = { 1: 250, 2: 750 } as const
/** One stall is no load: it counts when so many looks in a row were late. */
const looksUp = 3
/** And it is over when so many in a row were less than half as late. */
const looksDown = 10

export interface LoopWatchDependencies {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly scheduler: Scheduler
}

/** Measures twice a second how late this process gets to what it wants to do. */
export class LoopWatch implements Disposable {
  readonly #deps: LoopWatchDependencies
  #late: readonly number[] = []
  #level: PressureLevel = 0
  #cancel: Cancel = () => undefined

  constructor(deps: LoopWatchDependencies) {
    this.#deps = deps
  }

  get level(): PressureLevel {
    return this.#level
  }

  /** At the newest look, ms. */
  get lateMs(): number {
    return this.#late.at(-1) ?? 0
  }

  start(): void {
    const { clock, scheduler } = this.#deps
    const due = clock.monotonic() + everyMs
    this.#cancel = scheduler.after(everyMs, () => {
      this.#take(Math.max(0, clock.monotonic() - due))
      this.start()
    })
  }

  [Symbol.dispose](): void {
    this.#cancel()
  }

  #take(late: number): void {
    this.#late = [...this.#late, late].slice(-looksDown)
    const least = this.#late.length < looksUp ? 0 : Math.min(...this.#late.slice(-looksUp))
    const asked = least > lateMs[2] ? 2 : least > lateMs[1] ? 1 : 0
    if (asked > this.#level) this.#level = asked
    else if (
      this.#level > 0 &&
      this.#late.length === looksDown &&
      Math.max(...this.#late) < lateMs[this.#level === 2 ? 2 : 1] / 2
    ) {
      this.#level = this.#level === 2 ? 1 : 0
      // Each step down is to be earned anew.
      this.#late = []
    }
  }
}
