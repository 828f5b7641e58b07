import type { AlarmCode, Priority } from '../../alarm/codes.ts'
import type { ChannelId } from '../../ids.ts'
import type { ReportedAlarm } from '../profile.ts'

interface Meaning {
  readonly code: AlarmCode
  readonly text: string
  readonly priority?: Priority
}

/** Alarm letters (new-era-ne1000.md 5). */
const known: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  // a stalled motor may have another cause, so it is never called an occlusion
  ['A?S', { code: 'drive-fault', text: 'motor stalled, possible occlusion' }],
  ['A?R', { code: 'device-text', text: 'reset, power was interrupted', priority: 'high' }],
  ['A?T', { code: 'host-timeout', text: 'communication time-out, the pump has stopped', priority: 'high' }],
  ['A?E', { code: 'pump-malfunction', text: 'program error' }],
  ['A?O', { code: 'device-text', text: 'program phase out of range' }],
])

export const powerWasInterrupted = 'A?R'

/** What is not in the table is shown as sent. `note`: what the reader has to know about this alarm. */
export const alarmOf = (told: string, channelId: ChannelId, note: string | null): ReportedAlarm => {
  const { code, text, priority } = known.get(told) ?? { code: 'device-text' as const, text: told }
  const alarm: ReportedAlarm = {
    code,
    channelId,
    vendorCode: told.slice(0, 64),
    vendorText: note === null ? text : `${text} (${note})`,
    priority: null,
  }
  return priority === undefined ? alarm : { ...alarm, profilePriority: priority }
}
