import { Progress } from './progress.ts'
import { pause } from './waiting.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { StuckPart, WatchedPart } from './progress.ts'

/** Looked at this often, ms, when no supervisor asks for more. */
export const lookEveryMs = 10_000
/** A look that comes this late, ms, means that the process itself stood still. */
const stallMs = 3_000

export interface WatchdogDeps {
  readonly parts: readonly WatchedPart[]
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly everyMs: number
  /** Asked before each look, without being waited for. */
  readonly probe: () => void
  /** Tells the supervisor that the hub gets on. Not called while a part is stuck: the supervisor then starts it anew. */
  readonly feed: () => void
  /** Told when other parts are stuck than before; empty = all get on. */
  readonly stuckChanged: (stuck: readonly StuckPart[]) => void
}

const namesOf = (stuck: readonly StuckPart[]): string => stuck.map(({ name }) => name).join()

/** Feeds the supervisor's watchdog as long as every part makes progress (reliability.md 9, F24). */
export class Watchdog {
  readonly #deps: WatchdogDeps
  readonly #progress: Progress
  #stuck: readonly StuckPart[] = []

  constructor(deps: WatchdogDeps) {
    this.#deps = deps
    this.#progress = new Progress(deps.parts)
  }

  get stuck(): readonly StuckPart[] {
    return this.#stuck
  }

  /** Ends only when `signal` aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, scheduler, everyMs, probe, feed } = this.#deps
    let lookedMs = clock.monotonic()
    while (!signal.aborted) {
      probe()
      await pause(scheduler, everyMs, signal)
      if (signal.aborted) return
      const nowMs = clock.monotonic()
      if (nowMs - lookedMs > everyMs + stallMs) this.#progress.forgive(nowMs)
      lookedMs = nowMs
      this.#judge(this.#progress.look(nowMs))
      if (this.#stuck.length === 0) feed()
    }
  }

  #judge(stuck: readonly StuckPart[]): void {
    const changed = namesOf(stuck) !== namesOf(this.#stuck)
    this.#stuck = stuck
    if (changed) this.#deps.stuckChanged(stuck)
  }
}
