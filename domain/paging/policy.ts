import { z } from 'zod'
import { reminderEveryMs } from '../alarm/reminder.ts'

const ms = z.int().nonnegative()

/** When whom, for one priority. All in ms; places and repetitions count from the first page. */
const Ladder = z.object({
  /** From the alarm's opening to the first page; the screen shows it at once. */
  holdOffMs: ms,
  /** The same when the therapy is critical, or nobody said that it is not. */
  holdOffCriticalMs: ms,
  /** The same when the nurse on call has no station that is audible and attended (`isAttended`). */
  holdOffUnattendedMs: ms,
  /** The nurse on call is paged again. */
  againMs: ms.positive(),
  backupMs: ms.positive(),
  leadMs: ms.positive(),
  /** Backup and lead are paged again. */
  leadAgainMs: ms.positive(),
  /** Sent, and no device made a sound or showed it within this time: the next place is asked. */
  notAudibleMs: ms.positive(),
  /** Sent, and nobody looked within this time: the next place is asked. */
  notViewedMs: ms.positive(),
  /** Paged, and no device made a sound or showed it within this time: her telephone rings, if a hook has its number. */
  callMs: ms.positive(),
  /** Still nothing: it rings again. */
  callAgainMs: ms.positive(),
})
export type Ladder = Readonly<z.infer<typeof Ladder>>

/** Whom to page when, as data (alarms.md, "Paging"). Low alarms and notices are never paged. */
export const PagingPolicy = z
  .object({
    high: Ladder.default({
      holdOffMs: 60_000,
      holdOffCriticalMs: 0,
      holdOffUnattendedMs: 0,
      againMs: 60_000,
      backupMs: 180_000,
      leadMs: 360_000,
      leadAgainMs: 180_000,
      notAudibleMs: 60_000,
      notViewedMs: 120_000,
      callMs: 30_000,
      callAgainMs: 180_000,
    }),
    medium: Ladder.default({
      holdOffMs: 180_000,
      holdOffCriticalMs: 180_000,
      holdOffUnattendedMs: 180_000,
      againMs: 600_000,
      backupMs: 1_200_000,
      leadMs: 2_400_000,
      leadAgainMs: 600_000,
      notAudibleMs: 300_000,
      notViewedMs: 600_000,
      callMs: 300_000,
      callAgainMs: 600_000,
    }),
    /** Nobody on call could be reached: the lead again, or whoever is on call by then. */
    exhaustedAgainMs: ms.positive().default(180_000),
    /** A station without a key or a press for this long is unattended, however visible and audible it is. */
    attendedWithinMs: ms.positive().default(600_000),
    /** An accepted alarm that goes on reminds its owner. */
    reminderMs: ms.positive().default(reminderEveryMs),
  })
  .refine(
    ({ high, medium }) =>
      [high, medium].every(
        ({ notAudibleMs, notViewedMs, backupMs, leadMs }) =>
          notAudibleMs <= notViewedMs && notViewedMs <= backupMs && backupMs <= leadMs,
      ),
    'each step must come no later than the one after it',
  )
export type PagingPolicy = Readonly<z.infer<typeof PagingPolicy>>

export const defaultPagingPolicy: PagingPolicy = PagingPolicy.parse({})

export type PagedPriority = 'high' | 'medium'

/** The longest a root with an unanswered alarm may stay without a look, ms. */
export const longestSilenceMs = ({ high, medium, exhaustedAgainMs }: PagingPolicy): number =>
  Math.max(
    exhaustedAgainMs,
    ...[high, medium].map((l) => Math.max(l.holdOffMs, l.holdOffCriticalMs, l.againMs, l.leadAgainMs)),
  )
