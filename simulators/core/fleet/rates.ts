import type { Cause } from './cause.ts'
import type { Mix, Therapy } from './mixes.ts'

/** What one therapy's deliveries have to bring so that the whole fleet comes to the published counts. */
export interface Rates {
  /** Chance that a delivery runs to its end and the pump calls; else somebody is there in time. */
  readonly runsOut: number
  /** Mean number of all other alarms of one delivery. */
  readonly others: number
  /** Among those others. */
  readonly weights: readonly (readonly [weight: number, cause: Exclude<Cause, 'complete'>])[]
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

/**
 * A program ends once, so a therapy with many alarms (parenteral nutrition: 6.77) has one at its end and the rest on the way; what
 * that leaves of the population's mean and of its shares falls to the other therapies.
 */
export const ratesOf = (mix: Mix, therapy: Therapy): Rates => {
  const all = sum(mix.shares.map(([percent]) => percent))
  const weights = mix.shares.flatMap(([percent, cause]) => (cause === 'complete' ? [] : [[percent, cause] as const]))
  const completes = mix.alarmsPerDelivery * (1 - sum(weights.map(([percent]) => percent)) / all)
  if (therapy.alarmsPerDelivery !== null) return { runsOut: 1, others: therapy.alarmsPerDelivery - 1, weights }
  const volume = (some: readonly Therapy[]): number => sum(some.map((one) => one.share * one.deliveriesPerDay))
  const fixed = mix.therapies.filter(({ alarmsPerDelivery }) => alarmsPerDelivery !== null)
  const part = volume(fixed) / volume(mix.therapies)
  const told = sum(fixed.map((one) => (one.alarmsPerDelivery ?? 0) * volume([one]))) / volume(mix.therapies)
  return {
    runsOut: (completes - part) / (1 - part),
    others: (mix.alarmsPerDelivery - completes - (told - part)) / (1 - part),
    weights,
  }
}
