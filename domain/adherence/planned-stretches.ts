import type { Assignment } from '../assignment/assignment.ts'
import { plannedRuns } from '../assignment/planned-runs.ts'
import type { PlannedRun } from '../assignment/planned-runs.ts'
import type { TimeZone } from '../on-call/local-time.ts'
import { windowOf } from './kept-run.ts'
import type { AdherencePolicy } from './policy.ts'

/** A delivery that was planned, as plans stood when it was due. */
export interface RunInPlan {
  readonly run: PlannedRun
  readonly timeZone: TimeZone
  /** From when to when the pump is looked at for it, ms. */
  readonly from: number
  readonly to: number
  /** The pump was used for somebody else, or for nobody, from then on; null: it was not, before `to`. */
  readonly cutAt: number | null
}

/** A time in which the pump served one home by one plan. */
interface PlannedTime {
  readonly details: NonNullable<Assignment['details']>
  readonly from: number
  /** Exclusive; null: until now and on. */
  readonly to: number | null
  /** The same home by another plan follows. */
  readonly replanned: boolean
  /** Of the home, whatever its plan. */
  readonly homeFrom: number
  readonly homeTo: number | null
}

const isSamePlan = (a: Assignment, b: Assignment): boolean =>
  a.details !== null &&
  b.details !== null &&
  isSameHome(a, b) &&
  a.details.timeZone === b.details.timeZone &&
  JSON.stringify(a.details.plan) === JSON.stringify(b.details.plan)

const isSameHome = (a: Assignment, b: Assignment): boolean =>
  a.details !== null && b.details !== null && a.details.label === b.details.label && a.validTo === b.validFrom

const plannedTimes = (history: readonly Assignment[]): readonly PlannedTime[] => {
  const groups: Assignment[][] = []
  for (const one of history) {
    const group = groups.at(-1)
    const last = group?.at(-1)
    if (group !== undefined && last !== undefined && isSamePlan(last, one)) group.push(one)
    else groups.push([one])
  }
  const ends = groups.flatMap((group) => {
    const [first, last] = [group[0], group.at(-1)]
    return first === undefined || last === undefined ? [] : [{ first, last }]
  })
  return ends.flatMap(({ first, last }, index) => {
    const { details } = last
    if (details === null) return []
    let [begun, over] = [index, index]
    while (sameHomeAt(ends[begun - 1]?.last, ends[begun]?.first)) begun -= 1
    while (sameHomeAt(ends[over]?.last, ends[over + 1]?.first)) over += 1
    return [
      {
        details,
        from: first.validFrom,
        to: last.validTo,
        replanned: over > index,
        homeFrom: ends[begun]?.first.validFrom ?? first.validFrom,
        homeTo: ends[over]?.last.validTo ?? null,
      },
    ]
  })
}

const sameHomeAt = (a: Assignment | undefined, b: Assignment | undefined): boolean =>
  a !== undefined && b !== undefined && isSameHome(a, b)

/** No planned run lasts longer, ms. */
const longestMs = 7 * 86_400_000

/**
 * What was due from `from` (inclusive) to `to` (exclusive), each by the plan that held when it was to begin. A plan that was changed
 * before its start counted as late is answered for by the new one.
 */
export const runsInPlans = (
  history: readonly Assignment[],
  facility: TimeZone,
  { from, to }: { readonly from: number; readonly to: number },
  policy: AdherencePolicy,
): readonly RunInPlan[] =>
  plannedTimes(history).flatMap((time) => {
    const { plan } = time.details
    if (plan === null || time.from >= to || (time.to !== null && time.to <= from)) return []
    const timeZone = time.details.timeZone ?? facility
    const runs = plannedRuns(plan, timeZone, from - longestMs, to + longestMs)
    return runs.flatMap((run, index): readonly RunInPlan[] => {
      const { startsAt } = run
      const isDue = startsAt >= Math.max(from, time.from) && startsAt < Math.min(to, time.to ?? to)
      const isTakenBack = time.replanned && time.to !== null && time.to < startsAt + policy.lateMs
      if (!isDue || isTakenBack) return []
      const looked = windowOf(run, runs[index - 1], runs[index + 1], policy)
      const isCut = time.homeTo !== null && time.homeTo < looked.to
      return [
        {
          run,
          timeZone,
          from: Math.max(looked.from, time.homeFrom),
          to: isCut ? time.homeTo : looked.to,
          cutAt: isCut ? time.homeTo : null,
        },
      ]
    })
  })
