import type { ProgramEnd } from './forecast.ts'

export interface PlannedTime {
  readonly startsAt: number
  readonly endsAt: number
}

export interface NextBag {
  readonly at: number
  /** `plan-goes-on`: the program ends before the delivery that is planned now does. `next-start`: the next one of the plan. */
  readonly why: 'plan-goes-on' | 'next-start'
}

/** So much earlier than its plan a program may end and count as having ended with it, ms. */
const withPlanMs = 1_800_000

/** When somebody has to hang the next bag, as far as program and plan tell; null: no plan says so. */
export const nextBag = (end: ProgramEnd, run: PlannedTime | null, nextRun: PlannedTime | null): NextBag | null => {
  if (end.how === 'at' && run !== null && end.likely < run.endsAt - withPlanMs)
    return { at: end.likely, why: 'plan-goes-on' }
  return nextRun === null ? null : { at: nextRun.startsAt, why: 'next-start' }
}
