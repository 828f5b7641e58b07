import { PumpId } from '#domain/ids.ts'
import { canaryPumpId } from '#domain/uplink/canary.ts'
import { emptyBook } from './alarm-book.ts'
import type { ChannelId, EpisodeId } from '#domain/ids.ts'
import type { PumpEventCode } from '#domain/events.ts'
import type { PumpIdentity } from '#domain/pump-protocols/profile.ts'
import type { MeasurementStatus } from '#domain/telemetry.ts'
import type { LinkState } from '#domain/uplink/envelope.ts'
import type { Condition, Snapshot } from '#domain/uplink/records.ts'
import type { AlarmBook, AlarmDefaults, BookContext } from './alarm-book.ts'
import type { NewRecord, Stamp } from './ports.ts'

/** A pump's full alarm list goes out at least this often, ms (uplink.md). */
export const snapshotEveryMs = 60_000
/** How long a condition that the hub itself derived stands, ms: long enough to be in one periodic snapshot. */
export const derivedForMs = 60_000

export type SnapshotReason = Snapshot['reason']

interface Derived {
  readonly condition: Condition
  readonly untilMs: number
}

/** What the hub knows of the pump on one port (or behind one MQTT client). Never changed in place. */
export interface PumpRecordState {
  readonly pumpId: PumpId | null
  readonly identity: PumpIdentity | null
  readonly link: LinkState
  /** The last link event on record; null before the first. */
  readonly announced: 'up' | 'down' | null
  readonly alarms: AlarmBook
  /** False after a link loss or a new boot of the pump: the book is old news until the pump has said its list again. */
  readonly verified: boolean
  /** A snapshot is owed as soon as the list is verified. */
  readonly owed: SnapshotReason | null
  readonly lastSnapshotMs: number
  readonly derived: readonly Derived[]
  /** Channels that delivered by their last sample; null: no sample yet. */
  readonly delivering: ReadonlySet<ChannelId> | null
  /** Events that no pump could be named for. */
  readonly unattributed: number
}

export const unknownPump: PumpRecordState = {
  pumpId: null,
  identity: null,
  link: 'closed',
  announced: null,
  alarms: emptyBook,
  verified: false,
  owed: null,
  lastSnapshotMs: 0,
  derived: [],
  delivering: null,
  unattributed: 0,
}

export interface RecorderContext {
  readonly port: string
  readonly experimental: boolean
  /** The port's own mark, added to whatever the pump says. */
  readonly marks: readonly MeasurementStatus[]
  readonly defaults: AlarmDefaults
  readonly newEpisodeId: () => EpisodeId
}

/** New state and what must be durable before it counts. Records of one result are on one lane. */
export interface Recorded {
  readonly state: PumpRecordState
  readonly records: readonly NewRecord[]
}

export type Detail = Readonly<Record<string, string | number | boolean | null>>

/**
 * A pump's serial number as a pump id: other characters become `-`. Null when nothing is left to name it by. The canary's name is the
 * hub's own.
 */
export const pumpIdOf = (serial: string): PumpId | null => {
  const parsed = PumpId.safeParse(
    serial
      .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[._-]+/, '')
      .slice(0, 64),
  )
  if (!parsed.success) return null
  return parsed.data === canaryPumpId ? PumpId.parse(`pump-${canaryPumpId}`) : parsed.data
}

export const simulationMarks = (state: PumpRecordState, context: RecorderContext): MeasurementStatus[] =>
  [...new Set([...(state.identity?.measurementStatus ?? []), ...context.marks])].filter(
    (mark) => mark === 'demo' || mark === 'test',
  )

export const bookContext = (state: PumpRecordState, context: RecorderContext): BookContext => ({
  defaults: context.defaults,
  newEpisodeId: context.newEpisodeId,
  experimental: context.experimental,
  measurementStatus: simulationMarks(state, context),
})

const clip = (detail: Detail): Detail =>
  Object.fromEntries(
    Object.entries(detail).map(([name, value]) => [
      name.slice(0, 32),
      typeof value === 'string' ? value.slice(0, 256) : Number.isNaN(value) ? null : value,
    ]),
  )

export const eventRecord = (
  pumpId: PumpId | null,
  event: PumpEventCode,
  detail: Detail,
  marks: readonly MeasurementStatus[],
  stamp: Stamp,
): NewRecord => ({
  ...stamp,
  lane: 'alarm',
  kind: 'event',
  pumpId,
  body: { event, detail: clip(detail), measurementStatus: [...marks] },
})

export const conditionRecords = (pumpId: PumpId, changed: readonly Condition[], stamp: Stamp): NewRecord[] =>
  changed.map((body) => ({ ...stamp, lane: 'alarm', kind: 'condition', pumpId, body }))

export const snapshotOf = (
  state: PumpRecordState,
  pumpId: PumpId,
  reason: SnapshotReason,
  context: RecorderContext,
  stamp: Stamp,
): NewRecord => {
  const active = [...state.derived.map(({ condition }) => condition), ...state.alarms.values()]
  return {
    ...stamp,
    lane: 'alarm',
    kind: 'snapshot',
    pumpId,
    body: {
      reason,
      alarms: active.slice(0, 64).map((condition) => ({ ...condition, phase: 'continue' })),
      measurementStatus: simulationMarks(state, context),
    },
  }
}
