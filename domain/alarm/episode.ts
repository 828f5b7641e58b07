import { z } from 'zod'
import { ChannelId, EpisodeId, HubId, PumpId } from '../ids.ts'
import { Finding, Person, ResolveClass, type Escalation, type FormerOwner, type Shelf } from '../live/views.ts'
import { Inactivation } from '../uplink/records.ts'
import { AlarmCode, AlarmType, Priority, PrioritySource } from './codes.ts'

/** CONDITION region of one episode: moved by reports and by the link, never by a person. All times are server time, ms. */
export const EpisodeCondition = z.object({
  /** Told by a hub's records (a pump's condition) or derived by the server. */
  source: z.enum(['hub', 'server']),
  code: AlarmCode,
  channelId: ChannelId.nullable(),
  hubId: HubId.nullable(),
  /** Every episode id under which the hub reported this, the first included. */
  aliases: z.array(EpisodeId),
  type: AlarmType,
  vendorCode: z.string().nullable(),
  vendorText: z.string().nullable(),
  /** As reported, before the server raises it. */
  reportedPriority: Priority,
  reportedSource: PrioritySource,
  /** What was done to the signal at the pump itself. */
  inactivation: z.array(Inactivation),
  /** True while the condition is present as far as anybody was told. */
  open: z.boolean(),
  /** False: present when last heard, and not heard since (link lost, or told only by late records). */
  verified: z.boolean(),
  startedAt: z.number(),
  uncertaintyMs: z.number(),
  observedAt: z.number(),
  /** Start of the latest run; later than `startedAt` after a re-start. */
  lastStartedAt: z.number(),
  endedAt: z.number().nullable(),
  /** The end was inferred from a snapshot after a silence, not seen. */
  endUnobserved: z.boolean(),
  /** Its latest start was told by a late record: a mark that stays. */
  cameLate: z.boolean(),
  /** Known only from late records: it does not ring until a fresh one says that it is still there. */
  late: z.boolean(),
  recurrence: z.int(),
  recurring: z.boolean(),
  unverifiedPumps: z.array(PumpId),
  delivering: z.boolean().nullable(),
  experimental: z.boolean(),
  simulated: z.boolean(),
})
export type EpisodeCondition = Readonly<z.infer<typeof EpisodeCondition>>

/** PRIORITY region: what is shown, and who set it. */
export const ShownPriority = z.object({ priority: Priority, source: PrioritySource, raised: z.boolean() })
export type ShownPriority = Readonly<z.infer<typeof ShownPriority>>

export const Resolution = z.object({
  class: ResolveClass,
  finding: Finding,
  note: z.string(),
  by: Person,
  at: z.number(),
})
export type Resolution = z.infer<typeof Resolution>

export interface Rejection {
  readonly by: Person
  readonly reason: string
  readonly at: number
}

/** RESPONSE region: moved by people, and taken back by a rise in priority or a re-start. */
export interface EpisodeResponse {
  readonly state: 'new' | 'seen' | 'accepted' | 'rejected' | 'handed-over' | 'resolved'
  readonly owner: Person | null
  readonly acceptedAt: number | null
  readonly resolution: Resolution | null
  /** Offered to this person; null: not offered. The owner keeps it meanwhile. */
  readonly handedTo: { readonly to: Person; readonly at: number } | null
  /** Who said that they cannot take it, each with the latest reason, oldest first: whoever is asked next is somebody else. */
  readonly rejections: readonly Rejection[]
  /** When its owner last did something about it; null: nobody has it. */
  readonly checkedAt: number | null
  /** When it was found that she should have. */
  readonly missedAt: number | null
  /** Since when she is known to be gone, of an alarm that is over. */
  readonly ownerGoneAt: number | null
  /** Who had it before it lapsed or was taken from them. */
  readonly formerOwner: FormerOwner | null
  /** The last person who changed this region, and when: what a conflict tells. */
  readonly lastAct: { readonly by: Person | null; readonly at: number } | null
}

export interface Episode {
  readonly episodeId: EpisodeId
  readonly condition: EpisodeCondition
  readonly shown: ShownPriority
  /** When people last had a new reason to answer: its opening, a rise of its priority, or when the answer was taken back. */
  readonly calledAt: number
  readonly response: EpisodeResponse
  /** Nobody has had it since then: its opening, when its owner gave it up, or when everybody was asked again. */
  readonly unownedSince: number
  /** Nobody had it for too long: high until the condition comes again. */
  readonly overdue: boolean
  /** Others were asked about it, beside the order of paging; over with the condition's run. */
  readonly escalated: Escalation | null
  /** Ends at once with a rise of the priority or a re-start. */
  readonly shelved: Shelf | null
  /** Counts the changes of `response`; `seen` is not counted, since looking must not spoil another nurse's Take. */
  readonly version: number
  readonly closedAt: number | null
}
