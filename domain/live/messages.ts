import { z } from 'zod'
import { Priority } from '../alarm/codes.ts'
import { EpisodeId, HubId, PumpId, UserId } from '../ids.ts'
import { DutyChoice } from '../on-call/readiness.ts'
import { namedInPause } from '../on-call/station.ts'
import { longestPauseMs } from '../sound/audio-pause.ts'
import { PagedNote } from '../paging/paging-view.ts'
import { AlarmView, Finding, FloodCount, HubView, PumpView, ResolveClass } from './views.ts'

// socket.io events of the live feed, by name. Numbering: `at.seq` rises by one per update within an epoch; a new epoch per
// server start. A gap, another epoch or another digest means: the client asks for a snapshot with `hello`.

export const liveProtocolVersion = 3

export const At = z.object({ epoch: z.string(), seq: z.int().nonnegative() })
export type At = z.infer<typeof At>

/** client → server, on every connect and to resynchronize. `at` null: send a snapshot. */
export const Hello = z.object({
  at: At.nullable(),
  build: z.string().max(64),
  protocol: z.int(),
  /** Pumps whose every sample the client wants (open pump page). */
  watch: z.array(PumpId).max(50),
  /** What somebody signed in for at this very page; null or absent: not said. */
  duty: DutyChoice.nullish(),
})
export type Hello = z.infer<typeof Hello>

/** Everything there is to see at `at`. It travels in parts. */
export const LiveSnapshot = z.object({
  at: At,
  serverAt: z.int(),
  alarms: z.array(AlarmView),
  pumps: z.array(PumpView),
  hubs: z.array(HubView),
  /** Of alarms about which somebody was paged and that nobody has answered. */
  paged: z.array(PagedNote),
})
export type LiveSnapshot = z.infer<typeof LiveSnapshot>

/**
 * server → client, acknowledged: the next part comes when this one was, so that a slow line is never given more than it takes. First come the open
 * alarms, each with its pumps, hub and note; with the last of them they replace all that were known, at once. Then come the other pumps and hubs.
 */
export const SnapshotPart = LiveSnapshot.extend({
  /** 0 begins a snapshot, whatever came before. */
  part: z.int().nonnegative(),
  /** The open alarms as of `at` are all told. */
  alarmsWhole: z.boolean(),
  /** Everything is told: a pump or hub that was in no part is not there any more. */
  whole: z.boolean(),
  /** How many pumps there are in all. */
  pumpCount: z.int().nonnegative(),
})
export type SnapshotPart = z.infer<typeof SnapshotPart>

export const LiveChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('alarm'), alarm: AlarmView }),
  z.object({ kind: z.literal('alarm-closed'), episodeId: EpisodeId }),
  /** It goes on, and is another team's by now: its pump has moved. */
  z.object({ kind: z.literal('alarm-gone'), episodeId: EpisodeId }),
  /** A pump appeared, or its identity or link changed. Samples travel as telemetry. */
  z.object({ kind: z.literal('pump'), pump: PumpView }),
  z.object({ kind: z.literal('pump-gone'), pumpId: PumpId }),
  z.object({ kind: z.literal('hub'), hub: HubView }),
  z.object({ kind: z.literal('hub-gone'), hubId: HubId }),
  z.object({ kind: z.literal('paged'), note: PagedNote }),
  /** Nobody is being paged about it any more. */
  z.object({ kind: z.literal('not-paged'), episodeId: EpisodeId }),
])
export type LiveChange = z.infer<typeof LiveChange>

/** server → client: reliable, one per commit, never batched. */
export const LiveUpdate = z.object({ at: At, serverAt: z.int(), changes: z.array(LiveChange).min(1) })
export type LiveUpdate = z.infer<typeof LiveUpdate>

