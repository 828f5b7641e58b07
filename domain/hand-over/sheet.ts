import { z } from 'zod'
import { EpisodeId, PumpId, UserId } from '../ids.ts'
import { TriageVersion } from '../alarm/triage.ts'
import { AlarmHistoryEntry, AlarmView, Person } from '../live/views.ts'
import { Duty, TeamId } from '../on-call/duty.ts'
import { TimeZone } from '../on-call/local-time.ts'
import { Watch } from './watch.ts'

/** Somebody whose shift ended and who still owns things. */
export const LeftOpen = z.object({
  person: Person,
  /** Server time, ms. */
  shiftEndedAt: z.int(),
  alarms: z.int().nonnegative(),
  pumps: z.int().nonnegative(),
})
export type LeftOpen = Readonly<z.infer<typeof LeftOpen>>

/** What the next shift has to know, on one page. */
export const HandOverSheet = z.object({
  teamId: TeamId,
  name: z.string(),
  /** In which the sheet is read and printed; null: the facility's. */
  timeZone: TimeZone.nullable(),
  now: Duty,
  /** Who is on call after the next change, within 8 days; null: nothing changes. */
  next: z.object({ at: z.int(), duty: Duty }).nullable(),
  /** Open alarms of the team: unowned first, then by priority and age. */
  alarms: z.array(
    z.object({
      alarm: AlarmView,
      label: z.string().nullable(),
      lastAct: AlarmHistoryEntry.nullable(),
      /** What was written down about it last: whom somebody called, what was done. */
      triage: TriageVersion.nullable(),
    }),
  ),
  watched: z.array(Watch.extend({ label: z.string().nullable() })),
  /** Who of the team read a sheet back last and accepted it; null: nobody yet. */
  accepted: z.object({ by: Person, at: z.int() }).nullable(),
  /** Whose shift is over for longer than they may take to hand over, and what they still have. */
  leftOpen: z.array(LeftOpen),
  serverTime: z.int(),
})
export type HandOverSheet = Readonly<z.infer<typeof HandOverSheet>>

export const OfferBody = z.strictObject({ requestId: z.string().min(8).max(64), to: UserId })
export const TakeBody = z.strictObject({ requestId: z.string().min(8).max(64) })
export const DeclineBody = TakeBody.extend({ reason: z.string().trim().min(1).max(500) })

/** What became of each alarm and each watched pump. `refused` and `conflict` stay where they were. */
export const HandOverOutcome = z.object({
  alarms: z.array(
    z.object({
      episodeId: EpisodeId,
      outcome: z.enum(['ok', 'conflict', 'refused']),
      message: z.string().nullable(),
    }),
  ),
  pumps: z.array(z.object({ pumpId: PumpId, outcome: z.enum(['ok', 'refused']) })),
  serverTime: z.int(),
})
export type HandOverOutcome = Readonly<z.infer<typeof HandOverOutcome>>
