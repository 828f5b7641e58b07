import { z } from 'zod'
import { AlarmCode, AlarmType, Priority, PrioritySource } from '../alarm/codes.ts'
import { PumpEventCode } from '../events.ts'
import { BootId, ChannelId, EpisodeId, PumpId } from '../ids.ts'
import { MeasurementStatus, TelemetrySample } from '../telemetry.ts'

/** Two independent queues: a telemetry backlog never stands in front of an alarm (uplink.md). */
export const Lane = z.enum(['alarm', 'telemetry'])
export type Lane = z.infer<typeof Lane>

/** How the hub's wall clock was set when it stamped the record. Never used for durations or order. */
export const ClockQuality = z.enum(['ntp', 'device-rtc', 'none', 'unknown'])
export type ClockQuality = z.infer<typeof ClockQuality>

/** IHE alert phases we use (clinical.md 7). */
export const ConditionPhase = z.enum([
  'start',
  'continue',
  'update',
  'escalate',
  'deescalate',
  'inactivate',
  'acknowledged',
  'end',
])
export type ConditionPhase = z.infer<typeof ConditionPhase>

export const Inactivation = z.enum([
  'enabled',
  'audio-paused',
  'audio-off',
  'alarm-paused',
  'alarm-off',
  'acknowledged',
])
export type Inactivation = z.infer<typeof Inactivation>

/** One alarm condition as the hub knows it: body of `condition`, and the entries of `snapshot`. */
export const Condition = z.object({
  episodeId: EpisodeId,
  code: AlarmCode,
  vendorCode: z.string().max(64).nullable(),
  vendorText: z.string().max(256).nullable(),
  phase: ConditionPhase,
  state: z.enum(['active', 'latched', 'inactive']),
  inactivation: z.array(Inactivation).max(4),
  priority: Priority,
  prioritySource: PrioritySource,
  type: AlarmType,
  /** Null: the pump as a whole. */
  channelId: ChannelId.nullable(),
  /** The pump's own clock, RFC 3339, or null. */
  startedAt: z.iso.datetime({ offset: true }).nullable(),
  measurementStatus: z.array(MeasurementStatus).max(7),
  /** Built from published sources, never run against hardware by this project. */
  experimental: z.boolean(),
})
export type Condition = z.infer<typeof Condition>

/** The full list of one pump's active alarms. An empty list is a statement too. */
export const Snapshot = z.object({
  reason: z.enum(['pump-connected', 'hub-started', 'requested', 'periodic']),
  alarms: z.array(Condition).max(64),
  measurementStatus: z.array(MeasurementStatus).max(7),
})
export type Snapshot = z.infer<typeof Snapshot>

/** Small facts of an event, for people and for the timeline: `reason`, `from`, `to`, `inferred`, … */
export const EventDetail = z.record(
  z.string().max(32),
  z.union([z.string().max(256), z.number(), z.boolean(), z.null()]),
)

export const PumpEventBody = z.object({
  event: PumpEventCode,
  detail: EventDetail,
  measurementStatus: z.array(MeasurementStatus).max(7),
})
export type PumpEventBody = z.infer<typeof PumpEventBody>

/** Inclusive. */
export const SeqRange = z.tuple([z.int().positive(), z.int().positive()])
export type SeqRange = z.infer<typeof SeqRange>

/** Names telemetry that the outbox had to thin or drop. Names telemetry numbers only. */
export const Tombstone = z.object({
  id: z.string().max(64),
  bootId: BootId,
  ranges: z.array(SeqRange).min(1).max(1000),
  count: z.int().positive(),
  firstWallAt: z.int(),
  lastWallAt: z.int(),
  reason: z.enum(['thinned', 'dropped', 'quarantine-trimmed']),
})
export type Tombstone = z.infer<typeof Tombstone>

/** Readings that a thinned record averages; all others are those of its last sample. */
export const averagedFields = ['rateMlPerHour', 'linePressureMmHg', 'airAccumulatedMl'] as const
export type AveragedField = (typeof averagedFields)[number]

