import type { AlarmCode } from '#domain/alarm/codes.ts'
import { crcHex, hex, toBytes } from '../crc.ts'
import type { ModelAlarm } from '../pump-alarms.ts'

/** `$` body `*` CRC CR LF (ip1.md 1). */
export const frame = (body: string): Uint8Array => toBytes(`$${body}*${crcHex(body)}\r\n`)

export interface Header {
  readonly seq: number
  readonly boot: number
}

const head = (type: string, { seq, boot }: Header): string => `IP1,${type},${hex(seq, 4)},${hex(boot, 4)}`

/** ip1.md 4. Codes without a bit are not told. */
export const alarmBits: Readonly<Partial<Record<AlarmCode, number>>> = {
  'occlusion-downstream': 0,
  'occlusion-upstream': 1,
  'air-in-line': 2,
  'reservoir-empty': 3,
  'reservoir-low': 4,
  'cassette-detached': 5,
  'battery-low': 6,
  'battery-depleted': 7,
  'infusion-complete': 8,
  'kvo-active': 9,
  'drive-fault': 10,
  'pump-malfunction': 11,
  'host-timeout': 12,
  'free-flow': 13,
  'set-not-seated': 14,
  'dose-limit-reached': 15,
  'paused-too-long': 16,
  'mains-lost': 17,
  'sensor-fault': 18,
  temperature: 19,
  'maintenance-due': 20,
  'occlusion-unspecified': 21,
} satisfies Partial<Record<ModelAlarm, number>>

export type PriorityLetter = 'H' | 'M' | 'L'

export interface Identity {
  readonly serial: string
  readonly maker: string
  readonly model: string
  readonly firmware: string
  readonly intervalMs: number
  readonly capabilities: readonly string[]
}

export const identityBody = (header: Header, id: Identity): string =>
  [head('HI', header), id.serial, id.maker, id.model, id.firmware, id.intervalMs, id.capabilities.join('+')].join(',')

export interface Status {
  readonly uptimeMs: number
  readonly state: 'R' | 'P' | 'S' | 'B' | 'K' | 'A' | 'M' | 'F'
  readonly mode: 'C' | 'I' | 'P' | 'T' | ''
  readonly rateUlPerHour: number
  readonly infusedUl: number
  readonly remainingUl: number | null
  readonly remainingSeconds: number | null
  readonly pressureMmHg: number | null
  readonly batteryPercent: number | null
  readonly power: 'B' | 'A' | 'C'
  readonly bitmap: number
  readonly highest: PriorityLetter | '-'
}

const told = (value: number | null): string => (value === null ? '' : String(value))

export const statusBody = (header: Header, s: Status): string =>
  [
    head('ST', header),
    s.uptimeMs % 0x1_0000_0000,
    s.state,
    s.mode,
    s.rateUlPerHour,
    s.infusedUl,
    told(s.remainingUl),
    told(s.remainingSeconds),
    told(s.pressureMmHg),
    told(s.batteryPercent),
    s.power,
    hex(s.bitmap >>> 0, 8),
    s.highest,
  ].join(',')

export interface AlarmNotice {
  readonly uptimeMs: number
  readonly notification: number
  readonly bit: number
  readonly priority: PriorityLetter
  readonly raised: boolean
}

export const alarmBody = (header: Header, a: AlarmNotice): string =>
  [
    head('AL', header),
    a.uptimeMs % 0x1_0000_0000,
    hex(a.notification, 4),
    hex(a.bit, 2),
    a.priority,
    a.raised ? '1' : '0',
  ].join(',')

export type Answer = 'OK' | 'UNSUP' | 'FORM' | 'BUSY'

export const answerBody = (header: Header, answeredSeq: string, answer: Answer): string =>
  [head('AK', header), answeredSeq, ...(answer === 'OK' ? ['OK'] : ['ERR', answer])].join(',')

export interface LogEntry {
  readonly index: number
  readonly uptimeMs: number
  readonly kind: 'PON' | 'RUN' | 'PAU' | 'STP' | 'ALR' | 'ALC'
  readonly argument: string
}

export const logBody = (header: Header, entry: LogEntry): string =>
  [head('LG', header), entry.index, entry.uptimeMs % 0x1_0000_0000, entry.kind, entry.argument].join(',')
