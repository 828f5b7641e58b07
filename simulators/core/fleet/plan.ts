import type { Random } from '../random.ts'
import type { Cause } from './cause.ts'
import type { Rates } from './rates.ts'

export interface Trouble {
  /** Part of the program's volume that is in by then. */
  readonly at: number
  readonly cause: Exclude<Cause, 'complete'>
}

/** What will go wrong in one delivery. */
export interface Plan {
  readonly runsOut: boolean
  /** In order. */
  readonly troubles: readonly Trouble[]
}

/** Knuth's method, for the small means that deliveries have. */
const poisson = (mean: number, random: Random): number => {
  const floor = Math.exp(-mean)
  let count = 0
  for (let product = random.next(); product > floor; product *= random.next()) count += 1
  return count
}

/** Troubles keep away from both ends: a line takes a while to fill up against a clamp. */
export const planOf = (rates: Rates, random: Random): Plan => {
  const runsOut = random.next() < rates.runsOut
  const count = poisson(rates.others, random)
  const troubles = Array.from({ length: count }, () => ({
    at: random.between(0.02, 0.9),
    cause: random.weighted(rates.weights),
  }))
  return { runsOut, troubles: troubles.toSorted((a, b) => a.at - b.at) }
}
