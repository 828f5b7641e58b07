import { toBytes, xmodemHex } from '../crc.ts'

/** STX XML CRC ETX (terumo-xml-tcp.md 2). */
export const packet = (xml: string): Uint8Array => {
  const whole = `<?xml version="1.0"?>${xml}`
  return toBytes(`\u0002${whole}${xmodemHex(whole)}\u0003`)
}

export const identityPacket = (id: string): Uint8Array => packet(`<REP><DEVID>${id}</DEVID></REP>`)

/** `bytes`: sequence, command, subcommand, result, data. */
export const replyPacket = (id: string, bytes: readonly number[]): Uint8Array =>
  packet(`<REP><DEVID>${id}</DEVID><CMD>${btoa(String.fromCharCode(...bytes))}</CMD></REP>`)

export interface Shown {
  /** 0 stop, 1 start, 4 bolus. */
  readonly state: 0 | 1 | 4
  readonly alarmBits: readonly number[]
  /** 1 to 5. */
  readonly batteryBars: number
  readonly onMains: boolean
  /** 0 to 3: 0, 25, 50 and 75 %. */
  readonly occlusionMeter: number
  /** 6: 50/60 mL. */
  readonly syringe: number
  readonly setRateMlPerHour: number
  readonly deliveredMl: number
  /** null: no limit. */
  readonly targetMl: number | null
  /** null: not set. */
  readonly weightKg: number | null
  readonly dilution: number | null
}

const three = (value: number): readonly number[] => [(value >> 16) & 255, (value >> 8) & 255, value & 255]

/** The 29 bytes of terumo-xml-tcp.md 5. The dose is fixed: 2.50 mg/kg/h. */
export const statusData = (shown: Shown): readonly number[] => {
  const weight = shown.weightKg === null ? 0xffff : Math.round(shown.weightKg * 10)
  const alarms = shown.alarmBits.reduce((bits, bit) => bits | (1 << bit), 0)
  return [
    0x04,
    0x03,
    shown.state << 4,
    0,
    0,
    ...three(alarms),
    shown.batteryBars | (shown.onMains ? 0x10 : 0) | 0x40,
    shown.occlusionMeter | (alarms === 0 ? 0 : 0x08),
    shown.syringe,
    ...three(Math.round(shown.setRateMlPerHour * 100)),
    ...three(Math.round(shown.deliveredMl * 100)),
    ...three(shown.targetMl === null ? 0xffffff : Math.round(shown.targetMl * 10)),
    ...three(250),
    0x08,
    ...three(weight).slice(1),
    ...three(shown.dilution === null ? 0 : Math.round(shown.dilution * 100)),
  ]
}
