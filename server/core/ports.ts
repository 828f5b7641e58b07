import type { AlarmEvent } from '#domain/alarm/events.ts'
import type { AuditAction } from '#domain/audit/entry.ts'
import type { BootId, EpisodeId, HubId, PumpId } from '#domain/ids.ts'
import type { History, HistoryQuery } from '#domain/live/api.ts'
import type { At, LiveChange } from '#domain/live/messages.ts'
import type { Person } from '#domain/live/views.ts'
import type { TelemetrySample } from '#domain/telemetry.ts'
import type { Instant } from '#domain/time.ts'
import type { Heartbeat, PumpReport } from '#domain/uplink/envelope.ts'
import type { Lane, SeqRange, UplinkRecord } from '#domain/uplink/records.ts'
import type { z } from 'zod'
import type { SpeakingBoot } from './boot-order.ts'
import type { Act } from './on-call-store.ts'
import type { BootTimeline, Neighbours } from './timeline.ts'

export interface TelemetryPoint {
  readonly hubId: HubId
  readonly pumpId: PumpId
  readonly bootId: BootId
  readonly seq: number
  /** Stored as ms × 10⁶ + seq mod 10⁶ ns: two samples of one millisecond stay two points. */
  readonly occurredAt: Instant
  /** Older on arrival than the policy's late limit. */
  readonly late: boolean
  readonly sample: TelemetrySample
}

export interface RefusedPoint {
  readonly index: number
  readonly reason: string
}

export interface TelemetryStore extends AsyncDisposable {
  readonly engine: string
  /** Durable when resolved; the same point twice is one point. Rejects when nothing is known to be stored (try again). */
  write(points: readonly TelemetryPoint[]): Promise<{ readonly refused: readonly RefusedPoint[] }>
  latest(pumpId: PumpId): Promise<{ readonly at: Instant; readonly sample: Partial<TelemetrySample> } | null>
  /** Thinned to at most `maxPoints` buckets, extremes kept. */
  history(pumpId: PumpId, query: z.infer<typeof HistoryQuery>): Promise<Omit<History, 'alarms'>>
  check(): Promise<void>
}

/** What an alarm belongs to: a pump, or a hub or the site for an alarm without a pump. */
export type AlarmSubject =
  | { readonly kind: 'pump'; readonly pumpId: PumpId }
  | { readonly kind: 'hub'; readonly hubId: HubId }
  | { readonly kind: 'site' }

export const subjectKey = (subject: AlarmSubject): string => {
  switch (subject.kind) {
    case 'pump':
      return `pump:${subject.pumpId}`
    case 'hub':
      return `hub:${subject.hubId}`
    case 'site':
      return 'site'
  }
}

export interface SubjectAppend {
  readonly subject: AlarmSubject
  readonly expectedVersion: number
  readonly events: readonly AlarmEvent[]
}

/** Proof that a record arrived: `hash` (alarm lane only) tells a repetition from a forgery. */
export interface ReceivedKey {
  readonly lane: Lane
  readonly bootId: BootId
  readonly seq: number
  readonly hash: string | null
}

/** A record that the telemetry store took, for the roll-ups and for the ledger. */
export interface StoredSample {
  readonly pumpId: PumpId
  readonly at: Instant
  readonly bootId: BootId
  readonly seq: number
  readonly late: boolean
  /** Samples behind a thinned record; 0: it is one itself. */
  readonly of: number
}

/** A record that was refused for good. */
export interface RefusedKey {
  readonly bootId: BootId
  readonly seq: number
}

/** Numbers of stored telemetry of one hub, and what they stand for. */
export interface HubReceipts {
  readonly hubId: HubId
  readonly received: readonly ReceivedKey[]
  readonly stored?: readonly StoredSample[]
}

/** What a person did: recorded in the transaction of its events (security.md 9). */
export interface JournalAct {
  readonly actor: string
  readonly action: AuditAction
  readonly object: string
}

/** Everything one transaction writes; all or none. */
export interface JournalEffects {
  readonly at: Instant
  readonly appends: readonly SubjectAppend[]
  readonly hubId: HubId | null
  readonly received: readonly ReceivedKey[]
  /** Non-alarm records kept for history: events and tombstones, as they came, with their date. */
  readonly records: readonly DatedRecord[]
  /** Samples that are in the telemetry store, with `received`. */
  readonly stored?: readonly StoredSample[]
  /** Absent: a hub or time did it. */
  readonly act?: JournalAct
}

export interface JournalEntry {
  readonly position: number
  readonly subject: AlarmSubject
  readonly version: number
  readonly at: Instant
  readonly event: AlarmEvent
}

