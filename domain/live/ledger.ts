import { z } from 'zod'
import { HubId, PumpId } from '../ids.ts'

// The loss ledger of a hub (reliability.md 2), for people: what became of every record that the hub numbered.

export const LedgerQuery = z.object({
  /** How far back, whole hours. */
  hours: z.coerce
    .number()
    .int()
    .min(1)
    .max(31 * 24)
    .default(24),
})

const count = z.int().nonnegative()

/** Together they are `produced`. */
export const LedgerTerms = z.object({
  /** Numbers the hub gave out in that time. */
  produced: count,
  stored: count,
  /** Named by a tombstone: thinned or dropped on the hub because its room was used up. */
  thinned: count,
  /** Refused for good, or set aside on the hub. */
  refused: count,
  /** May still wait on the hub. */
  waiting: count,
  /** Known to be produced and nowhere to be found. */
  unaccounted: count,
})
export type LedgerTerms = z.infer<typeof LedgerTerms>

export const LedgerPump = z.object({
  pumpId: PumpId,
  /** Readings in the store that were measured in this hour. */
  stored: count,
  /** How many of them came late. */
  late: count,
  /** Readings that stand in `stored` as means of several. */
  thinned: count,
  /**
   * Records of the hub's `unaccounted` that may be this pump's: all of them, because a number that never came names no pump. With one
   * pump at the hub in that hour it is exact.
   */
  unaccountedAtMost: count,
})

export const LedgerHour = LedgerTerms.extend({
  /** Its first millisecond. */
  at: z.int(),
  pumps: z.array(LedgerPump),
})
export type LedgerHour = z.infer<typeof LedgerHour>

export const HubLedger = z.object({
  hubId: HubId,
  from: z.int(),
  to: z.int(),
  /** Last heartbeat; what is newer is not judged. Null: not heard since the server's start. */
  heardAt: z.int().nullable(),
  /** Hours with nothing in them are absent. */
  hours: z.array(LedgerHour),
  total: LedgerTerms,
  serverTime: z.int(),
})
export type HubLedger = z.infer<typeof HubLedger>
