import type { PumpId } from '#domain/ids.ts'
import type { Cancel, Clock, Scheduler } from '#domain/time.ts'
import type { SeqRange } from '#domain/uplink/records.ts'
import type { Log } from '../log.ts'
import type { DueMinutes } from './due-minutes.ts'
import { minuteMs, type MinuteStore } from './minute.ts'

export interface RollUpsDependencies {
  readonly store: MinuteStore
  readonly due: DueMinutes
  /** Of which the store may hold samples. */
  readonly pumps: () => readonly PumpId[]
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly log: Log
}

/** Minutes made in one step: about 20 ms of the embedded store's work. */
const minutesPerStep = 60
/** Pumps looked at in one step for what was stored before roll-ups were kept. */
const pumpsPerStep = 20
/** A step rests four times as long as it took, and at least this long: ingest and alarms have the time in between. */
const shortestRestMs = 200
const longestRestMs = 60_000
const idleMs = 5000
/** A sample of a minute that is over may be this long on its way without making it twice. */
const settlingMs = 5000

interface Turn {
  readonly pumpId: PumpId
  readonly range: SeqRange
}

/** Makes due minutes in the background, in small steps, newest of each pump first, each pump in its turn. */
export class RollUps implements AsyncDisposable {
  readonly #deps: RollUpsDependencies
  #cancel: Cancel = () => undefined
  #working: Promise<void> = Promise.resolve()
  #stopped = false
  #isOpen = false
  #failures = 0
  #next = 0

  constructor(deps: RollUpsDependencies) {
    this.#deps = deps
  }

  start(): void {
    this.#rest(shortestRestMs)
  }

  /** One step, for tests too. True: there is more to do now. */
  async step(): Promise<boolean> {
    const { store, due, clock } = this.#deps
    if (!this.#isOpen) await due.openFor(store.place)
    this.#isOpen = true
    const isSeeding = await this.#seed()
    const spans = this.#turns(Math.floor((clock.now() - settlingMs) / minuteMs) - 1)
    if (spans.length === 0) return isSeeding
    await due.settle(spans, () =>
      store.rollUp(
        spans.map(({ pumpId, range: [first, last] }) => ({
          pumpId,
          from: first * minuteMs,
          to: (last + 1) * minuteMs,
        })),
      ),
    )
    return true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    this.#cancel()
    await this.#working
  }

  #rest(ms: number): void {
    if (this.#stopped) return
    this.#cancel = this.#deps.scheduler.after(ms, () => {
      this.#working = this.#work()
    })
  }

  async #work(): Promise<void> {
    const { clock, log } = this.#deps
    const began = clock.monotonic()
    try {
      const isMore = await this.step()
      this.#failures = 0
      this.#rest(isMore ? Math.max(shortestRestMs, 4 * (clock.monotonic() - began)) : idleMs)
    } catch (error) {
      this.#failures += 1
      // Marks stay: what is down now is made when it is back.
      if (this.#failures === 1) log.warn({ err: error }, 'minutes could not be rolled up')
      this.#rest(Math.min(longestRestMs, idleMs * this.#failures))
    }
  }

  /** What was stored before roll-ups were kept is due as a whole. */
  async #seed(): Promise<boolean> {
    const { store, due, pumps, clock } = this.#deps
    const unknown = [...new Set([...pumps(), ...due.pumps()])].filter((pumpId) => !due.isComplete(pumpId))
    for (const pumpId of unknown.slice(0, pumpsPerStep)) {
      const earliest = await store.earliest(pumpId)
      const before: SeqRange | null =
        earliest === null ? null : [Math.floor(earliest / minuteMs), Math.floor(clock.now() / minuteMs)]
      await due.complete(pumpId, before !== null && before[0] <= before[1] ? before : null)
    }
    return unknown.length > 0
  }

  /** Of each pump in its turn the newest minutes that are over. */
  #turns(newest: number): readonly Turn[] {
    const { due } = this.#deps
    const pumps = due.pumps()
    const turns: Turn[] = []
    let left = minutesPerStep
    for (let tried = 0; tried < pumps.length && left > 0; tried += 1) {
      const pumpId = pumps[(this.#next + tried) % pumps.length]
      const range = pumpId === undefined ? undefined : due.of(pumpId).findLast(([first]) => first <= newest)
      if (pumpId === undefined || range === undefined) continue
      const last = Math.min(range[1], newest)
      const first = Math.max(range[0], last - left + 1)
      turns.push({ pumpId, range: [first, last] })
      left -= last - first + 1
      if (left <= 0) this.#next = (this.#next + tried + 1) % pumps.length
    }
    return turns
  }
}
