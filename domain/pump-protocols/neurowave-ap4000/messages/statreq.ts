import type { Field } from '../../fields.ts'
import { orEmpty, plainDecimal, word } from '../../fields.ts'

// STATREQ "^" field ...                      pump -> host, at least 97 fields with the name (neurowave-ap4000.md 3)
//   3, 4      date YYYY-MM-DD, time HH:MM:SS.mmm (0.1) or HH:MM:SS:mmm (v0.2)
//   12        number of active alarms; -1 and 0 are none
//   14 .. 29  four alarms of code, device, priority, sound; the first of them are active
//   34 ..     channel 1: serial +0, drug +3, concentration +4 and its unit +5, target +8, a time +20, infused +22, remaining +24,
//             rate +27, bolus +28, bolus total +29; volumes in mL and rates in mL/h are inferred
//   67 ..     channel 2, the same
// 5 to 11 tell who operates the pump and about the patient: they are not read. A number is empty or -?digits[.digits]. An alarm field
// that cannot be read makes the frame void: which alarms are active would be a guess.

export interface AlarmSlot {
  readonly code: string
  readonly device: string
  /** Null: the pump gave none. */
  readonly priority: Field<PriorityWord | null>
  readonly sound: string
}

export const priorityWords = ['HIGH', 'MEDIUM', 'LOW', 'NONE'] as const
export type PriorityWord = (typeof priorityWords)[number]

export interface ChannelStatus {
  readonly serial: string
  readonly drug: string
  readonly concentration: string
  readonly concentrationUnit: string
  readonly target: Field<number | null>
  readonly time: string
  readonly infused: Field<number | null>
  readonly remaining: Field<number | null>
  readonly rate: Field<number | null>
  readonly bolus: Field<number | null>
  readonly bolusTotal: Field<number | null>
}

export interface StatReq {
  readonly type: 'STATREQ'
  readonly date: string
  readonly time: string
  /** As the pump counts them; more than there are slots for is possible. */
  readonly alarmCount: number
  readonly alarms: readonly AlarmSlot[]
  readonly channels: readonly [ChannelStatus, ChannelStatus]
}

const fieldsWithName = 97
const firstSlot = 14
const slotWidth = 4
export const alarmSlots = 4
const channelStarts = [34, 67] as const

/** `all`: the fields with the name at index 0. */
export const parseStatReq = (all: readonly string[]): StatReq | null => {
  if (all.length < fieldsWithName) return null
  const field = (index: number): string => all[index] ?? ''
  const alarmCount = countOf(field(12))
  if (alarmCount === null) return null
  const alarms = Array.from({ length: Math.min(alarmCount, alarmSlots) }, (_, slot) =>
    slotOf(field, firstSlot + slot * slotWidth),
  )
  if (alarms.some(({ code }) => code === '')) return null
  const [first, second] = channelStarts
  const channels = [channelOf(field, first), channelOf(field, second)] as const
  return { type: 'STATREQ', date: field(3), time: field(4), alarmCount, alarms, channels }
}

const countOf = (text: string): number | null => {
  if (text === '-1') return 0
  return /^[0-9]{1,4}$/.test(text) ? Number(text) : null
}

const slotOf = (field: (index: number) => string, at: number): AlarmSlot => ({
  code: field(at).trim(),
  device: field(at + 1).trim(),
  priority: orEmpty(field(at + 2).trim(), (text) => word(text, priorityWords)),
  sound: field(at + 3),
})

const channelOf = (field: (index: number) => string, at: number): ChannelStatus => {
  const number = (offset: number): Field<number | null> => orEmpty(field(at + offset), plainDecimal)
  return {
    serial: field(at),
    drug: field(at + 3),
    concentration: field(at + 4),
    concentrationUnit: field(at + 5),
    target: number(8),
    time: field(at + 20),
    infused: number(22),
    remaining: number(24),
    rate: number(27),
    bolus: number(28),
    bolusTotal: number(29),
  }
}
