import { crcHex, toBytes } from '../crc.ts'

/** `!` TEXT `|` CRC CR (alaris-acp.md 1). */
export const frame = (name: string, ...fields: readonly string[]): Uint8Array => {
  const text = [name, ...fields].join('^')
  return toBytes(`!${text}|${crcHex(text)}\r`)
}

export interface Infusion {
  readonly serial: string
  readonly alarm: boolean
  readonly mode: 'SET' | 'HLD'
  readonly rateMlPerHour: number
  readonly infusedMl: number
  readonly pressureMmHg: number
  /** null: more than a day, or no flow. */
  readonly secondsLeft: number | null
  readonly logEntry: number
}

const two = (value: number): string => String(value).padStart(2, '0')

const clock = (seconds: number): string =>
  [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':')

/** The 14 fields of `INF` (alaris-acp.md 3); no drug is told. */
export const infusionFrame = (i: Infusion): Uint8Array =>
  frame(
    'INF',
    i.serial,
    i.alarm ? 'A' : '-',
    i.mode,
    i.rateMlPerHour.toFixed(2),
    'ml/h',
    '',
    i.infusedMl.toFixed(3),
    'ml',
    i.pressureMmHg.toFixed(2),
    'mmHg',
    i.secondsLeft === null ? '24+' : clock(i.secondsLeft),
    'EVENT',
    String(i.logEntry).padStart(6, '0'),
  )

/** `text` null: the pump sends blanks. */
export const alarmFrame = (code: string, text: string | null): Uint8Array =>
  text === null ? frame('ALARM', code, ' ', ' ') : frame('ALARM', code, text, '')
