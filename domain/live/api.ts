import { z } from 'zod'
import { AlarmCode, Priority } from '../alarm/codes.ts'
import { TriageRecord, TriageVersion } from '../alarm/triage.ts'
import { ChannelId, PumpId, UserId } from '../ids.ts'
import { AlarmPaging } from '../paging/paging-view.ts'
import { TelemetrySample } from '../telemetry.ts'
import { ShelfMinutes } from './messages.ts'
import {
  AlarmHistoryEntry,
  AlarmView,
  Finding,
  FloodCount,
  HubView,
  Person,
  PumpView,
  ResolveClass,
  Role,
} from './views.ts'

// Bodies of the REST interface under /api/v1, for the server's routes and the dashboard.

/** RFC 9457. `code` is a closed word for programs; `title` and `detail` are for people. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
  /** Finds the log line. */
  instance: z.string().optional(),
  /** Server time, ms; hubs with a wrong clock need it. */
  serverTime: z.int().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})
export type Problem = z.infer<typeof Problem>

/** 409: somebody else was faster; `alarm` says who and when. */
export const AlarmConflict = Problem.extend({ alarm: AlarmView })

export const SignIn = z.object({ name: z.string().trim().min(1).max(64), password: z.string().min(1).max(256) })
export type SignIn = z.infer<typeof SignIn>

export const Me = z.object({
  userId: UserId,
  name: z.string(),
  role: Role,
  /** What a page may offer (page-permissions.ts); a word that it does not know is of a newer server. */
  may: z.array(z.string()),
  /** The session's absolute end, server time. */
  sessionEndsAt: z.int(),
  site: z.string(),
  facilityTimeZone: z.string(),
  /** Whom to call when the screen cannot be trusted; null: not configured. */
  phones: z.object({ backup: z.string().nullable(), lead: z.string().nullable() }),
  demo: z.boolean(),
})
export type Me = z.infer<typeof Me>

const act = { requestId: z.string().min(8).max(64), expectedVersion: z.int().nonnegative() }
/** Of an act that needs nothing but the alarm. */
export const ActBody = z.object(act)
export const RejectBody = z.object({ ...act, reason: z.string().trim().min(1).max(500) })
export const HandOverBody = z.object({ ...act, to: UserId })
/** `to` null: whoever is next. */
export const EscalateBody = z.object({ ...act, to: UserId.nullable(), flood: FloodCount.optional() })
export const ShelveBody = z.object({ ...act, reason: z.string().trim().min(1).max(500), minutes: ShelfMinutes })
export const ResolveBody = z.object({ ...act, class: ResolveClass, finding: Finding, note: z.string().max(2000) })

/** What can be asked of an episode beside its fields: the figures of analytics open theirs with it. */
export const AlarmTrait = z.enum(['came-back', 'chattering', 'standing', 'taken', 'judged'])
export type AlarmTrait = z.infer<typeof AlarmTrait>

/** `?state=open` (default), `closed` or `any`, newest first, paged by `before` (server ms of start). */
export const AlarmListQuery = z.object({
  state: z.enum(['open', 'closed', 'any']).default('open'),
  pumpId: PumpId.optional(),
  code: AlarmCode.optional(),
  priority: Priority.optional(),
  class: ResolveClass.optional(),
  simulated: z.enum(['true', 'false']).optional(),
  trait: AlarmTrait.optional(),
  /** When the server was told, ms, [toldFrom, toldTo). */
  toldFrom: z.coerce.number().int().optional(),
  toldTo: z.coerce.number().int().optional(),
  before: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})
export const AlarmList = z.object({ alarms: z.array(AlarmView), serverTime: z.int() })
export const AlarmDetail = z.object({
  alarm: AlarmView,
  history: z.array(AlarmHistoryEntry),
  /** Every version of what was written down about it, oldest first; the last one holds. */
  triage: z.array(TriageVersion),
  paging: AlarmPaging,
  serverTime: z.int(),
})
export type AlarmDetail = z.infer<typeof AlarmDetail>

/** Who can be given an alarm. */
export const ColleagueList = z.object({ colleagues: z.array(Person), serverTime: z.int() })

/** `expectedVersion`: the version it amends, 0 for the first. */
export const TriageBody = TriageRecord.extend(act)
export const Triage = z.object({ triage: z.array(TriageVersion), serverTime: z.int() })

export const PumpList = z.object({ pumps: z.array(PumpView), serverTime: z.int() })
export const HubList = z.object({ hubs: z.array(HubView), serverTime: z.int() })

/** What charts can ask for; snake_case of the same names in the stores. */
export const HistoryField = z.enum([
  'rateMlPerHour',
  'linePressureMmHg',
  'infusedTotalMl',
  'programRemainingMl',
  'batteryPercent',
])
export type HistoryField = z.infer<typeof HistoryField>

export const HistoryQuery = z.object({
  /** ms since the epoch, inclusive. */
  from: z.coerce.number().int().nonnegative(),
  /** exclusive */
  to: z.coerce.number().int().nonnegative(),
  maxPoints: z.coerce.number().int().min(10).max(2000).default(1000),
  /** Of a pump with several channels: which of them; without it, the first. */
  channel: ChannelId.optional(),
})

/**
 * One bucket of time that holds at least one sample (empty buckets are absent: gaps are never bridged).
 */
export const HistoryBucket = z.object({
  /** Time of the first and the last sample in the bucket, ms. */
  from: z.int(),
  to: z.int(),
  samples: z.int().positive(),
  /** How many of them came later than the policy's late limit. */
  late: z.int().nonnegative(),
  state: TelemetrySample.shape.operatingState,
  values: z.partialRecord(HistoryField, z.tuple([z.number(), z.number(), z.number(), z.number()])),
})
export type HistoryBucket = z.infer<typeof HistoryBucket>

export const History = z.object({
  pumpId: PumpId,
  from: z.int(),
  to: z.int(),
  /** Width of a bucket, ms; 0 = every sample stands for itself. */
  resolutionMs: z.int().nonnegative(),
  /** `minutes`: read from one-minute roll-ups, so that buckets begin with whole minutes. Absent: from samples. */
  source: z.enum(['samples', 'minutes']).optional(),
  buckets: z.array(HistoryBucket),
  alarms: z.array(AlarmView),
  /** Latest time known to be stored; the chart hatches from here to now. */
  lastSampleAt: z.int().nullable(),
})
export type History = z.infer<typeof History>

export const Health = z.object({
  status: z.enum(['ok', 'degraded']),
  checks: z.record(z.string(), z.string()),
  serverTime: z.int(),
})

/** A nurse's word, at the start of her shift, that the sound of this screen reaches her. */
export const ShiftCheckBody = z.object({ heard: z.boolean() })
export const ShiftCheckState = z.object({ check: z.object({ at: z.int(), heard: z.boolean() }).nullable() })
export type ShiftCheckState = z.infer<typeof ShiftCheckState>
