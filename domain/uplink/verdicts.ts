import { z } from 'zod'

/**
 * The server's answer for one record, given after its own durable write and never before:
 * `stored` the hub may forget it · `retry` keep it and send it again · `refused` poison: set it aside and go on.
 */
export const Verdict = z.discriminatedUnion('verdict', [
  z.object({ seq: z.int(), verdict: z.literal('stored') }),
  z.object({ seq: z.int(), verdict: z.literal('retry'), reason: z.string() }),
  z.object({ seq: z.int(), verdict: z.literal('refused'), reason: z.string() }),
])
export type Verdict = z.infer<typeof Verdict>

/** Reply to a batch. `verdicts[i]` belongs to `records[i]` (a record too broken to carry a `seq` is answered by place, seq 0). */
export const BatchReply = z.object({ serverTime: z.int(), verdicts: z.array(Verdict) })
export type BatchReply = z.infer<typeof BatchReply>

/** Closed list of codes in a 401/403 problem answer to a hub (security.md 2.4). */
export const HubRefusal = z.enum(['unknown_key', 'revoked', 'bad_signature', 'bad_digest', 'replayed', 'clock_skew'])
export type HubRefusal = z.infer<typeof HubRefusal>
