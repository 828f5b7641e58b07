import { claimedFlow } from './claimed-flow.ts'
import type { Flow } from './claimed-flow.ts'
import type { DerivedPolicy } from './policy.ts'
import { countedMl, stepAfter, unknownStep } from './volume-counter.ts'
import type { CounterStep } from './volume-counter.ts'
import type { Level, WatchedSample } from './watched-sample.ts'

// Volume against program. Two sums grow with what the counter lacks, or has too much, beyond the tolerated part, and fall back when it
// makes up for it; below zero they are forgotten. So each is the worst deviation over all windows of time that end now: a slow pump is
// judged over hours and a fast one within a minute, without a window that somebody has to choose.

const hourMs = 3_600_000
/** A raised alarm ends when the sum has fallen to this part of its limit. */
const overAt = 0.5
/** Nothing is called fine before this time, ms. */
const leastProofMs = 60_000

export interface DeliveryDeviation {
  readonly before: WatchedSample | null
  readonly step: CounterStep
  /** Beyond tolerance, mL. */
  readonly lackingMl: number
  readonly excessMl: number
  /** What flows while a counter lags, at the fastest rate that may still stand in the sums, mL. */
  readonly lagMl: number
  /** Too much is not judged before: a counter may still make up for a flow whose rate nobody told, ms. */
  readonly unclearTo: number
  /** What was judged so far. */
  readonly provenMs: number
  readonly provenMl: number
  readonly under: Level
  readonly over: Level
}

export const undeviated: DeliveryDeviation = {
  before: null,
  step: unknownStep,
  lackingMl: 0,
  excessMl: 0,
  lagMl: 0,
  unclearTo: 0,
  provenMs: 0,
  provenMl: 0,
  under: 'unknown',
  over: 'unknown',
}

/** While the pump itself calls for the same reason, there is one alarm: its own. */
const callsForLittle = ({ values }: WatchedSample): boolean =>
  values.activeAlarms.some((code) => code.startsWith('occlusion-'))
const callsForMuch = ({ values }: WatchedSample): boolean => values.activeAlarms.includes('free-flow')

/** Null: between two starts of a hub nothing measures time but wall clocks, and they step. */
const elapsedBetween = (a: WatchedSample, b: WatchedSample): number | null =>
  a.bootId === b.bootId && b.monotonicMs >= a.monotonicMs ? b.monotonicMs - a.monotonicMs : null

/** Between two samples a rate may have changed at any moment. */
const between = (a: Flow, b: Flow): Flow => ({ least: Math.min(a.least, b.least), most: Math.max(a.most, b.most) })

/** mL by which a sum has to have grown. */
export const limitMl = ({ step, lagMl }: Pick<DeliveryDeviation, 'step' | 'lagMl'>, policy: DerivedPolicy): number =>
  policy.toleratedMl + 2 * (step.ml ?? policy.assumedStepMl) + lagMl

/** After the next sample in time. */
export const deviationAfter = (
  was: DeliveryDeviation,
  sample: WatchedSample,
  policy: DerivedPolicy,
): DeliveryDeviation => {
  const { before } = was
  const now = claimedFlow(sample.values)
  if (before === null) return judged({ ...was, before: sample }, now, policy)
  const then = claimedFlow(before.values)
  const advancedMl = countedMl(before.values, sample.values)
  const elapsedMs = elapsedBetween(before, sample)
  const lagEnds = sample.at + policy.counterLagMs + Math.min(elapsedMs ?? Infinity, 3 * policy.counterLagMs)
  if (then === null || now === null || advancedMl === null || elapsedMs === null || elapsedMs > policy.longestGapMs)
    return judged({ ...unjudged(was, advancedMl, policy), before: sample, unclearTo: lagEnds }, now, policy)
  const flow = between(then, now)
  const leastMl = (flow.least * elapsedMs) / hourMs
  const mostMl = (flow.most * elapsedMs) / hourMs
  const step = advancedMl > 0 ? stepAfter(was.step, advancedMl) : was.step
  const fastest = Math.max(then.least, now.least)
  const lagMl = Math.max(
    (fastest * (policy.counterLagMs + elapsedMs)) / hourMs,
    was.lagMl - policy.toleratedPart * leastMl,
  )
  const limit = limitMl({ step, lagMl }, policy)
  // One reading alone decides nothing: a value that was misread, or a dose that began and ended between two samples.
  const mostAtOnce = Math.max(3 * mostMl, mostMl + 2 * (step.ml ?? policy.assumedStepMl), limit / 3)
  const countsMl = Math.min(advancedMl, mostAtOnce)
  const unclearTo = mostMl === Infinity ? lagEnds : was.unclearTo
  // Of a dose that was not judged up to a step of the counter shows later.
  const unseenMl = mostMl === Infinity && was.over !== 'raised' ? (step.ml ?? policy.assumedStepMl) : 0
  // What was raised at one limit stands at another.
  const scale = limit / limitMl(was, policy)
  const lacked = was.lackingMl * (was.under === 'raised' ? scale : 1)
  const exceeded = was.excessMl * (was.over === 'raised' ? scale : 1)
  const lacking = lacked + leastMl * (1 - policy.toleratedPart) - countsMl
  const excess = before.at < unclearTo ? exceeded - unseenMl : exceeded + countsMl - mostMl * (1 + policy.toleratedPart)
  return judged(
    {
      before: sample,
      step,
      lagMl,
      unclearTo,
      lackingMl: Math.min(limit, Math.max(0, lacking)),
      excessMl: Math.min(limit, Math.max(0, excess)),
      provenMs: was.provenMs + elapsedMs,
      provenMl: was.provenMl + leastMl,
      under: was.under,
      over: was.over,
    },
    now,
    policy,
  )
}

/** What is not known neither raises nor hides: only the step that a counter owed, and what it lagged, may have come meanwhile. */
const unjudged = (state: DeliveryDeviation, advancedMl: number | null, policy: DerivedPolicy): DeliveryDeviation => {
  const stepMl = state.step.ml ?? policy.assumedStepMl
  const owedMl = Math.min(advancedMl ?? Infinity, stepMl + state.lagMl)
  return {
    ...state,
    lackingMl: state.under === 'raised' ? state.lackingMl : Math.max(0, state.lackingMl - owedMl),
    excessMl: state.over === 'raised' ? state.excessMl : Math.max(0, state.excessMl - stepMl - state.lagMl),
  }
}

const judged = (state: DeliveryDeviation, now: Flow | null, policy: DerivedPolicy): DeliveryDeviation => {
  const limit = limitMl(state, policy)
  const { before } = state
  const stands = now?.least === 0
  const little = before !== null && (stands || callsForLittle(before))
  const much = before !== null && callsForMuch(before)
  const lackingMl = little ? Math.min(state.lackingMl, limit * overAt) : state.lackingMl
  const excessMl = much ? Math.min(state.excessMl, limit * overAt) : state.excessMl
  const isProven = state.provenMs >= leastProofMs && (stands || state.provenMl >= limit)
  return {
    ...state,
    lackingMl,
    excessMl,
    under: little ? 'fine' : levelOf(state.under, lackingMl, limit, isProven),
    over: much ? 'fine' : levelOf(state.over, excessMl, limit, isProven),
  }
}

const levelOf = (was: Level, sumMl: number, limit: number, isProven: boolean): Level => {
  if (sumMl >= limit) return 'raised'
  if (was === 'raised') return sumMl <= limit * overAt ? 'fine' : 'raised'
  return isProven && sumMl <= limit * overAt ? 'fine' : was
}
