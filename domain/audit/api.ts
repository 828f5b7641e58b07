import { z } from 'zod'
import { Person } from '../live/views.ts'
import { AuditAction, AuditOutcome, AuditRow } from './entry.ts'

// Of /api/v1/audit. Times are server time, ms.

const number = z.coerce.number<string>().pipe(z.int().nonnegative())

/** Every condition that is given has to hold. */
export const AuditFilter = z.strictObject({
  actor: z.string().min(1).max(80).optional(),
  action: AuditAction.optional(),
  outcome: AuditOutcome.optional(),
  /** Such as `pump:P-1`, or the id alone, whatever it is of. */
  object: z.string().min(1).max(160).optional(),
  /** Inclusive. */
  from: number.optional(),
  /** Exclusive. */
  to: number.optional(),
  /** Of the last so many ms, by the server's clock. */
  last: number.optional(),
})
export type AuditFilter = z.infer<typeof AuditFilter>

export const AuditQuery = AuditFilter.extend({
  /** Only rows before this one: the next page. */
  before: number.optional(),
  limit: number.pipe(z.int().min(1).max(500)).default(100),
})
export type AuditQuery = z.infer<typeof AuditQuery>

export const ChainState = z.object({
  rows: z.int(),
  /** Rows followed since the last full check began. */
  verifiedTo: z.int(),
  /** When the newest rows of that time had been followed; null: not yet. */
  verifiedAt: z.int().nullable(),
  fault: z.object({ seq: z.int(), problem: z.string() }).nullable(),
  /** The newest signed head that arrived in every place it is copied to. */
  head: z.object({ at: z.int(), seq: z.int() }).nullable(),
  /** Whether one of these places is another disk than the journal's. */
  away: z.boolean(),
  /** Places that the last head did not reach. */
  failing: z.int(),
  /** Looks and refusals that could not be recorded since the start. */
  lost: z.int(),
})
export type ChainState = z.infer<typeof ChainState>

export const AuditPage = z.object({
  /** Newest first. */
  rows: z.array(AuditRow.omit({ prevHash: true })),
  /** Whether there are older ones. */
  more: z.boolean(),
  chain: ChainState,
  /** Every account, for names. */
  people: z.array(Person),
  serverTime: z.int(),
})
export type AuditPage = z.infer<typeof AuditPage>
