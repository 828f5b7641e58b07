import { ChannelId, PumpId } from '../ids.ts'
import { isSimulated } from '../telemetry.ts'
import type { UplinkRecord } from './records.ts'

// The canary (alarms.md, "Proof that the path works"): a synthetic pump that every hub carries. Its test alarm takes the way of a
// pump's alarm up to the journal and the nurse's loudspeaker, and is an alarm nowhere.

/** Reserved on every hub. */
export const canaryPumpId = PumpId.parse('canary')

/** The one alarm it has: no pump says it, so no pump's alarm is ever taken for it. */
export const canaryAlarm = {
  code: 'device-text',
  channelId: ChannelId.parse('1'),
  vendorCode: 'infusion-watch/canary',
  vendorText: 'Test alarm: nothing is wrong',
  priority: 'low',
} as const

/** Its id alone is not enough: a pump could be called so, and its alarms must not vanish. */
export const isCanary = (record: UplinkRecord): boolean =>
  record.kind === 'condition' &&
  record.pumpId === canaryPumpId &&
  record.body.vendorCode === canaryAlarm.vendorCode &&
  isSimulated(record.body.measurementStatus)

/** Of a hub that does not say otherwise, ms. */
export const canaryEveryMs = 600_000
