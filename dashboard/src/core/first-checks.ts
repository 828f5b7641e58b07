import { countsAsCritical } from '#domain/alarm/catalogue.ts'
import type { AlarmAdvice } from '#domain/alarm/alarm-advice.ts'
import type { TherapyCriticality } from '#domain/alarm/codes.ts'

/** Nobody touches anything before the team was called. */
export const callsFirst = (criticality: TherapyCriticality): boolean => countsAsCritical(criticality)

/** What to ask on the phone, for this therapy. */
export const checksOf = (alarm: AlarmAdvice, criticality: TherapyCriticality): readonly string[] =>
  countsAsCritical(criticality) ? (alarm.criticalFirstChecks ?? alarm.firstChecks) : alarm.firstChecks
