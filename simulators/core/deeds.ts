import type { Act } from './acts.ts'
import { describeFault, type FaultSwitch } from './faults/catalog.ts'

/** Something that is done to a pump. */
export type Deed =
  | { readonly kind: 'act'; readonly act: Act }
  | { readonly kind: 'fault'; readonly change: FaultSwitch }

export interface DoneDeed {
  /** Virtual time at the end of the quantum it was done in. */
  readonly atMs: number
  readonly byHand: boolean
  readonly deed: Deed
}

/** Of one pump. Some days of the liveliest story. */
const mostDeeds = 10_000

/** Everything that was done to one pump, by its story and by hand, as far as there is room. */
export class Deeds {
  readonly #done: DoneDeed[] = []
  /** From here on nothing was noted any more; null: everything was. Virtual ms. */
  fullAtMs: number | null = null

  note(done: DoneDeed): void {
    if (this.fullAtMs !== null) return
    if (this.#done.length >= mostDeeds) this.fullAtMs = done.atMs
    else this.#done.push(done)
  }

  get done(): readonly DoneDeed[] {
    return this.#done
  }
}

export interface WrittenFault {
  readonly fromMs: number
  readonly untilMs: number | null
  readonly byHand: boolean
  readonly change: FaultSwitch
}

/** Beginnings and ends as a scenario file has them: an end belongs to the latest beginning of its fault and way. */
export const faultsWritten = (done: readonly DoneDeed[]): readonly WrittenFault[] => {
  const written: { -readonly [K in keyof WrittenFault]: WrittenFault[K] }[] = []
  for (const { atMs, byHand, deed } of done) {
    if (deed.kind !== 'fault') continue
    const { change } = deed
    if (change.on) written.push({ fromMs: atMs, untilMs: null, byHand, change })
    else {
      const begun = written.findLast(
        ({ change: known, untilMs }) => known.fault === change.fault && known.way === change.way && untilMs === null,
      )
      if (begun !== undefined && describeFault(change.fault).isMoment !== true) begun.untilMs = atMs
    }
  }
  return written
}
