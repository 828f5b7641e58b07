import type { Field } from '../../fields.ts'
import { integer, orEmpty, signedInteger, word } from '../../fields.ts'

// ST "," uptime "," state "," mode "," rate "," infused "," remaining "," remaining-time "," pressure "," battery "," power
//    "," alarm-bitmap "," highest-priority                                  pump -> host, every interval (ip1.md 2)
//   uptime           int ms, 0..4294967295, wraps
//   state            R P S B K A M F
//   mode             C I P T or empty
//   rate             int uL/h, 0..9999999
//   infused          int uL, 0..4294967295
//   remaining        int uL or empty
//   remaining-time   int s, 0..8640000, or empty
//   pressure         int mmHg, -999..9999, or empty
//   battery          int %, 0..100, or empty
//   power            B A C
//   alarm-bitmap     8 upper-case hex digits; anything else makes the frame void
//   highest-priority H M L or "-"

export const stateLetters = ['R', 'P', 'S', 'B', 'K', 'A', 'M', 'F'] as const
export type StateLetter = (typeof stateLetters)[number]
export const modeLetters = ['C', 'I', 'P', 'T'] as const
export type ModeLetter = (typeof modeLetters)[number]
export const powerLetters = ['B', 'A', 'C'] as const
export type PowerLetter = (typeof powerLetters)[number]

export interface St {
  readonly type: 'ST'
  readonly uptime: Field<number>
  readonly state: Field<StateLetter>
  readonly mode: Field<ModeLetter | null>
  readonly rate: Field<number>
  readonly infused: Field<number>
  readonly remaining: Field<number | null>
  readonly remainingTime: Field<number | null>
  readonly pressure: Field<number | null>
  readonly battery: Field<number | null>
  readonly power: Field<PowerLetter>
  readonly alarmBitmap: string
  readonly highestPriority: Field<'H' | 'M' | 'L' | '-'>
}

/** [low, high], inclusive. A value outside is kept as questionable. */
export const stRanges = {
  uptime: [0, 4_294_967_295],
  rate: [0, 9_999_999],
  infused: [0, 4_294_967_295],
  remainingTime: [0, 8_640_000],
  pressure: [-999, 9999],
  battery: [0, 100],
} as const

export const parseSt = (fields: readonly string[]): St | null => {
  if (fields.length < 12) return null
  const field = (number: number): string => fields[number - 1] ?? ''
  const alarmBitmap = field(11)
  if (!/^[0-9A-F]{8}$/.test(alarmBitmap)) return null
  return {
    type: 'ST',
    uptime: integer(field(1)),
    state: word(field(2), stateLetters),
    mode: orEmpty(field(3), (text) => word(text, modeLetters)),
    rate: integer(field(4)),
    infused: integer(field(5)),
    remaining: orEmpty(field(6), integer),
    remainingTime: orEmpty(field(7), integer),
    pressure: orEmpty(field(8), signedInteger),
    battery: orEmpty(field(9), integer),
    power: word(field(10), powerLetters),
    alarmBitmap,
    highestPriority: word(field(12), ['H', 'M', 'L', '-']),
  }
}
