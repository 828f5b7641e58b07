import { describeFault, type FaultName, type FaultSwitch } from './catalog.ts'

const otherWay = { 'from-pump': 'to-pump', 'to-pump': 'from-pump' } as const

/** The faults of one pump that go on, each as it was begun. */
export class RunningFaults {
  #running: readonly FaultSwitch[] = []

  get names(): readonly FaultName[] {
    return [...new Set(this.#running.map(({ fault }) => fault))]
  }

  /** The changes by which all of them end. */
  get ends(): readonly FaultSwitch[] {
    return this.#running.map((known) => ({ ...known, on: false }))
  }

  note(change: FaultSwitch): void {
    const { fault, on, way } = change
    this.#running = this.#running.flatMap((known): readonly FaultSwitch[] => {
      if (known.fault !== fault) return [known]
      if (way === 'both' || known.way === way) return []
      return known.way === 'both' ? [{ ...known, way: otherWay[way] }] : [known]
    })
    if (on && describeFault(fault).isMoment !== true) this.#running = [...this.#running, change]
  }

  /** The changes by which somebody ends a fault: all of it that goes on that way; the other way begins anew. */
  endings({ fault, way }: FaultSwitch): readonly FaultSwitch[] {
    return this.#running
      .filter((known) => known.fault === fault && (way === 'both' || known.way === 'both' || known.way === way))
      .flatMap((known): readonly FaultSwitch[] => {
        const end = { ...known, on: false }
        return way !== 'both' && known.way === 'both' ? [end, { ...known, way: otherWay[way] }] : [end]
      })
  }
}
