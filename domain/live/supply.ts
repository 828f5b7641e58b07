import { z } from 'zod'
import { Therapy } from '../assignment/assignment.ts'
import { ChannelId, PumpId } from '../ids.ts'
import { TeamId } from '../on-call/duty.ts'
import { TimeZone } from '../on-call/local-time.ts'
import { OperatingState } from '../telemetry.ts'
import { PlannedRunView } from './roster.ts'
import { supplyGroups } from './supply-kinds.ts'

// Answer of GET /api/v1/supply: what runs out first.

export const SupplyQuery = z.strictObject({
  teamId: TeamId.optional(),
  offset: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(200).default(100),
})

const ProgramEnd = z.discriminatedUnion('how', [
  z.object({
    how: z.literal('at'),
    earliest: z.int().nullable(),
    likely: z.int(),
    latest: z.int().nullable(),
    by: z.enum(['pump', 'volume-and-rate']),
  }),
  z.object({ how: z.literal('stands'), leftSeconds: z.number().nullable() }),
  z.object({
    how: z.literal('not-told'),
    why: z.enum(['not-heard', 'pump-does-not-say', 'rate-changes', 'between-doses']),
  }),
  z.object({ how: z.enum(['keeps-open', 'nothing-runs']) }),
])

const Battery = z.discriminatedUnion('how', [
  z.object({ how: z.literal('until'), at: z.int() }),
  z.object({ how: z.literal('percent'), percent: z.number() }),
  z.object({ how: z.enum(['mains', 'not-told']) }),
])

export const SupplyRow = z.object({
  pump: z.object({ pumpId: PumpId, label: z.string().nullable(), simulated: z.boolean() }),
  /** Null: the pump has one, or none yet. */
  channelId: ChannelId.nullable(),
  group: z.enum(supplyGroups),
  state: OperatingState,
  drugLabel: z.string().nullable(),
  therapy: Therapy.nullable(),
  /** Of the home; null: the facility's. */
  timeZone: TimeZone.nullable(),
  /** When the pump told this, ms; null: never. */
  heardAt: z.int().nullable(),
  stale: z.boolean(),
  end: ProgramEnd,
  leftMl: z.number().nullable(),
  rateMlPerHour: z.number().nullable(),
  battery: Battery,
  runsOut: z.object({ at: z.int(), what: z.enum(['program', 'battery']) }).nullable(),
  nextBag: z.object({ at: z.int(), why: z.enum(['plan-goes-on', 'next-start']) }).nullable(),
  run: PlannedRunView.nullable(),
})
export type SupplyRow = z.infer<typeof SupplyRow>

export const Supply = z.object({
  rows: z.array(SupplyRow),
  offset: z.int(),
  counts: z.record(z.enum(supplyGroups), z.int().nonnegative()),
  /** Pumps on which nothing runs and nothing is planned. */
  idle: z.int().nonnegative(),
  teams: z.array(z.object({ teamId: TeamId, name: z.string() })),
  serverTime: z.int(),
})
export type Supply = z.infer<typeof Supply>
