import { decideWatch, evolveWatch } from '#domain/hand-over/watch.ts'
import type { Watch, WatchCommand, WatchDecision, WatchEvent, WatchState } from '#domain/hand-over/watch.ts'
import type { PumpId } from '#domain/ids.ts'
import { KeyedQueue } from './keyed-queue.ts'

/** Append only: who watched which pump, and to whom it was offered. */
export interface WatchJournal {
  /** Durable when resolved. */
  append(events: readonly WatchEvent[]): Promise<void>
  /** In the order in which they were written. */
  readAll(): Promise<readonly WatchEvent[]>
}

const mostWaiting = 1000

/** The watched pumps: a fold of their journal. One change at a time. */
export class WatchBook {
  readonly #journal: WatchJournal
  readonly #queue = new KeyedQueue(mostWaiting)
  #state: WatchState = new Map()

  constructor(journal: WatchJournal) {
    this.#journal = journal
  }

  async rebuild(): Promise<void> {
    this.#state = (await this.#journal.readAll()).reduce<WatchState>(evolveWatch, new Map())
  }

  watches(): readonly Watch[] {
    return [...this.#state.values()]
  }

  watch(pumpId: PumpId): Watch | null {
    return this.#state.get(pumpId) ?? null
  }

  act(command: WatchCommand): Promise<WatchDecision> {
    return this.#queue.run('watch', async () => {
      const decision = decideWatch(this.#state, command)
      if (decision.outcome === 'ok' && decision.events.length > 0) {
        await this.#journal.append(decision.events)
        this.#state = decision.events.reduce<WatchState>(evolveWatch, this.#state)
      }
      return decision
    })
  }
}