/** Append only; optimistic version per subject; one transaction for all effects. */
export interface AlarmJournal extends AsyncDisposable {
  load(subject: AlarmSubject): Promise<{ readonly events: readonly AlarmEvent[]; readonly version: number }>
  /** Durable when resolved. Rejects with `SRV_VERSION_CONFLICT` when a subject has moved on. */
  commit(effects: JournalEffects): Promise<void>
  readAll(after: number): AsyncIterable<JournalEntry>
}

/** Which records of a hub have arrived, and how its boots' monotonic clocks map to server time. */
export interface ReceiptBook {
  /** For each key: never seen, seen with the same hash, or seen with another one. */
  lookup(hubId: HubId, keys: readonly ReceivedKey[]): Promise<readonly ('new' | 'known' | 'forged')[]>
  /** Inclusive, ascending, not touching. */
  received(hubId: HubId, bootId: BootId): Promise<readonly SeqRange[]>
  /** In one transaction. Durable when resolved. */
  addAll(received: readonly HubReceipts[]): Promise<void>
  /** So that nobody looks for them. Durable when resolved; a repetition changes nothing. */
  refuse(hubId: HubId, refused: readonly RefusedKey[]): Promise<void>
  timeline(hubId: HubId, bootId: BootId): Promise<BootTimeline>
  /** Durable when resolved. Only a timeline made from the stored one by `withAnchor` and `frozenUpTo` may be put. */
  putTimeline(hubId: HubId, bootId: BootId, timeline: BootTimeline): Promise<void>
  /**
   * Which numbering the numbers of each boot belong to: of the sender, of `others` whose records it carries and, the first time, of
   * those it names. Settled for good when a boot is first heard of: as `numberingOf` says for the sender, and for the others as the
   * sender. Durable when resolved.
   */
  numberings(hubId: HubId, sender: SpeakingBoot, others: readonly BootId[]): Promise<ReadonlyMap<BootId, number>>
  /** Known times around a boot that has no anchor: `seq` is one of its numbers, `sender` the boot that delivers it now. */
  neighbours(hubId: HubId, bootId: BootId, seq: number, sender: BootId): Promise<Neighbours>
}

/** A record with its place in server time (reliability.md 7): frozen, a re-delivery gets the same. */
export interface DatedRecord {
  readonly hubId: HubId
  readonly record: UplinkRecord
  /** Which of its hub's numberings the record's number belongs to (docs/adr/0026). */
  readonly numbering: number
  readonly occurredAt: Instant
  readonly uncertaintyMs: number
  readonly receivedAt: Instant
  /** Older on arrival than the policy's late limit. */
  readonly late: boolean
}

/** The alarm service as ingest sees it: resolves after COMMIT of the records, their keys and all their consequences. */
export interface AlarmIntake {
  take(hubId: HubId, records: readonly DatedRecord[], received: readonly ReceivedKey[]): Promise<void>
}

/** What ingest makes known besides verdicts: counters, the security log, and whether history is being stored. */
export interface IngestObserver {
  /** One word per cause; `count` records. */
  refused(hubId: HubId, lane: Lane, reason: string, count: number): void
  /** A number that was used before came with another body: somebody else has the hub's key, or its file went back in time. */
  forged(hubId: HubId, bootId: BootId, seq: number): void
  /** A request number that was used came with another body, well signed. */
  requestForged(hubId: HubId, bootId: BootId): void
  /** A boot goes on sending heartbeats although a later boot of the same hub does: two hubs use one key. */
  olderBootSpeaks(hubId: HubId, bootId: BootId): void
  /** Once per change. While it is down, samples are shown but not stored, and hubs keep them. */
  telemetryStore(state: 'up' | 'down', cause: unknown): void
}

/** The live picture as ingest sees it: samples show before the store is asked, and only if newer than what is shown. */
export interface SampleSink {
  /** Samples of one batch, each number once, in the order of their numbers. */
  take(samples: readonly DatedRecord[]): void
}

/** Never waits for a browser. `at.epoch` is new at each server start. */
export interface LiveFeed extends AsyncDisposable {
  publish(at: At, changes: readonly LiveChange[]): void
  telemetry(pumpIds: readonly PumpId[]): void
}

/** What nurses have answered of a hub's open episodes: part of the heartbeat's reply. */
export interface AcceptedHigh {
  acceptedHigh(hubId: HubId): readonly EpisodeId[]
  /** Closed out while the condition goes on. */
  closedOut(hubId: HubId): readonly EpisodeId[]
}

/** The link watch as the heartbeat route sees it. To be called when the body is complete: then the hub was heard. */
export interface HeartbeatSink {
  heartbeat(hubId: HubId, body: Heartbeat, receivedAt: Instant): void
  /** A request was refused because the hub or its key is revoked. */
  refused(hubId: HubId): void
}

