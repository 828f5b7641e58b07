import { hexText } from '../../ascii.ts'

// data of a reply to 01 0000 with result 00: at least 29 bytes, big-endian, unsigned    (terumo-xml-tcp.md 5)
//   0-1    software version          10     syringe: 0 none, 2 5, 3 10, 4 20, 5 30, 6 50/60 mL
//   2      state, upper 4 bits       11-13  set flow rate x 100, mL/h
//   3-4    reserved                  14-16  volume delivered x 100, mL
//   5-7    alarm bits, bit 0 lowest  17-19  volume target x 10, mL; FFFFFF no limit, EEEEEE off
//   8      power                     20-22  dose rate x 100, unit in 23
//   9      monitor                   24-25  weight x 10, kg; FFFF not set
//                                    26-28  dilution x 100; 000000 not set
// Bytes from 29 on have no known meaning.

export interface BasicStatus {
  readonly type: 'basic status'
  readonly software: string
  /** Upper 4 bits: 0 stop, 1 start, 2 standby, 3 purge, 4 hands-on bolus, 5 hands-free bolus. */
  readonly state: number
  readonly alarmBits: number
  /** 1 to 5; 0 is reserved. */
  readonly batteryBars: number
  readonly power: 'battery' | 'AC' | 'unknown'
  readonly subBattery: 'normal' | 'abnormal' | 'unknown'
  readonly occlusionMeterPercent: number
  readonly alarmSound: boolean
  readonly keysLocked: boolean
  readonly plungerNotSet: boolean
  /** mL, or the raw number when it stands for none. */
  readonly syringe: string
  readonly setRateMlPerHour: number
  readonly deliveredMl: number
  /** mL; a word when there is none. */
  readonly targetMl: number | 'no limit' | 'off'
  readonly doseRate: number
  /** Raw number when it stands for no known unit. */
  readonly doseUnit: string
  readonly weightKg: number | null
  readonly dilution: number | null
  readonly rest: string
}

const leastBytes = 29

export const parseBasicStatus = (data: Uint8Array): BasicStatus | null => {
  if (data.length < leastBytes) return null
  const u8 = (at: number): number => data[at] ?? 0
  const u16 = (at: number): number => (u8(at) << 8) | u8(at + 1)
  const u24 = (at: number): number => (u8(at) << 16) | u16(at + 1)
  return {
    type: 'basic status',
    software: hexText(data.subarray(0, 2)),
    state: u8(2) >> 4,
    alarmBits: u24(5),
    batteryBars: u8(8) & 0x0f,
    power: (['battery', 'AC'] as const)[(u8(8) >> 4) & 3] ?? 'unknown',
    subBattery: ([null, 'normal', 'abnormal'] as const)[u8(8) >> 6] ?? 'unknown',
    occlusionMeterPercent: (u8(9) & 3) * 25,
    alarmSound: (u8(9) & 0x08) !== 0,
    keysLocked: (u8(9) & 0x10) !== 0,
    plungerNotSet: (u8(9) & 0x20) !== 0,
    syringe: syringes.get(u8(10)) ?? `raw ${u8(10)}`,
    setRateMlPerHour: u24(11) / 100,
    deliveredMl: u24(14) / 100,
    targetMl: targetOf(u24(17)),
    doseRate: u24(20) / 100,
    doseUnit: doseUnits.get(u8(23)) ?? `raw ${u8(23)}`,
    weightKg: u16(24) === 0xffff ? null : u16(24) / 10,
    dilution: u24(26) === 0 ? null : u24(26) / 100,
    rest: hexText(data.subarray(leastBytes)),
  }
}

const targetOf = (raw: number): BasicStatus['targetMl'] => {
  if (raw === 0xffffff) return 'no limit'
  return raw === 0xeeeeee ? 'off' : raw / 10
}

const syringes: ReadonlyMap<number, string> = new Map([
  [0, 'none'],
  [2, '5 mL'],
  [3, '10 mL'],
  [4, '20 mL'],
  [5, '30 mL'],
  [6, '50/60 mL'],
])

const doseUnits: ReadonlyMap<number, string> = new Map([
  [0x00, 'mL/h'],
  [0x04, 'ug/kg/min'],
  [0x08, 'mg/kg/h'],
])

export const isKnownDoseUnit = (unit: string): boolean => [...doseUnits.values()].includes(unit)
