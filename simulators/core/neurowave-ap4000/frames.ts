import { hex, toBytes } from '../crc.ts'

/** `!` TEXT `|` SUM CR LF (neurowave-ap4000.md 1). */
export const frame = (...fields: readonly string[]): Uint8Array => {
  const text = fields.join('^')
  return toBytes(`!${text}|${sumHex(`!${text}|`)}\r\n`)
}

/** 16-bit sum as 4 upper-case hex digits; `!CONNREQ|` gives `02B3`. */
export const sumHex = (covered: string): string => {
  let sum = 0
  for (let at = 0; at < covered.length; at++) sum += covered.charCodeAt(at)
  return hex(sum & 0xffff, 4)
}

export interface ShownAlarm {
  readonly code: string
  readonly device: 'PUMP1' | 'PUMP2' | 'SYSTEM'
  readonly priority: 'HIGH' | 'MEDIUM' | 'LOW'
  readonly sound: string
}

export interface ShownChannel {
  readonly serial: string
  readonly drug: string
  /** Numbers as text: mL and mL/h. */
  readonly target: string
  readonly infused: string
  readonly remaining: string
  readonly rate: string
  readonly bolusTotal: string
}

export interface Status {
  /** `YYYY-MM-DD` and `HH:MM:SS.mmm`. */
  readonly date: string
  readonly time: string
  readonly alarms: readonly ShownAlarm[]
  readonly channels: readonly [ShownChannel, ShownChannel]
}

const fieldsWithName = 97
const slots = 4

/** The 97 fields of a STATREQ reply, version 0.1 (neurowave-ap4000.md 3). */
export const statusFrame = ({ date, time, alarms, channels }: Status, serial: string): Uint8Array => {
  const fields = Array.from({ length: fieldsWithName }, () => '')
  const put = (at: number, ...values: readonly string[]): void => {
    for (const [offset, value] of values.entries()) fields[at + offset] = value
  }
  put(0, 'STATREQ', '0', serial, date, time, 'OPER', 'CASE7', '70', '175', '44', 'M', '0')
  // an alarm is heard as long as there is one
  put(12, alarms.length === 0 ? '-1' : String(alarms.length), alarms.length === 0 ? '0' : '1')
  for (const [slot, { code, device, priority, sound }] of alarms.slice(0, slots).entries())
    put(14 + 4 * slot, code, device, priority, sound)
  for (const [index, channel] of channels.entries()) {
    const at = 34 + 33 * index
    put(at, channel.serial)
    put(at + 3, channel.drug, '10', 'mg/ml')
    put(at + 8, channel.target)
    put(at + 20, '00:10:00')
    put(at + 22, channel.infused)
    put(at + 24, channel.remaining)
    put(at + 27, channel.rate, '0', channel.bolusTotal)
  }
  return frame(...fields)
}
