import { hashText, mix32 } from '../random.ts'
import { FleetPump } from './fleet-pump.ts'
import type { Mix, Therapy } from './mixes.ts'
import { ratesOf } from './rates.ts'
import type { Said } from './said.ts'

export interface FleetOptions {
  readonly mix: Mix
  readonly pumps: number
  readonly hubs: number
  readonly seed: number
  /** Whole seconds; 0: no samples. */
  readonly sampleEveryMs: number
  /** Longest step while nothing happens, whole seconds. */
  readonly quietMs?: number
}

export const mostPumpsPerHub = 64
const usualQuietMs = 60_000

/** Therapies in turn, so that every part of the fleet has them in their shares. */
const inTurn = (therapies: readonly Therapy[], count: number): readonly Therapy[] => {
  const given = new Map<Therapy, number>()
  return Array.from({ length: count }, (_, index) => {
    const owed = (one: Therapy): number => one.share * (index + 1) - (given.get(one) ?? 0)
    const next = therapies.reduce((a, b) => (owed(b) > owed(a) ? b : a))
    given.set(next, (given.get(next) ?? 0) + 1)
    return next
  })
}

export const pumpIdOf = (index: number): string => `F-${String(index + 1).padStart(5, '0')}`

/** Many pumps in one process, moved through virtual time together. */
export class Fleet {
  readonly pumps: readonly FleetPump[]
  readonly #options: FleetOptions

  constructor(options: FleetOptions) {
    this.#options = options
    const { mix, seed, sampleEveryMs } = options
    const quietMs = Math.min(options.quietMs ?? usualQuietMs, sampleEveryMs === 0 ? Infinity : sampleEveryMs)
    const rates = new Map(mix.therapies.map((therapy) => [therapy, ratesOf(mix, therapy)]))
    this.pumps = inTurn(mix.therapies, options.pumps).map((therapy, index) => {
      const id = pumpIdOf(index)
      const own = rates.get(therapy) ?? ratesOf(mix, therapy)
      return new FleetPump({ index, id, seed: mix32(seed, hashText(id)), therapy, rates: own, sampleEveryMs, quietMs })
    })
  }

  /** Place of the hub that reads this pump, from 0. */
  hubOf(pump: number): number {
    return Math.floor((pump * this.#options.hubs) / this.#options.pumps)
  }

  /** What all pumps say up to `toMs`: by time, then by pump. */
  advance(toMs: number): readonly Said[] {
    const said = this.pumps.flatMap((pump) => pump.advance(toMs))
    return said.toSorted((a, b) => a.atMs - b.atMs || a.pump - b.pump || a.message - b.message)
  }
}
