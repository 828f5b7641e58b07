import { z } from 'zod'
import { Priority } from '../alarm/codes.ts'
import { BootId, EpisodeId, HubId, PumpId } from '../ids.ts'
import { ClockQuality } from './records.ts'

/** Version of everything below. Unknown fields inside a known version are ignored, so hubs may be newer than the server. */
export const uplinkVersion = 1

export const maxRecordsPerBatch = 500
export const maxBatchBytes = 256 * 1024
/** So many boots a hub remembers. */
export const mostEarlierBoots = 16

/**
 * "At this hub-monotonic moment the server's clock read this, ± errorMs": half the round trip of the exchange that gave it.
 * The hub sends its newest anchor with every request; the server stores it before the records that need it, and only if it is
 * later than every record it has already dated in that boot, so a date never changes afterwards (reliability.md 7).
 */
export const Anchor = z.object({
  monotonicMs: z.number().nonnegative(),
  serverAt: z.int(),
  errorMs: z.number().nonnegative(),
})
export type Anchor = z.infer<typeof Anchor>

/** Body of `POST /hub/v1/alarm` and `/hub/v1/telemetry`. Each record is parsed on its own: a bad one is refused, the batch is not. */
export const Batch = z.object({
  v: z.literal(uplinkVersion),
  bootId: BootId,
  anchor: Anchor.nullable(),
  records: z.array(z.unknown()).min(1).max(maxRecordsPerBatch),
})
export type Batch = z.infer<typeof Batch>

/**
 * States of reading one pump's link (protocols/README.md 6). `listening`: the port is open to a pump that speaks only when it has
 * an alarm to tell, so its silence proves nothing and nobody supervises the link.
 */
export const LinkState = z.enum(['closed', 'waiting', 'listening', 'up', 'stale', 'lost'])
export type LinkState = z.infer<typeof LinkState>

export const LaneDepth = z.object({ rows: z.int().nonnegative(), oldestAgeMs: z.number().nonnegative().nullable() })
export type LaneDepth = z.infer<typeof LaneDepth>

export const PortReport = z.object({
  name: z.string().max(64),
  protocol: z.string().max(32),
  link: LinkState,
  /** Why it is not up, in words for a person: "port is missing", "wrong speed, parity or profile", … */
  reason: z.string().max(256).nullable(),
  /** Counters of protocols/README.md 5. */
  counters: z.record(z.string().max(32), z.int().nonnegative()),
})
export type PortReport = z.infer<typeof PortReport>

export const PumpReport = z.object({
  pumpId: PumpId,
  port: z.string().max(64),
  protocol: z.string().max(32),
  link: LinkState,
  /** ms since the last good frame that carries state; null before the first. */
  silentMs: z.number().nonnegative().nullable(),
  statusIntervalMs: z.int().positive(),
  maker: z.string().max(64).nullable(),
  model: z.string().max(64).nullable(),
  firmware: z.string().max(64).nullable(),
  serial: z.string().max(64).nullable(),
  experimental: z.boolean(),
  simulated: z.boolean(),
})
export type PumpReport = z.infer<typeof PumpReport>

/** What can be wrong with a hub itself (vocabulary.md 5). */
export const HubConditionCode = z.enum(['storage-degraded', 'clock-untrusted', 'record-quarantined', 'hub-auth-failed'])
export type HubConditionCode = z.infer<typeof HubConditionCode>

export const HubCondition = z.object({
  code: HubConditionCode,
  priority: Priority,
  /** What is wrong, in words for a person. */
  text: z.string().max(256),
})
export type HubCondition = z.infer<typeof HubCondition>

/** What a hub's computer runs on. `low-voltage`: its supply gives too little, and it may stop at any moment. */
export const HubPower = z.enum(['mains', 'battery', 'low-voltage'])
export type HubPower = z.infer<typeof HubPower>

