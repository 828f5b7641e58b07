import type { PumpId } from '#domain/ids.ts'
import type { Condition, Snapshot, UplinkRecord } from '#domain/uplink/records.ts'

/** A record before its hub has numbered and stamped it. */
export type NewRecord = UplinkRecord extends infer R
  ? R extends UplinkRecord
    ? Omit<R, 'seq' | 'bootId' | 'monotonicMs' | 'wallAt' | 'clockQuality'>
    : never
  : never

/** A pump's full list of active alarms. */
export const snapshotRecord = (
  pumpId: PumpId,
  reason: Snapshot['reason'],
  alarms: readonly Condition[],
): NewRecord => ({
  lane: 'alarm',
  kind: 'snapshot',
  pumpId,
  body: { reason, alarms: [...alarms], measurementStatus: ['demo'] },
})