/** server → client: volatile, the latest sample of each channel of a pump, at most 4 a second, not numbered. */
export const LiveTelemetry = z.object({
  serverAt: z.int(),
  samples: z.array(
    PumpView.pick({
      pumpId: true,
      sample: true,
      sampledAt: true,
      receivedAt: true,
      uncertaintyMs: true,
      otherChannels: true,
    }),
  ),
})
export type LiveTelemetry = z.infer<typeof LiveTelemetry>

/** server → client, once a second. The page judges how true it is by this alone. */
export const LiveHeartbeat = z.object({
  at: At,
  serverAt: z.int(),
  openAlarms: z.int().nonnegative(),
  /** `openDigest()` over the open alarms; a client whose own digest differs asks for a snapshot. */
  openDigest: z.string(),
  build: z.string(),
})
export type LiveHeartbeat = z.infer<typeof LiveHeartbeat>

/** `most`: screens that one session may have open at once. */
export const TooManyScreens = z.object({ most: z.int().positive() })
export type TooManyScreens = z.infer<typeof TooManyScreens>

/** FNV-1a over the sorted `episodeId:version:condition` of the open alarms. */
export const openDigest = (
  alarms: Iterable<Pick<AlarmView, 'episodeId' | 'version' | 'condition' | 'priority'>>,
): string => {
  const lines = [...alarms].map((a) => `${a.episodeId}:${a.version}:${a.condition}:${a.priority}`).toSorted()
  let hash = 0x811c9dc5
  for (const character of lines.join('\n')) {
    hash ^= character.codePointAt(0) ?? 0
    hash = Math.imul(hash, 0x01000193) >>> 0
  }
  return hash.toString(16).padStart(8, '0')
}

/** How long a low alarm may be shelved at once. */
export const ShelfMinutes = z.int().min(1).max(60)

const command = { requestId: z.string().min(8).max(64), episodeId: EpisodeId, expectedVersion: z.int().nonnegative() }

/** client → server as `command`, acknowledged with a `CommandReply`. Same meaning as the REST routes. */
export const LiveCommand = z.discriminatedUnion('kind', [
  z.object({ ...command, kind: z.literal('accept') }),
  z.object({ ...command, kind: z.literal('seen') }),
  /** Takes one's own acceptance back. */
  z.object({ ...command, kind: z.literal('withdraw') }),
  z.object({ ...command, kind: z.literal('reject'), reason: z.string().trim().min(1).max(500) }),
  /** Offers one's own alarm to another nurse, who has to take it over. */
  z.object({ ...command, kind: z.literal('hand-over'), to: UserId }),
  z.object({ ...command, kind: z.literal('take-over') }),
  z.object({ ...command, kind: z.literal('decline-hand-over'), reason: z.string().trim().min(1).max(500) }),
  z.object({ ...command, kind: z.literal('withdraw-hand-over') }),
  /** "Still on it." */
  z.object({ ...command, kind: z.literal('check-in') }),
  /** From an owner who is gone; leads from anybody. */
  z.object({ ...command, kind: z.literal('take-from'), reason: z.string().trim().min(1).max(500) }),
  /** Pages somebody now; null: whoever is next. Owner and priority stay. */
  z.object({ ...command, kind: z.literal('escalate'), to: UserId.nullable(), flood: FloodCount.optional() }),
  /** A low alarm, by a lead. */
  z.object({ ...command, kind: z.literal('shelve'), reason: z.string().trim().min(1).max(500), minutes: ShelfMinutes }),
  z.object({ ...command, kind: z.literal('unshelve') }),
  z.object({
    ...command,
    kind: z.literal('resolve'),
    class: ResolveClass,
    finding: Finding,
    note: z.string().max(2000),
  }),
])
export type LiveCommand = z.infer<typeof LiveCommand>

export const CommandReply = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('ok'), alarm: AlarmView }),
  /** Somebody was faster, or the alarm changed: `alarm` says who and when. */
  z.object({ outcome: z.literal('conflict'), alarm: AlarmView, message: z.string() }),
  z.object({ outcome: z.literal('refused'), message: z.string() }),
])
export type CommandReply = z.infer<typeof CommandReply>

