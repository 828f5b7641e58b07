import { z } from 'zod'
import { AlarmCode, Priority, PrioritySource, TherapyCriticality } from '../alarm/codes.ts'
import { ChannelId, EpisodeId, HubId, PumpId, UserId } from '../ids.ts'
import { TelemetrySample } from '../telemetry.ts'
import { HubPower, LinkState, PortReport } from '../uplink/envelope.ts'

// What people see, on the live feed and over REST. All times are server time, ms since the epoch.

/** CONDITION region: moved by the pump, its snapshots and its link; never by a person. */
export const ConditionState = z.enum(['active', 'unverified', 'ended', 'latched', 'closed'])
export type ConditionState = z.infer<typeof ConditionState>

/** RESPONSE region: moved by people. */
export const ResponseState = z.enum(['new', 'seen', 'accepted', 'rejected', 'handed-over', 'resolved', 'closed'])
export type ResponseState = z.infer<typeof ResponseState>

/** Asked when an alarm is closed out: the source of honest false-alarm statistics. */
export const ResolveClass = z.enum(['true-and-acted', 'true-not-relevant', 'false'])
export type ResolveClass = z.infer<typeof ResolveClass>

export const Finding = z.enum([
  'kink-or-clamp',
  'air',
  'battery',
  'door-or-cassette',
  'site-problem',
  'user-action',
  'none',
])
export type Finding = z.infer<typeof Finding>

export const Person = z.object({ userId: UserId, name: z.string() })
export type Person = z.infer<typeof Person>

/** Who had an alarm before, and why not any more (alarms.md, "Nobody owns an alarm who is gone"). */
export const FormerOwner = z.object({
  person: Person,
  /** Until when. */
  until: z.int(),
  why: z.enum(['check-in-missed', 'owner-gone', 'taken-from']),
  /** Of who took it from them; null: time did. */
  by: Person.nullable(),
  reason: z.string().nullable(),
})
export type FormerOwner = z.infer<typeof FormerOwner>

/** What time alone will do next to an alarm. */
export const NextStep = z.object({
  step: z.enum([
    /** Its owner has to say that she is still on it; any act of hers on it says so. */
    'check-in',
    /** She did not, and it is asked anew. */
    'lapse',
    /** It comes back from the shelf. */
    'shelf-ends',
    /** Nobody has it: it becomes high. */
    'rise',
    /** It is over, low, and nobody took it: it leaves the list. */
    'leave',
  ]),
  dueAt: z.int(),
})
export type NextStep = z.infer<typeof NextStep>

/** New alarms of a flood, as the screen of whoever asks for help counts them. */
export const FloodCount = z.int().min(1).max(99_999)

/** Asked now, beside the order of paging; null: whoever is next in it. */
export const Escalation = z.object({
  by: Person,
  to: Person.nullable(),
  at: z.int(),
  /** So many new alarms made whoever asked want help with all of them; absent: it is about this alarm. */
  flood: FloodCount.optional(),
})
export type Escalation = z.infer<typeof Escalation>

/** Put aside on the list alone, for a time. */
export const Shelf = z.object({ by: Person, reason: z.string(), at: z.int(), until: z.int() })
export type Shelf = z.infer<typeof Shelf>

/** One open alarm. Closed ones leave the wall and stay in history. */
export const AlarmView = z.object({
  episodeId: EpisodeId,
  /** Counts this episode's responses; commands carry it for compare-and-set. */
  version: z.int().nonnegative(),
  /** Null for an alarm of a hub or of the site. */
  pumpId: PumpId.nullable(),
  hubId: HubId.nullable(),
  channelId: ChannelId.nullable(),
  code: AlarmCode,
  vendorText: z.string().nullable(),
  priority: Priority,
  prioritySource: PrioritySource,
  priorityRaised: z.boolean(),
  criticality: TherapyCriticality,
  condition: ConditionState,
  response: ResponseState,
  owner: Person.nullable(),
  acceptedAt: z.int().nullable(),
  /** Offered to this person since `handedAt`; the owner keeps it until they take it over. */
  handedTo: Person.nullable(),
  handedAt: z.int().nullable(),
  /** Who cannot take it, each with the latest reason, oldest first. */
  rejections: z.array(z.object({ by: Person, reason: z.string(), at: z.int() })),
  resolved: z.object({ class: ResolveClass, finding: Finding, note: z.string(), by: Person, at: z.int() }).nullable(),
  /** When its owner last did something about it; null: nobody has it. */
  checkedAt: z.int().nullable(),
  /** Since when she should have; null: she did. */
  checkInMissedAt: z.int().nullable(),
  /** Since when its owner is known to be gone, of an alarm that is over; one that goes on lapses. */
  ownerGoneAt: z.int().nullable(),
  formerOwner: FormerOwner.nullable(),
  /** The last time somebody had others asked about it. The notification: never the priority. */
  escalated: Escalation.nullable(),
  shelved: Shelf.nullable(),
  /** Null: nothing waits for time. Who is paged next: `AlarmPaging.next`. */
  next: NextStep.nullable(),
  /** When it happened, server time; start and end are known to ± `uncertaintyMs`, whichever is known worse. */
  startedAt: z.int(),
  /** When the server first heard of it. */
  observedAt: z.int(),
  endedAt: z.int().nullable(),
  uncertaintyMs: z.number().nonnegative(),
  /** Its start was older on arrival than the policy's late limit: "happened at hh:mm, received now". */
  late: z.boolean(),
  /** False: known only from late records. It is shown and does not ring until a fresh one says that it is still active. */
  confirmed: z.boolean(),
  /** Ended, but the end was not observed (link was lost meanwhile). */
  endUnobserved: z.boolean(),
  /** How often it came back within 60 s. */
  recurrence: z.int().nonnegative(),
  recurring: z.boolean(),
  /** For `link-lost-hub`: the pumps nobody hears now. */
  unverifiedPumps: z.array(PumpId),
  experimental: z.boolean(),
  /** Demo or test data: hatched, never pages a real person. */
  simulated: z.boolean(),
})
export type AlarmView = z.infer<typeof AlarmView>

