import type { WatchedValues } from './watched-sample.ts'

type Counter = 'infusedTotalMl' | 'infusedSegmentMl' | 'programRemainingMl'

const counters: readonly Counter[] = ['infusedTotalMl', 'infusedSegmentMl', 'programRemainingMl']

/** Counters have three decimals at most; what is smaller comes from the arithmetic. */
const finestMl = 0.001
const rounded = (ml: number): number => Math.round(ml * 10_000) / 10_000

/** mL that went by between two samples, by the best counter that both tell; null: none, or it was set back meanwhile. */
export const countedMl = (before: WatchedValues, after: WatchedValues): number | null => {
  const counter = counters.find((name) => before[name] !== null && after[name] !== null)
  const [was, is] = counter === undefined ? [null, null] : [before[counter], after[counter]]
  if (was === null || is === null) return null
  const risen = rounded(counter === 'programRemainingMl' ? was - is : is - was)
  return risen < 0 ? null : risen
}

/** What a counter has shown of its own step, lately: some pumps have fewer decimals as the number grows. */
export interface CounterStep {
  /** Null: it has not moved yet. */
  readonly ml: number | null
  readonly lastMl: number | null
  /** The least since it was counted from anew, and how often it has advanced since. */
  readonly newerMl: number | null
  readonly advances: number
}

export const unknownStep: CounterStep = { ml: null, lastMl: null, newerMl: null, advances: 0 }

/** After so many advances the older ones are forgotten. */
const remembered = 32

const lesser = (known: number | null, ...seen: readonly number[]): number | null => {
  const least = Math.min(known ?? Infinity, ...seen.filter((ml) => ml >= finestMl))
  return least === Infinity ? null : least
}

/** Every advance, and every difference of two of them, is a multiple of the step: the least of them is never below it. */
export const stepAfter = ({ ml, lastMl, newerMl, advances }: CounterStep, advancedMl: number): CounterStep => {
  const difference = lastMl === null ? 0 : rounded(Math.abs(advancedMl - lastMl))
  const newer = lesser(newerMl, advancedMl, difference)
  if (advances + 1 < remembered)
    return { ml: lesser(ml, advancedMl, difference), lastMl: advancedMl, newerMl: newer, advances: advances + 1 }
  return { ml: newer, lastMl: advancedMl, newerMl: null, advances: 0 }
}