/** client → server, every 2 s: what this station can do. 5 s of silence: unattended. */
export const Station = z.object({
  visible: z.boolean(),
  audio: z.object({ state: z.enum(['running', 'suspended', 'closed', 'interrupted']), advancing: z.boolean() }),
  lastInputAgeMs: z.number().nonnegative(),
  build: z.string().max(64),
  /** This station's own quiet: how long yet, and for which alarms. Null or absent: it sounds whatever is to be heard. */
  pause: z
    .object({
      leftMs: z.number().min(0).max(longestPauseMs.medium),
      priority: Priority,
      episodeIds: z.array(EpisodeId).max(namedInPause),
    })
    .nullish(),
  /** How far this computer's clock is from the server's, ms; null or absent: not known. */
  clockErrorMs: z.number().nullish(),
  /** What somebody signed in for at this very page; null or absent: not said. */
  duty: DutyChoice.nullish(),
})
export type Station = z.infer<typeof Station>

/** server → client: a test alarm. The page plays it without a sound, on the way of every alarm's sound (alarms.md, "Proof that the path works"). */
export const Canary = z.object({
  canaryId: z.string().min(1).max(64),
  /** The hub it comes from; null: the server's own. */
  hubId: HubId.nullable(),
})
export type Canary = z.infer<typeof Canary>

/** client → server, acknowledged with `PathProven` or null: the audio clock has played it to the end. */
export const CanaryHeard = z.object({
  canaryId: z.string().min(1).max(64),
  /** How far the audio clock advanced meanwhile, ms. */
  audioMs: z.number().positive(),
})
export type CanaryHeard = z.infer<typeof CanaryHeard>

export const PathProven = z.object({ provenAt: z.int(), overdueAfterMs: z.number().positive() })
export type PathProven = z.infer<typeof PathProven>

/** A message of the live feed has at most 16 KiB, and an id about 40. */
export const noticedAtOnce = 200

/**
 * client → server, acknowledged once it is stored or has no meaning any more: this station made the sound of a page or of these alarms, or
 * somebody looked at them. Sent again until it is acknowledged; a repetition has no effect.
 */
export const PageNotice = z.object({
  kind: z.enum(['audible', 'viewed']),
  about: z.union([
    z.object({ notificationId: z.string().min(1).max(64) }),
    z.object({ episodeIds: z.array(EpisodeId).min(1).max(noticedAtOnce) }),
  ]),
  /** Which station, the same as long as the page is open. */
  station: z.string().min(1).max(64),
})
export type PageNotice = z.infer<typeof PageNotice>

/** What a page may say. */
export const liveRequests = ['hello', 'command', 'station', 'receipt', 'canary-heard'] as const
export type LiveRequest = (typeof liveRequests)[number]

/** Event names, in one place for both ends. */
export const liveEvents = {
  hello: 'hello',
  snapshot: 'snapshot',
  update: 'update',
  telemetry: 'telemetry',
  heartbeat: 'heartbeat',
  command: 'command',
  station: 'station',
  /** server → client: a page (domain/paging/page.ts) for whoever is signed in there; acknowledged when it is shown. */
  page: 'page',
  receipt: 'receipt',
  canary: 'canary',
  canaryHeard: 'canary-heard',
  /** server → client: the session is over; show "NOT MONITORING – sign in". */
  sessionEnded: 'session-ended',
  /** server → client: the server does not speak this client's protocol and hangs up. */
  otherProtocol: 'other-protocol',
  /** server → client: a `TooManyScreens`; this one gets nothing, and the server hangs up. */
  tooManyScreens: 'too-many-screens',
  /** server → client: nothing can be kept, so no alarm is taken and nobody is paged; the server hangs up. */
  keepsNothing: 'keeps-nothing',
} as const