/** The newest of one channel. `sampledAt`: when it happened (server time); `receivedAt`: when the server got it. */
export const ChannelReading = z.object({
  sample: TelemetrySample.omit({ raw: true }).nullable(),
  sampledAt: z.int().nullable(),
  receivedAt: z.int().nullable(),
  uncertaintyMs: z.number().nonnegative(),
})
export type ChannelReading = z.infer<typeof ChannelReading>

/** One pump as the wall shows it. `sample` null: nothing heard since the server started. */
export const PumpView = z.object({
  pumpId: PumpId,
  hubId: HubId,
  /** Bed or ward label from the pump's assignment; never a patient's name. Null: show the pump id. */
  label: z.string().nullable(),
  criticality: TherapyCriticality,
  port: z.string(),
  protocol: z.string(),
  maker: z.string().nullable(),
  model: z.string().nullable(),
  serial: z.string().nullable(),
  link: LinkState,
  statusIntervalMs: z.int().positive(),
  experimental: z.boolean(),
  simulated: z.boolean(),
  /** What has to be said beside everything this pump tells; null: nothing. */
  caution: z.string().nullable(),
  /** Of the pump's first channel. */
  ...ChannelReading.shape,
  /** A pump of one channel has none. In the order of their ids, so that nothing on screen changes places. */
  otherChannels: z.array(ChannelReading),
})
export type PumpView = z.infer<typeof PumpView>

/** Whether alarms of a hub are known to come through. */
export const HubPath = z.object({
  /** How often the hub sends a test alarm; null: never. */
  everyMs: z.int().positive().nullable(),
  provenAt: z.int().nullable(),
  /** From the hub's own stamp to the journal. */
  tookMs: z.number().nullable(),
  /** Of the last proof since the server's start: stamp to arrival (outbox and uplink; as good as the hub's dating), arrival to commit. */
  hops: z.object({ uplinkMs: z.number(), journalMs: z.number() }).nullable(),
  /** The last proof is too old to be believed. */
  overdue: z.boolean(),
})
export type HubPath = z.infer<typeof HubPath>

export const HubView = z.object({
  hubId: HubId,
  name: z.string(),
  state: z.enum(['never-heard', 'live', 'lost', 'revoked']),
  lastHeardAt: z.int().nullable(),
  bootId: z.string().nullable(),
  gatewayVersion: z.string().nullable(),
  clockErrorMs: z.number().nullable(),
  /** Null or absent: its computer does not say, or it is of an earlier version. */
  power: HubPower.nullish(),
  outbox: z
    .object({
      alarmRows: z.int(),
      telemetryRows: z.int(),
      alarmOldestMs: z.number().nullable(),
      telemetryOldestMs: z.number().nullable(),
      quarantined: z.int(),
    })
    .nullable(),
  ports: z.array(PortReport),
  pumpIds: z.array(PumpId),
  /** Its test alarms up to the journal. Absent: not known yet, or a hub of an earlier version. */
  path: HubPath.optional(),
})
export type HubView = z.infer<typeof HubView>

/** `kiosk`: a screen on the wall of one team, which nobody sits at. */
export const Role = z.enum(['nurse', 'lead', 'engineer', 'admin', 'kiosk'])
export type Role = z.infer<typeof Role>

/** One line of an episode's story, newest last. */
export const AlarmHistoryEntry = z.object({
  at: z.int(),
  what: z.string(),
  by: Person.nullable(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
})
export type AlarmHistoryEntry = z.infer<typeof AlarmHistoryEntry>
