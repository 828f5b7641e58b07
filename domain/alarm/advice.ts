import type { AlarmAdvice } from './alarm-advice.ts'
import { countsAsCritical } from './catalogue.ts'
import type { AlarmCode, TherapyCriticality } from './codes.ts'
import { derivedAdvice } from './derived-advice.ts'
import { pumpAdvice } from './pump-advice.ts'

/** What every alarm code means, and the questions that belong to it. */
export const advice: Readonly<Record<AlarmCode, AlarmAdvice>> = { ...pumpAdvice, ...derivedAdvice }

/** What to ask on the phone, for this therapy. */
export const firstChecks = (code: AlarmCode, criticality: TherapyCriticality): readonly string[] => {
  const entry = advice[code]
  return countsAsCritical(criticality) ? (entry.criticalFirstChecks ?? entry.firstChecks) : entry.firstChecks
}
