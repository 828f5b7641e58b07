import type { TherapyCriticality } from '#domain/alarm/codes.ts'
import type { PumpId } from '#domain/ids.ts'

/** Which bed a pump stands at and how much its therapy depends on it. Never a patient's name. */
export interface Assignment {
  readonly label: string | null
  readonly criticality: TherapyCriticality
}

export type Assignments = ReadonlyMap<PumpId, Assignment>

const unassigned: Assignment = { label: null, criticality: 'unknown' }

export const assignmentOf = (assignments: Assignments, pumpId: PumpId): Assignment =>
  assignments.get(pumpId) ?? unassigned