const Spread = z.object({ min: z.number(), max: z.number(), count: z.int().positive() })

/**
 * Several samples of one channel in one: they lie in one span of time and agree in everything that is not a number, so no state and
 * no alarm code is averaged away (docs/adr/0016). `of` says whose numbers and whose clock they had: the record itself is numbered
 * later, often by another boot.
 */
export const Thinned = z.object({
  of: z.object({
    bootId: BootId,
    firstSeq: z.int().positive(),
    firstMonotonicMs: z.number().nonnegative(),
    lastMonotonicMs: z.number().nonnegative(),
    /** Samples behind this one. */
    count: z.int().positive(),
  }),
  /** Averaged readings are means; null where no sample had one. */
  sample: TelemetrySample,
  spread: z.object({
    rateMlPerHour: Spread.nullable(),
    linePressureMmHg: Spread.nullable(),
    airAccumulatedMl: Spread.nullable(),
  }),
})
export type Thinned = z.infer<typeof Thinned>

const envelope = {
  /** One counter for both lanes, no hole within a boot: `(hubId, bootId, seq)` is the idempotency key. */
  seq: z.int().positive(),
  bootId: BootId,
  /** The hub's monotonic clock, ms since the boot's start. */
  monotonicMs: z.number().nonnegative(),
  /** The hub's wall clock, ms since the epoch: possibly wrong, kept as it was. */
  wallAt: z.int(),
  clockQuality: ClockQuality,
}

const onAlarmLane = { ...envelope, lane: z.literal('alarm') }

export const ConditionRecord = z.object({
  ...onAlarmLane,
  kind: z.literal('condition'),
  pumpId: PumpId,
  body: Condition,
})
export const SnapshotRecord = z.object({ ...onAlarmLane, kind: z.literal('snapshot'), pumpId: PumpId, body: Snapshot })
/** `pumpId` null: an event of the hub itself. */
export const EventRecord = z.object({
  ...onAlarmLane,
  kind: z.literal('event'),
  pumpId: PumpId.nullable(),
  body: PumpEventBody,
})
export const TombstoneRecord = z.object({
  ...onAlarmLane,
  kind: z.literal('tombstone'),
  pumpId: z.null(),
  body: Tombstone,
})
export const TelemetryRecord = z.object({
  ...envelope,
  lane: z.literal('telemetry'),
  kind: z.literal('telemetry'),
  pumpId: PumpId,
  body: TelemetrySample,
})

export const ThinnedRecord = z.object({
  ...envelope,
  lane: z.literal('telemetry'),
  kind: z.literal('thinned'),
  pumpId: PumpId,
  body: Thinned,
})

export const UplinkRecord = z.discriminatedUnion('kind', [
  ConditionRecord,
  SnapshotRecord,
  EventRecord,
  TombstoneRecord,
  TelemetryRecord,
  ThinnedRecord,
])
export type UplinkRecord = z.infer<typeof UplinkRecord>
export type ConditionRecord = z.infer<typeof ConditionRecord>
export type SnapshotRecord = z.infer<typeof SnapshotRecord>
export type EventRecord = z.infer<typeof EventRecord>
export type TombstoneRecord = z.infer<typeof TombstoneRecord>
export type TelemetryRecord = z.infer<typeof TelemetryRecord>
export type ThinnedRecord = z.infer<typeof ThinnedRecord>

/** The boot and the moment of its monotonic clock that a record's content belongs to. */
export const measuredAt = (record: UplinkRecord): { readonly bootId: BootId; readonly monotonicMs: number } =>
  record.kind === 'thinned'
    ? { bootId: record.body.of.bootId, monotonicMs: record.body.of.lastMonotonicMs }
    : { bootId: record.bootId, monotonicMs: record.monotonicMs }

/** A number of that boot, as near to the content as is known. */
export const measuredSeq = (record: UplinkRecord): number =>
  record.kind === 'thinned' ? record.body.of.firstSeq : record.seq
