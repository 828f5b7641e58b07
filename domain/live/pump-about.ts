import { z } from 'zod'
import { PumpEventCode } from '../events.ts'
import { PumpId } from '../ids.ts'
import { PumpUse } from './roster.ts'

/** What happened to a pump without being an alarm. `from`, `to`: a rate in mL/h, a step or a volume, as the event has it. */
export const PumpEventView = z.object({
  at: z.int(),
  uncertaintyMs: z.number().nonnegative(),
  event: PumpEventCode,
  from: z.number().nullable(),
  to: z.number().nullable(),
})
export type PumpEventView = z.infer<typeof PumpEventView>

/** What one pump is used for and what happened to it. */
export const PumpAbout = z.object({
  pumpId: PumpId,
  /** Null: nobody uses it, or whoever asks may not know. */
  use: PumpUse.nullable(),
  /** Of the last seven days, oldest first, at most 500 of the newest. */
  events: z.array(PumpEventView),
  /** Start of the infusion that runs or ran last; null: not known. */
  infusionStartedAt: z.int().nullable(),
  serverTime: z.int(),
})
export type PumpAbout = z.infer<typeof PumpAbout>

/** How many of the readings that a pump should have given in a time are stored. */
export const Completeness = z.object({
  from: z.int(),
  to: z.int(),
  expected: z.int().nonnegative(),
  stored: z.int().nonnegative(),
  /** Null: nothing could be expected. */
  percent: z.number().min(0).max(100).nullable(),
  serverTime: z.int(),
})
export type Completeness = z.infer<typeof Completeness>