/** Body of `POST /hub/v1/heartbeat`, every 10 s and first of all in a boot. Its absence is the server's dead-man signal. */
export const Heartbeat = z.object({
  v: z.literal(uplinkVersion),
  bootId: BootId,
  monotonicMs: z.number().nonnegative(),
  wallAt: z.int(),
  clockQuality: ClockQuality,
  anchor: Anchor.nullable(),
  versions: z.object({ gateway: z.string().max(32), node: z.string().max(32) }),
  /** Numbers committed in this boot; null before the first record. The loss ledger's "produced". */
  manifest: z.object({ firstSeq: z.int().positive(), lastSeq: z.int().positive() }).nullable(),
  /** Boots before this one that wrote into the same outbox, newest first. Hubs of earlier versions do not tell (docs/adr/0026). */
  earlierBoots: z.array(BootId).max(mostEarlierBoots).nullish(),
  outbox: z.object({
    alarm: LaneDepth,
    telemetry: LaneDepth,
    quarantined: z.int().nonnegative(),
    tombstoned: z.int().nonnegative(),
    /** What became of this boot's numbers; together as many as the manifest spans. Absent from older hubs. */
    ledger: z
      .object({
        settled: z.int().nonnegative(),
        pending: z.int().nonnegative(),
        tombstoned: z.int().nonnegative(),
        quarantined: z.int().nonnegative(),
      })
      .optional(),
    /** Bytes; null or absent where nothing bounds the outbox. */
    storage: z
      .object({
        telemetryBytes: z.int().nonnegative(),
        telemetryQuotaBytes: z.int().nonnegative(),
        reserveBytes: z.int().nonnegative(),
        ballastBytes: z.int().nonnegative(),
      })
      .nullish(),
    diskFreeBytes: z.int().nonnegative().nullable(),
  }),
  ports: z.array(PortReport).max(64),
  pumps: z.array(PumpReport).max(64),
  /** A level: what is wrong now. Hubs of earlier versions do not tell. */
  conditions: z.array(HubCondition).max(16).default([]),
  /** How often a test alarm takes the way of an alarm; null: never. Hubs of earlier versions do not tell. */
  canaryEveryMs: z.int().positive().nullish(),
  /** Null: the hub's computer does not say. Hubs of earlier versions do not tell. */
  power: HubPower.nullish(),
})
export type Heartbeat = z.infer<typeof Heartbeat>

export const HeartbeatReply = z.object({
  serverTime: z.int(),
  /** Pumps whose full alarm list the server wants now, as `snapshot` records. */
  snapshotsWanted: z.array(PumpId),
  /** Open high episodes of this hub that a nurse has accepted: the hub's own annunciator may rest for them. */
  acceptedHigh: z.array(EpisodeId),
  /** Alarms of this hub that a nurse has closed out while they go on: those of a pump that nobody asks end with it. */
  closedOut: z.array(EpisodeId).default([]),
})
export type HeartbeatReply = z.infer<typeof HeartbeatReply>

/** Reply to `GET /hub/v1/time`: unsigned, for a hub whose clock cannot judge certificates yet (security.md 2.4). */
export const ServerTimeReply = z.object({ serverTime: z.int() })

/** Body of `POST /hub/v1/enrol-nonce`: unsigned, the hub has no identity yet. */
export const EnrolNonceRequest = z.object({ v: z.literal(uplinkVersion), claimId: z.string().min(1).max(64) })
export const EnrolNonceReply = z.object({ nonce: z.string(), expiresAt: z.int() })

/** Raw 32-byte Ed25519 public key, base64. */
const PublicKey = z.string().length(44)

/** Body of `POST /hub/v1/enrol`. `signature`: Ed25519 by the new key over `enrolMessage(claimId, code, nonce)`, base64. */
export const EnrolRequest = z.object({
  v: z.literal(uplinkVersion),
  claimId: z.string().min(1).max(64),
  /** 12 Crockford characters; dashes, spaces and lower case are forgiven. */
  code: z.string().min(12).max(20),
  nonce: z.string().min(16).max(128),
  publicKey: PublicKey,
  signature: z.string().max(128),
})
export type EnrolRequest = z.infer<typeof EnrolRequest>

export const EnrolReply = z.object({ hubId: HubId, keyId: z.string(), serverTime: z.int() })
export type EnrolReply = z.infer<typeof EnrolReply>

/**
 * Body of `POST /hub/v1/rotate-key`, signed by the key to be replaced, or by its successor when the first answer was lost.
 * `proof`: Ed25519 by the new key over `rotateMessage(hubId, publicKey)`, base64.
 */
export const RotateRequest = z.object({ v: z.literal(uplinkVersion), publicKey: PublicKey, proof: z.string().max(128) })
export type RotateRequest = z.infer<typeof RotateRequest>

/** `oldValidUntil`: server time at which the replaced key ends. */
export const RotateReply = z.object({ keyId: z.string(), oldValidUntil: z.int(), serverTime: z.int() })
export type RotateReply = z.infer<typeof RotateReply>

export const rotateMessage = (hubId: HubId, publicKey: string): string => `hub-rotate-v1\n${hubId}\n${publicKey}`

export const enrolMessage = (claimId: string, code: string, nonce: string): string =>
  `hub-enrol-v1\n${claimId}\n${code}\n${nonce}`
