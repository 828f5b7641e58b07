import { z } from 'zod'
import { Therapy } from '../assignment/assignment.ts'
import { ChannelId, PumpId } from '../ids.ts'
import { TeamId } from '../on-call/duty.ts'
import { TimeZone } from '../on-call/local-time.ts'
import { rosterFilters, rosterSorts } from './roster-kinds.ts'
import { PumpView } from './views.ts'

// Body and answer of POST /api/v1/roster: all pumps, searched and sorted by the server, a window of lines at a time. What is searched for
// travels in the body, so that it stands in no address and no log.

export const RosterSort = z.enum(rosterSorts)
export const RosterFilter = z.enum(rosterFilters)

export const RosterQuery = z.strictObject({
  filter: RosterFilter.default('all'),
  teamId: TeamId.nullable().default(null),
  /** Words that all have to be found in label, pump, serial, drug, hub or team. */
  search: z.string().trim().max(100).default(''),
  /** Null: as fits the filter. */
  sort: RosterSort.nullable().default(null),
  descending: z.boolean().default(false),
  offset: z.int().nonnegative().default(0),
  limit: z.int().min(1).max(200).default(100),
})
export type RosterQuery = z.infer<typeof RosterQuery>

/** `late`: started after all, more than 30 min past its plan, within the last day. */
export const Adherence = z.enum(['missed', 'late', 'stopped-early'])
export type Adherence = z.infer<typeof Adherence>

export const PlannedRunView = z.object({ startsAt: z.int(), endsAt: z.int() })
export type PlannedRunView = z.infer<typeof PlannedRunView>

/** What an assignment says to those who may know it. */
export const PumpUse = z.object({
  since: z.int(),
  teamId: TeamId,
  teamName: z.string(),
  therapy: Therapy.nullable(),
  /** Of the patient's home; null: the facility's. */
  timeZone: TimeZone.nullable(),
  hasPhone: z.boolean(),
  /** By the plan: the delivery that should run now, and the next one. */
  run: PlannedRunView.nullable(),
  nextRun: PlannedRunView.nullable(),
})
export type PumpUse = z.infer<typeof PumpUse>

/** One channel of one pump. */
export const RosterRow = z.object({
  pump: PumpView,
  /** Null: the pump has one, or none yet. */
  channelId: ChannelId.nullable(),
  hubName: z.string(),
  /** Null: nobody uses it, or whoever asks may not know. */
  use: PumpUse.nullable(),
  /** Of its assignment, for compare-and-set; 0: nothing is stored of it. Null: whoever asks may not know. */
  useVersion: z.int().nonnegative().nullable(),
  /** When the running program ends, by what the pump told last; null: it does not run, or the pump does not say. */
  endsAt: z.int().nullable(),
  /** When the battery is empty, by what the pump told last; null: on mains, or the pump does not say. */
  batteryUntil: z.int().nullable(),
  adherence: Adherence.nullable(),
  /** Labels that are easily taken for this one. */
  alike: z.array(z.object({ pumpId: PumpId, label: z.string() })),
})
export type RosterRow = z.infer<typeof RosterRow>

export const Roster = z.object({
  rows: z.array(RosterRow),
  offset: z.int(),
  /** Lines that match. */
  matched: z.int(),
  /** All lines there are. */
  total: z.int(),
  /** Of these the pump does not say what the filter asks for, so they cannot be in the list. */
  untold: z.int(),
  /** End of `ending`. */
  until: z.int().nullable(),
  teams: z.array(z.object({ teamId: TeamId, name: z.string() })),
  serverTime: z.int(),
})
export type Roster = z.infer<typeof Roster>
