import type { DerivedPolicy } from './policy.ts'
import type { WatchedValues } from './watched-sample.ts'

/** What a plan asks of a run; null: nothing. */
export interface PlannedProgram {
  readonly rateMlPerHour: number | null
  readonly volumeMl: number | null
}

const differs = (planned: number | null, set: number | null, policy: DerivedPolicy): boolean =>
  planned !== null && set !== null && Math.abs(set - planned) > policy.otherProgramPart * planned

/** Null: the pump does not say, or it does not run a program that can be compared. */
export const runsOtherProgram = (
  planned: PlannedProgram,
  values: WatchedValues,
  policy: DerivedPolicy,
): boolean | null => {
  const { operatingState, deliveryMode, rateMlPerHour, programmedRateMlPerHour, vtbiMl } = values
  if (operatingState !== 'infusing') return null
  const set = programmedRateMlPerHour ?? (deliveryMode === 'continuous' ? rateMlPerHour : null)
  const compared = (planned.rateMlPerHour !== null && set !== null) || (planned.volumeMl !== null && vtbiMl !== null)
  if (!compared) return null
  return differs(planned.rateMlPerHour, set, policy) || differs(planned.volumeMl, vtbiMl, policy)
}
