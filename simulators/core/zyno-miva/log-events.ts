import type { AlarmCode } from '#domain/alarm/codes.ts'
import type { ModelAlarm } from '../pump-alarms.ts'

/** Numbers of the types above 15. `none`: those of A, at a hub that was not told which table they are of. */
export type MivaEventTable = 'none' | 'A' | 'B'

export interface Logged {
  readonly type: number
  readonly subtype: number
  /** What the event says by zyno-miva.md 5. */
  readonly says: AlarmCode
  /** How the log tells its end; the next run ends the others. */
  readonly ends?: { readonly type: number; readonly subtype: number }
}

const occlusionCleared = { type: 9, subtype: 4 } as const
const batteryMedium = { type: 13, subtype: 1 } as const

/** The same in every table. */
const shared: Readonly<Partial<Record<ModelAlarm, Logged>>> = {
  'occlusion-downstream': { type: 9, subtype: 2, says: 'occlusion-downstream', ends: occlusionCleared },
  'occlusion-upstream': { type: 9, subtype: 1, says: 'occlusion-upstream', ends: occlusionCleared },
  'reservoir-empty': { type: 3, subtype: 0, says: 'reservoir-empty' },
  'cassette-detached': { type: 14, subtype: 0, says: 'cassette-detached' },
  'battery-low': { type: 13, subtype: 2, says: 'battery-low', ends: batteryMedium },
  'battery-depleted': { type: 13, subtype: 4, says: 'battery-depleted', ends: batteryMedium },
}

/** Types of the tables: a system error, nobody attends, a setting was changed. */
const numbers = {
  none: { systemError: 19, unattended: 22, settingChange: null },
  A: { systemError: 19, unattended: 22, settingChange: 23 },
  B: { systemError: 18, unattended: 21, settingChange: 22 },
} as const satisfies Readonly<Record<MivaEventTable, object>>

/** Air, a low bag, keep-open flow and the end of a program do not exist in this log. */
export const eventsOf = (table: MivaEventTable): Readonly<Partial<Record<ModelAlarm, Logged>>> => {
  const { systemError, unattended } = numbers[table]
  const says = (code: AlarmCode): AlarmCode => (table === 'none' ? 'device-text' : code)
  return {
    ...shared,
    'pump-malfunction': { type: systemError, subtype: 1, says: says('pump-malfunction') },
    'paused-too-long': { type: unattended, subtype: 0, says: says('paused-too-long') },
  }
}

/** null: this table has no such event, or nobody would know it. */
export const settingChangeOf = (table: MivaEventTable): number | null => numbers[table].settingChange
