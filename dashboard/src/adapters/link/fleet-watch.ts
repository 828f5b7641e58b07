import type { PumpId } from '#domain/ids.ts'
import { fleetOrder } from '#dashboard/core/fleet-order.ts'
import { fleetPicture, sameCells } from '#dashboard/core/fleet-cells.ts'
import type { FleetFacts } from '#dashboard/core/fleet-cells.ts'
import type { LiveState } from '#dashboard/core/live-fold.ts'
import type { FromWorker } from '#dashboard/core/worker-protocol.ts'

const soonestMs = 500

/** Tells the page of the fleet as a whole, at most twice a second and only what changed. */
export class FleetWatch {
  readonly #tell: (message: FromWorker) => void
  readonly #now: () => number | null
  readonly #beside: () => void
  #order: readonly PumpId[] = []
  #orderedPumps: number | null = null
  #cells: Uint8Array = new Uint8Array()
  #facts: FleetFacts | null = null
  #told: readonly PumpId[] | null = null
  #waiting: LiveState | null = null
  #timer: ReturnType<typeof setTimeout> | null = null

  /** `now`: server time, ms, or null while it is not known. `beside`: what else can wait so long is told in the same moment, so that the page draws one frame for both. */
  constructor(tell: (message: FromWorker) => void, now: () => number | null, beside: () => void) {
    this.#tell = tell
    this.#now = now
    this.#beside = beside
  }

  /** A picture that may differ from the last: told at once if the last time is long ago, else soon. */
  changed(state: LiveState): void {
    this.#waiting = state
    this.#timer ??= setTimeout(() => this.#run(), soonestMs)
  }

  /** The pumps or their names are others: their places may change. */
  reordered(state: LiveState): void {
    this.#orderedPumps = null
    this.changed(state)
  }

  /** Right now, for the first picture. */
  first(state: LiveState): void {
    this.#told = null
    this.#orderedPumps = null
    this.#waiting = state
    this.#run()
  }

  #run(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    const state = this.#waiting
    if (state === null) return
    this.#waiting = null
    this.#beside()
    if (this.#orderedPumps !== state.pumps.size) {
      this.#order = fleetOrder(state.pumps.values(), state.hubs)
      this.#orderedPumps = state.pumps.size
    }
    const { cells, facts } = fleetPicture(this.#order, state.pumps, state.alarms.values(), this.#now())
    const sameOrder = this.#told === this.#order
    if (sameOrder && sameCells(cells, this.#cells) && sameFacts(facts, this.#facts)) return
    this.#cells = cells
    this.#facts = facts
    this.#told = this.#order
    this.#tell({ kind: 'fleet', ids: sameOrder ? null : this.#order, cells, facts })
  }
}

const sameFacts = (a: FleetFacts, b: FleetFacts | null): boolean =>
  b !== null && a.pumps === b.pumps && a.reporting === b.reporting && a.stale === b.stale
