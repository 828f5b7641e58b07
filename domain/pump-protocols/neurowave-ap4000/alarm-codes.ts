import type { AlarmCode, Priority } from '../../alarm/codes.ts'
import { ChannelId } from '../../ids.ts'
import { isMalformed } from '../fields.ts'
import type { ReportedAlarm } from '../profile.ts'
import type { AlarmSlot, PriorityWord, StatReq } from './messages/statreq.ts'
import { alarmSlots } from './messages/statreq.ts'

interface Meaning {
  readonly code: AlarmCode
  /** Of the catalogue: used when the frame gives no word. */
  readonly priority: Priority
}

const same = (codes: readonly string[], code: AlarmCode, priority: Priority): readonly (readonly [string, Meaning])[] =>
  codes.map((vendor) => [vendor, { code, priority }])

const numbered = (prefix: string, from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `${prefix}.${String(from + index).padStart(2, '0')}`)

const softwareInCase = ['SE.01C', 'SE.02C', 'SE.21C', 'SE.22C', 'SE.23C', 'SE.24C', 'SE.99C']
const softwareInStandby = ['SE.01S', 'SE.02S', 'SE.03', 'SE.21S', 'SE.22S', 'SE.23S', 'SE.24S', 'SE.41', 'SE.99S']

/** Vendor code -> code (neurowave-ap4000.md 4); a code that is not here is shown as sent. */
const meanings: ReadonlyMap<string, Meaning> = new Map([
  ...same(['PA.01'], 'air-in-line', 'high'),
  ...same(['PA.02'], 'occlusion-downstream', 'high'),
  ...same(['PA.03'], 'occlusion-upstream', 'high'),
  ...same(['PA.04', 'PE.08'], 'drive-fault', 'high'),
  ...same(['PA.05'], 'set-not-seated', 'low'),
  ...same(['PA.06'], 'cassette-detached', 'high'),
  ...same(['PA.07'], 'reservoir-low', 'low'),
  ...same(['PA.08'], 'infusion-complete', 'high'),
  ...same(['PA.09', 'PA.10'], 'device-text', 'low'),
  ...same(['BA.01'], 'mains-lost', 'low'),
  ...same(['BA.02'], 'battery-low', 'medium'),
  ...same(['BA.03'], 'battery-depleted', 'high'),
  ...same(numbered('BE', 1, 3), 'battery-fault', 'low'),
  ...same(['PE.02', 'PE.03'], 'temperature', 'high'),
  ...same(['PE.01', 'PE.04', 'PE.05', 'PE.06', 'PE.07'], 'pump-malfunction', 'high'),
  ...same(softwareInCase, 'pump-malfunction', 'high'),
  ...same(softwareInStandby, 'pump-malfunction', 'medium'),
  ...same(['SE.11', 'SE.12'], 'device-text', 'medium'),
  ...same([...numbered('DAE', 1, 6), ...numbered('DAE', 21, 24), 'DAE.99'], 'pump-malfunction', 'high'),
  ...same(['DAE.11', 'DAE.12'], 'device-text', 'high'),
  ...same(numbered('PSE', 1, 4), 'pump-malfunction', 'high'),
  ...same(['PSE.05'], 'pump-malfunction', 'medium'),
  ...same(numbered('SN', 1, 11), 'device-text', 'info'),
])

const priorityOfWord: Readonly<Record<PriorityWord, Priority>> = {
  HIGH: 'high',
  MEDIUM: 'medium',
  LOW: 'low',
  NONE: 'info',
}

export const channelIds = [ChannelId.parse('1'), ChannelId.parse('2')] as const

/** PUMP1 and PUMP2 are the channels (inferred); any other word is the whole device. */
const channelOf = (device: string): ChannelId | null =>
  device === 'PUMP1' ? channelIds[0] : device === 'PUMP2' ? channelIds[1] : null

/** The active alarms of a status, in the order of its slots; no two of them can be taken for one. */
export const alarmsOf = ({ alarms, alarmCount }: StatReq): readonly ReportedAlarm[] => {
  const active: ReportedAlarm[] = []
  for (const slot of alarms) {
    const alarm = alarmOf(slot)
    const twice = active.some((other) => other.vendorCode === alarm.vendorCode && other.channelId === alarm.channelId)
    active.push(twice ? { ...alarm, vendorCode: alarm.vendorText?.slice(0, 64) ?? null } : alarm)
  }
  return alarmCount > alarmSlots ? [...active, moreThanSlots(alarmCount)] : active
}

const alarmOf = ({ code: vendorCode, device, priority: told }: AlarmSlot): ReportedAlarm => {
  const meaning = meanings.get(vendorCode) ?? { code: 'device-text', priority: null }
  const unreadable = isMalformed(told)
  const words = unreadable ? `${vendorCode} ${device} priority ${told.raw}` : `${vendorCode} ${device}`
  return {
    code: meaning.code,
    channelId: channelOf(device),
    vendorCode: vendorCode.slice(0, 64),
    vendorText: words.trim().slice(0, 256),
    priority: unreadable || told === null ? meaning.priority : priorityOfWord[told],
  }
}

const moreThanSlots = (count: number): ReportedAlarm => ({
  code: 'device-text',
  channelId: null,
  vendorCode: 'more alarms than slots',
  vendorText: `more alarms than slots: the pump counts ${count}, ${alarmSlots} can be read`,
  priority: null,
})
