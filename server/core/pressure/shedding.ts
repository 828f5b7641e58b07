import type { Clock } from '#domain/time.ts'
import type { LoopWatch } from './loop-watch.ts'

/** What is turned away: samples of hubs first, then questions about the past. Alarms, heartbeats and live values never are. */
export type ShedLane = 'telemetry' | 'reads'
export type ShedReason = 'event-loop' | 'queue'

/** Batches of samples that may be on their way into the store at once; their bodies are in memory until then. */
const mostInWork = 200
/** Turning away for so long without such a pause is somebody's business. */
const lastingMs = 60_000
const pauseMs = 30_000
const quietMs = 300_000

export interface SheddingDependencies {
  readonly loop: Pick<LoopWatch, 'level'>
  /** Batches of samples that are being stored. */
  readonly inWork: () => number
  readonly clock: Pick<Clock, 'monotonic'>
}

/** Decides what gives way when there is too much to do, and remembers that it did (security.md 6). */
export class Shedding {
  readonly #deps: SheddingDependencies
  readonly #counts = new Map<`${ShedLane} ${ShedReason}`, number>()
  #since = 0
  #last = -Infinity
  #lasting = false

  constructor(deps: SheddingDependencies) {
    this.#deps = deps
  }

  /** Why this request is turned away, which is counted; null: it is not. */
  sheds(lane: ShedLane): ShedReason | null {
    const reason = this.#reason(lane)
    if (reason !== null) this.#count(lane, reason)
    return reason
  }

  counts(): readonly { readonly lane: ShedLane; readonly reason: ShedReason; readonly count: number }[] {
    const lanes = ['telemetry', 'reads'] as const
    const reasons = ['event-loop', 'queue'] as const
    return lanes.flatMap((lane) =>
      reasons.map((reason) => ({ lane, reason, count: this.#counts.get(`${lane} ${reason}`) ?? 0 })),
    )
  }

  /** In words, when it has gone on for a minute, and until five minutes were quiet. */
  trouble(): string | null {
    const now = this.#deps.clock.monotonic()
    if (now - this.#last >= quietMs) this.#lasting = false
    else if (this.#last - this.#since >= lastingMs) this.#lasting = true
    return this.#lasting
      ? 'the server has more to do than it can and turns readings of hubs away for moments; hubs keep them, alarms go on'
      : null
  }

  #reason(lane: ShedLane): ShedReason | null {
    const { loop, inWork } = this.#deps
    if (loop.level >= (lane === 'telemetry' ? 1 : 2)) return 'event-loop'
    return lane === 'telemetry' && inWork() >= mostInWork ? 'queue' : null
  }

  #count(lane: ShedLane, reason: ShedReason): void {
    const key = `${lane} ${reason}` as const
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
    const now = this.#deps.clock.monotonic()
    if (!this.#lasting && now - this.#last > pauseMs) this.#since = now
    this.#last = now
  }
}
