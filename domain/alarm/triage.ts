import { z } from 'zod'
import { Finding, Person, ResolveClass } from '../live/views.ts'

/** Whom the nurse had on the phone: a kind, never a name. */
export const SpokeTo = z.enum(['patient', 'carer', 'family', 'home-nurse', 'nobody-reached', 'other'])
export type SpokeTo = z.infer<typeof SpokeTo>

/** What a nurse writes down about one alarm (clinical.md 10). Free text is bounded; no names, no dates of birth. */
export const TriageRecord = z.strictObject({
  /** When somebody called, server time, ms; null: nobody did. */
  calledAt: z.int().nonnegative().nullable(),
  spokeTo: SpokeTo.nullable(),
  finding: Finding.nullable(),
  /** What was done. */
  action: z.string().trim().max(500),
  /** What came of it. */
  outcome: z.string().trim().max(500),
  class: ResolveClass.nullable(),
})
export type TriageRecord = Readonly<z.infer<typeof TriageRecord>>

/** One version of it: an amendment is the next one, and every one stays. */
export const TriageVersion = z.object({ version: z.int().positive(), at: z.int(), by: Person, record: TriageRecord })
export type TriageVersion = Readonly<z.infer<typeof TriageVersion>>
