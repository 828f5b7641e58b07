import { z } from 'zod'
import { BootId, HubId, PumpId } from '../ids.ts'
import { Person } from './views.ts'

// What people did about a hub, and what it sent as the journal keeps it. Never a pump's value.

/** `ticket`: somebody else was asked to mend it; `visit`: somebody was there. */
export const HubActKind = z.enum(['note', 'ticket', 'visit'])
export type HubActKind = z.infer<typeof HubActKind>

/** Body of POST /api/v1/hubs/{hubId}/log. The same `requestId` again changes nothing. */
export const HubActBody = z.strictObject({
  requestId: z.string().min(8).max(64),
  kind: HubActKind,
  /** What was seen, the number of the ticket, what was done there. No patient's name. */
  text: z.string().trim().min(1).max(500),
})
export type HubActBody = z.infer<typeof HubActBody>

export const HubLogEntry = z.object({
  hubId: HubId,
  kind: HubActKind,
  text: z.string(),
  by: Person,
  /** Server time, ms. */
  at: z.int(),
})
export type HubLogEntry = z.infer<typeof HubLogEntry>

/** Newest first. */
export const HubLog = z.object({ entries: z.array(HubLogEntry), serverTime: z.int() })
export type HubLog = z.infer<typeof HubLog>

/** An event or a tombstone, as the journal keeps it, without what it says in figures or words. */
export const HubRecord = z.object({
  kind: z.enum(['event', 'tombstone']),
  /** Code of the event, or why records were thinned or dropped. */
  what: z.string(),
  /** Null: of the hub itself. */
  pumpId: PumpId.nullable(),
  bootId: BootId,
  seq: z.int().positive(),
  occurredAt: z.int(),
  uncertaintyMs: z.number().nonnegative(),
  receivedAt: z.int(),
  late: z.boolean(),
})
export type HubRecord = z.infer<typeof HubRecord>

/** Newest arrival first. */
export const HubRecords = z.object({ records: z.array(HubRecord), serverTime: z.int() })
export type HubRecords = z.infer<typeof HubRecords>