/** A hub as the journal remembers it over restarts. */
export interface KnownHub {
  readonly hubId: HubId
  readonly name: string
  readonly state: 'active' | 'revoked'
  readonly enrolledAt: Instant | null
  readonly lastHeardAt: Instant | null
  /** Of the newest boot it has shown. */
  readonly lastHeartbeat: Heartbeat | null
}

export type NamedHub = Pick<KnownHub, 'hubId' | 'name' | 'state' | 'enrolledAt'>

export interface KnownPump {
  /** The hub that reported it last. */
  readonly hubId: HubId
  readonly report: PumpReport
  readonly reportedAt: Instant
}

export interface HubKey {
  readonly keyId: string
  readonly hubId: HubId
  /** Raw Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array
  /** False when the key or its hub is revoked. */
  readonly active: boolean
  /** Of a key that was replaced; null: until it is replaced or revoked. */
  readonly validUntil: Instant | null
  readonly replacedBy: string | null
}

/** A hub's key as an administrator sees it. */
export interface KeyLife {
  readonly keyId: string
  readonly state: 'active' | 'revoked'
  readonly createdAt: Instant
  readonly validUntil: Instant | null
}

/** A hub's wish for a new key, signed by the one it has. */
export interface KeyRotation {
  readonly hubId: HubId
  readonly oldKeyId: string
  readonly keyId: string
  readonly publicKey: Uint8Array
  readonly at: Instant
  /** The old key is good until then. */
  readonly oldValidUntil: Instant
}

export interface NewClaim {
  readonly claimId: string
  /** The hub this claim enrols; made by the claim when it does not exist yet. */
  readonly hubId: HubId
  readonly hubName: string
  /** HMAC(pepper, code): the code itself is never stored. */
  readonly codeMac: Uint8Array
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly tries: number
}

/** `codeMac` of the stored claim comes back so that the comparison can be constant-time; null: no such claim is open. */
export interface OpenClaim {
  readonly claimId: string
  readonly codeMac: Uint8Array
  /** Set once the claim is used: the same key may ask again, because a reply can be lost. */
  readonly usedByKey: string | null
}

/** Where a heartbeat stands among those of its hub: by boot, then by the hub's monotonic time. */
export type BeatOrder =
  | { readonly order: 'newest' }
  /** A later one of the same boot came before it. */
  | { readonly order: 'late' }
  /** A later boot of this hub has been heard. */
  | { readonly order: 'older-boot'; readonly newestSince: Instant }

export interface HubRegistry {
  key(keyId: string): Promise<HubKey | null>
  hubs(): Promise<readonly KnownHub[]>
  /** Without their heartbeats, which are long: for who asks every few seconds. */
  names(): Promise<readonly NamedHub[]>
  pumps(): Promise<readonly KnownPump[]>
  /** Stores what the heartbeat says of the hub and its pumps, unless a newer one is known. */
  heard(hubId: HubId, body: Heartbeat, at: Instant): Promise<BeatOrder>
  /** False: no such hub. */
  revoke(hubId: HubId, act: Act): Promise<boolean>
  /** False: no such hub. */
  rename(hubId: HubId, name: string, act: Act): Promise<boolean>
  /** Oldest first. */
  keys(hubId: HubId): Promise<readonly KeyLife[]>
  /**
   * Installs the new key beside the old one, in one transaction. Asked again with the same key it says when the old one ends,
   * because an answer can be lost; null when the old key was replaced by another one or the new key is somebody's already.
   */
  rotate(rotation: KeyRotation): Promise<{ readonly oldValidUntil: Instant } | null>
  addClaim(claim: NewClaim, by: Person): Promise<void>
  /** Adds the claim, or opens it again for the hub it has. False when it was used: nothing is changed then. */
  offerClaim(claim: NewClaim, by: Person): Promise<boolean>
  /** One use, until `expiresAt`; false when there is no open claim of that id. */
  addEnrolNonce(claimId: string, nonce: string, expiresAt: Instant, at: Instant): Promise<boolean>
  /** Uses the nonce and one try up, whatever follows; null when the nonce or its claim is unknown, used, expired or out of tries. */
  takeEnrolNonce(claimId: string, nonce: string, at: Instant): Promise<OpenClaim | null>
  /** Uses the claim and installs the key in one statement each, one transaction. Null when somebody was faster. */
  useClaim(claimId: string, keyId: string, publicKey: Uint8Array, at: Instant): Promise<{ hubId: HubId } | null>
}

/** Numbers of signed requests, `(hubId, bootId, attempt)`: each is good once (security.md 2.3). */
export interface NonceBook {
  /** False when that attempt has been seen. Kept in memory at once and committed with the journal's next transaction. */
  take(hubId: HubId, bootId: BootId, attempt: number): boolean
}
