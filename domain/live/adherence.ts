import { z } from 'zod'
import { Therapy } from '../assignment/assignment.ts'
import { PumpId } from '../ids.ts'
import { TeamId } from '../on-call/duty.ts'
import { TimeZone } from '../on-call/local-time.ts'

// Answers of GET /api/v1/adherence and /api/v1/pumps/{pumpId}/adherence: planned deliveries and what became of them.

/** `weeksAgo` 0: the seven days up to today, by the facility's calendar. */
const weeksAgo = z.coerce.number().int().min(0).max(12).default(0)

export const PumpAdherenceQuery = z.strictObject({ weeksAgo })

export const AdherenceQuery = z.strictObject({
  weeksAgo,
  teamId: TeamId.optional(),
  offset: z.coerce.number().int().nonnegative().default(0),
  /** Every run of every pump is read from the store, so few at a time. */
  limit: z.coerce.number().int().min(1).max(10).default(5),
})

const between = {
  /** ms; null: any time before. */
  notBefore: z.int().nullable(),
  notAfter: z.int(),
}
const Span = z.object({ from: z.int(), to: z.int() })

export const Judged = z.enum(['kept', 'early', 'late', 'missed', 'short', 'not-known', 'open', 'not-planned'])

export const JudgedRunView = z.object({
  startsAt: z.int(),
  endsAt: z.int(),
  /** mL of the plan; null: it has none. */
  plannedMl: z.number().nullable(),
  /** Which of the days it belongs to, by the clock of the home. */
  day: z.int().nonnegative(),
  /** Used for somebody else or nobody from then on; null: it was not, meanwhile. */
  cutAt: z.int().nullable(),
  start: z.discriminatedUnion('how', [
    z.object({ how: z.literal('at'), ...between }),
    z.object({ how: z.enum(['went-on', 'none', 'not-known', 'to-come']) }),
  ]),
  stop: z.discriminatedUnion('how', [
    z.object({ how: z.literal('at'), ...between }),
    z.object({ how: z.literal('not-known'), ranUntil: z.int() }),
    z.object({ how: z.enum(['runs', 'went-on', 'none']) }),
  ]),
  volume: z.object({ ml: z.number(), atLeast: z.boolean() }).nullable(),
  pauses: z.object({ count: z.int().nonnegative(), ms: z.number().nonnegative() }),
  judged: z.object({ start: Judged, stop: Judged, volume: Judged }),
  /** Nobody heard the pump then. */
  gaps: z.array(Span),
})
export type JudgedRunView = z.infer<typeof JudgedRunView>

/** Of the facility's calendar. */
const Day = z.object({ date: z.iso.date(), from: z.int(), to: z.int() })

export const PumpAdherence = z.object({
  pumpId: PumpId,
  days: z.array(Day),
  /** Of the home the plan belongs to. */
  timeZone: TimeZone,
  runs: z.array(JudgedRunView),
  serverTime: z.int(),
})
export type PumpAdherence = z.infer<typeof PumpAdherence>

export const AdherenceRow = z.object({
  pump: z.object({ pumpId: PumpId, label: z.string().nullable(), simulated: z.boolean() }),
  therapy: Therapy.nullable(),
  timeZone: TimeZone,
  runs: z.array(JudgedRunView),
})
export type AdherenceRow = z.infer<typeof AdherenceRow>

export const TeamAdherence = z.object({
  days: z.array(Day),
  rows: z.array(AdherenceRow),
  offset: z.int(),
  /** Pumps with a plan in this time. */
  matched: z.int(),
  /** Pumps without one: nothing is said about them. */
  unplanned: z.int(),
  teams: z.array(z.object({ teamId: TeamId, name: z.string() })),
  serverTime: z.int(),
})
export type TeamAdherence = z.infer<typeof TeamAdherence>
