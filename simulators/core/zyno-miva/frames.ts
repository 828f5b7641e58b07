import { hex, toBytes } from '../crc.ts'
import type { PumpClock } from '../pump-clock.ts'

/** Of Nimbus II and CAPS, or of "Nimbus unified H". */
export type MivaCheck = 'sum' | 'xor'

/** `STX` TEXT CC `ETX` (zyno-miva.md 1). */
export const frame = (text: string, check: MivaCheck = 'sum'): Uint8Array =>
  toBytes(`\u0002${text}${checkHex(text, check)}\u0003`)

/** 2 upper-case hex digits; by sum `RN` gives `A0`, by exclusive or `1C`. */
export const checkHex = (text: string, check: MivaCheck): string => (check === 'sum' ? sumHex(text) : xorHex(text))

const xorHex = (text: string): string => {
  let value = 0
  for (let at = 0; at < text.length; at++) value ^= text.charCodeAt(at)
  return hex(value, 2)
}

const sumHex = (text: string): string => {
  let sum = 0
  for (let at = 0; at < text.length; at++) sum += text.charCodeAt(at)
  return hex(sum % 256, 2)
}

export interface LoggedEvent {
  readonly type: number
  readonly subtype: number
  readonly time: PumpClock
  /** Two floats, by type. */
  readonly values?: readonly [number, number]
}

/** The 16 bytes of an entry as 32 hex digits (zyno-miva.md 3). */
export const entryOf = ({ type, subtype, time, values = [0, 0] }: LoggedEvent): string =>
  `${hex(type, 2)}${hex(timeBits(time), 8)}${hex(subtype, 4)}${values.map(float).join('')}00`

const timeBits = ({ year, month, day, hour, minute, second }: PumpClock): number => {
  let bits = year - 2000
  for (const [value, width] of [
    [month, 4],
    [day, 5],
    [hour, 5],
    [minute, 6],
    [second, 6],
  ] as const)
    bits = bits * 2 ** width + value
  return bits
}

const float = (value: number): string => {
  const view = new DataView(new ArrayBuffer(4))
  view.setFloat32(0, value)
  return hex(view.getUint32(0), 8)
}

/** `RC` with 12 digits: day, month, year - 2000, hour, minute, second. */
export const clockText = ({ year, month, day, hour, minute, second }: PumpClock): string =>
  [day, month, year - 2000, hour, minute, second].map((value) => hex(value, 2)).join('')
