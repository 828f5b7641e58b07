import type { AssignmentDetails } from '#domain/assignment/assignment.ts'
import { plannedRuns } from '#domain/assignment/planned-runs.ts'
import type { PlannedRun } from '#domain/assignment/planned-runs.ts'
import type { PumpId } from '#domain/ids.ts'
import type { PlannedRunView, PumpUse } from '#domain/live/roster.ts'
import type { TeamId } from '#domain/on-call/duty.ts'
import { TimeZone } from '#domain/on-call/local-time.ts'
import type { Assignment } from '#domain/assignment/assignment.ts'

const dayMs = 86_400_000
/** No planned delivery lasts longer, and none is told further ahead. */
const spanMs = 8 * dayMs
const workedOutMs = 3_600_000

export interface PumpUsesDependencies {
  readonly assignments: { stretch(pumpId: PumpId): Assignment | null }
  readonly teamName: (teamId: TeamId) => string | null
  readonly facilityTimeZone: string
}

/** What pumps are used for, with the deliveries that are planned around now. */
export class PumpUses {
  readonly #deps: PumpUsesDependencies
  readonly #facility: TimeZone
  readonly #runs = new WeakMap<AssignmentDetails, { readonly at: number; readonly runs: readonly PlannedRun[] }>()

  constructor(deps: PumpUsesDependencies) {
    this.#deps = deps
    this.#facility = TimeZone.parse(deps.facilityTimeZone)
  }

  /** The team and how its assignment calls it, without working out its plan. */
  team(pumpId: PumpId): { readonly teamId: TeamId; readonly name: string } | null {
    const details = this.#deps.assignments.stretch(pumpId)?.details
    return details == null ? null : { teamId: details.teamId, name: this.#nameOf(details.teamId) }
  }

  /** 0: nothing is stored of this pump. */
  version(pumpId: PumpId): number {
    return this.#deps.assignments.stretch(pumpId)?.version ?? 0
  }

  of(pumpId: PumpId, now: number): PumpUse | null {
    const stretch = this.#deps.assignments.stretch(pumpId)
    if (stretch?.details == null) return null
    const { details } = stretch
    const runs = this.#runsOf(details, now)
    return {
      since: stretch.validFrom,
      teamId: details.teamId,
      teamName: this.#nameOf(details.teamId),
      therapy: details.therapy,
      timeZone: details.timeZone,
      hasPhone: details.phone !== null,
      run: viewOf(runs.findLast(({ startsAt, endsAt }) => startsAt <= now && now < endsAt)),
      nextRun: viewOf(runs.find(({ startsAt }) => startsAt > now)),
    }
  }

  #nameOf(teamId: TeamId): string {
    return this.#deps.teamName(teamId) ?? teamId
  }

  /** A calendar is slow and a plan changes seldom: worked out again after an hour. */
  #runsOf(details: AssignmentDetails, now: number): readonly PlannedRun[] {
    if (details.plan === null) return []
    const known = this.#runs.get(details)
    if (known !== undefined && Math.abs(now - known.at) < workedOutMs) return known.runs
    const runs = plannedRuns(details.plan, details.timeZone ?? this.#facility, now - spanMs, now + spanMs)
    this.#runs.set(details, { at: now, runs })
    return runs
  }
}

const viewOf = (run: PlannedRun | undefined): PlannedRunView | null =>
  run === undefined ? null : { startsAt: run.startsAt, endsAt: run.endsAt }
