import type { PumpEvent } from '#domain/pump-protocols/profile.ts'
import type { Anchor, Heartbeat, HeartbeatReply } from '#domain/uplink/envelope.ts'
import type { ClockQuality, Lane, UplinkRecord } from '#domain/uplink/records.ts'
import type { Verdict } from '#domain/uplink/verdicts.ts'
import type { BootId, PumpId } from '#domain/ids.ts'
import type { BackoffRange } from './backoff.ts'

/** Something that carries bytes to and from a pump. Each attempt to open is a new connection. */
export interface Transport {
  readonly name: string
  /** Delays between attempts to open. */
  readonly reopen: BackoffRange
  /** Rejects with a `GW_PORT_…` error that says what is wrong and what to do. */
  open(signal: AbortSignal): Promise<Connection>
  /**
   * Resolves when another attempt may succeed now, before the delay is over: a cable was plugged in. Absent, or waiting until
   * `signal` aborts, where nobody can tell. Never rejects. `wasMissing`: the last attempt found no device.
   */
  plugged?(wasMissing: boolean, signal: AbortSignal): Promise<void>
}

/** Single use: after a close, open a new one. */
export interface Connection extends AsyncDisposable {
  readonly incoming: AsyncIterable<Uint8Array>
  /** Rejects with `GW_WRITE_REFUSED`, and writes nothing, when the bytes are not on the profile's whitelist. */
  write(bytes: Uint8Array): Promise<void>
}

/** Asking for the next event says: the previous one is durable. */
export interface PumpDriver {
  run(connection: Connection, signal: AbortSignal): AsyncIterable<PumpEvent>
}

/** A record before the outbox has numbered and stamped it. */
export type NewRecord = UplinkRecord extends infer R
  ? R extends UplinkRecord
    ? Omit<R, 'seq' | 'bootId'>
    : never
  : never

export type OutboxSeq = number
export type OutboxRecord = UplinkRecord

/** What waits on one lane, and when the oldest of it was stamped: only its own boot's monotonic time tells how long ago. */
export interface WaitingRows {
  readonly rows: number
  readonly oldest: { readonly bootId: BootId; readonly monotonicMs: number; readonly wallAt: number } | null
}

export interface OutboxDepth {
  readonly alarm: WaitingRows
  readonly telemetry: WaitingRows
  /** Rows set aside, of all boots. */
  readonly quarantined: number
  /** Numbers named by tombstones, of all boots. */
  readonly tombstoned: number
  readonly manifest: { readonly firstSeq: number; readonly lastSeq: number } | null
  /** Boots before this one that wrote into this outbox, newest first: as many as it remembers. */
  readonly earlierBoots: readonly BootId[]
  /** What became of this boot's numbers: together they are as many as the manifest spans (reliability.md 2). */
  readonly ledger: {
    readonly settled: number
    readonly pending: number
    readonly tombstoned: number
    readonly quarantined: number
  }
  /** Bytes; null where nothing bounds the outbox. */
  readonly storage: {
    readonly telemetryBytes: number
    readonly telemetryQuotaBytes: number
    readonly reserveBytes: number
    readonly ballastBytes: number
  } | null
}

/** A record set aside: told once, so that it can be reported on the alarm lane. `pumpId` null: a hub's record, or one too broken to say. */
export interface QuarantineNotice {
  readonly seq: OutboxSeq
  readonly lane: Lane
  readonly kind: string
  readonly pumpId: PumpId | null
  readonly reason: string
}

export interface Outbox extends AsyncDisposable {
  readonly bootId: BootId
  /**
   * All or none; survives power loss when resolved. All records of one call are on one lane: the lanes are two files, and no commit
   * spans both. Alarms commit at once, telemetry in groups (≤ 1 s, ≤ 200 rows). Rejects with `GW_OUTBOX_FULL` when there is no room.
   */
  append(records: readonly NewRecord[]): Promise<readonly OutboxSeq[]>
  /** Something waits behind telemetry that is not committed yet: commit it now. */
  hurry(): void
  /**
   * Oldest content first, until settled; `newest` after an outage, so that the live picture is right soon. Thinned records are the oldest
   * of all and never the newest. `after`, with `oldest`: only larger numbers, to look ahead of a batch that is on its way; nothing as long
   * as thinned records wait, which come before them.
   */
  peek(lane: Lane, limit: number, order?: 'oldest' | 'newest', after?: OutboxSeq): Promise<readonly OutboxRecord[]>
  /** Idempotent. Numbers are unique over boots and lanes. */
  settle(seqs: readonly OutboxSeq[]): Promise<void>
  /** Poison leaves the lane, is kept and reported. */
  quarantine(seq: OutboxSeq, reason: string): Promise<void>
  depth(): Promise<OutboxDepth>
}

export interface Uplink extends AsyncDisposable {
  /** Verdicts come from the server's durable write; repeating is safe. Verdict i belongs to record i. */
  deliver(lane: Lane, batch: readonly OutboxRecord[], signal: AbortSignal): Promise<readonly Verdict[]>
  heartbeat(body: Omit<Heartbeat, 'v' | 'anchor'>, signal: AbortSignal): Promise<HeartbeatReply>
  /** From the newest good exchange; null before the first. */
  readonly anchor: Anchor | null
}

export interface WallClock {
  readonly quality: ClockQuality
}

/** The three readings every record carries (uplink.md). */
export interface Stamp {
  readonly monotonicMs: number
  readonly wallAt: number
  readonly clockQuality: ClockQuality
}
