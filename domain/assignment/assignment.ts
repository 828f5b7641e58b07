import { z } from 'zod'
import { TherapyCriticality } from '../alarm/codes.ts'
import { PumpId } from '../ids.ts'
import { Person } from '../live/views.ts'
import { TeamId, defaultTeam } from '../on-call/duty.ts'
import { TimeZone } from '../on-call/local-time.ts'
import { Plan } from './plan.ts'

/** Kind of treatment, never a drug: what the first question to the patient depends on. */
export const Therapy = z.enum([
  'parenteral-nutrition',
  'hydration',
  'antibiotic',
  'antiviral',
  'immunoglobulin',
  'chemotherapy',
  'pain',
  'inotrope',
  'prostacyclin',
  'iron-chelation',
  'enteral',
  'other',
])
export type Therapy = z.infer<typeof Therapy>

export const Label = z.string().trim().min(1).max(64)
export const Phone = z
  .string()
  .trim()
  .regex(/^\+?[0-9][0-9 ()/.-]{2,30}$/, 'must be a telephone number such as +49 30 1234567')

/**
 * What a pump is used for. Label and phone are the only words about a person that the server keeps: a label names a bed or a
 * home, never a patient (security.md 10).
 */
export const AssignmentDetails = z.strictObject({
  label: Label.nullable(),
  /** Of the home, to call about an alarm. */
  phone: Phone.nullable(),
  /** The team that answers for it. */
  teamId: TeamId,
  therapy: Therapy.nullable(),
  criticality: TherapyCriticality,
  /** Of the patient's home: plan and night are told by its clock. Null: the facility's. */
  timeZone: TimeZone.nullable(),
  /** Null: nobody knows when it should run, so a missing start is no alarm. */
  plan: Plan.nullable(),
})
export type AssignmentDetails = Readonly<z.infer<typeof AssignmentDetails>>

/** A pump nobody has said anything about counts as critical (vocabulary.md 7 rule 2). */
export const unassigned: AssignmentDetails = {
  label: null,
  phone: null,
  teamId: defaultTeam,
  therapy: null,
  criticality: 'unknown',
  timeZone: null,
  plan: null,
}

/** One stretch of a pump's life. A pump that moves gets a new one; the old ones stay. */
export const Assignment = z.object({
  pumpId: PumpId,
  /** Counts the changes of this pump's assignment from 1; a change names the version it saw. */
  version: z.int().positive(),
  /** Server time, ms, inclusive. */
  validFrom: z.int(),
  /** Exclusive; null: it is valid now. */
  validTo: z.int().nullable(),
  /** Null: nobody uses the pump in this stretch. */
  details: AssignmentDetails.nullable(),
  changedBy: Person,
})
export type Assignment = Readonly<z.infer<typeof Assignment>>

/** What the pump was used for then; null: nobody had said, or it was free. */
export const detailsAt = (history: readonly Assignment[], at: number): AssignmentDetails | null =>
  history.findLast(({ validFrom, validTo }) => validFrom <= at && (validTo === null || at < validTo))?.details ?? null
