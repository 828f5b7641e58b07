import type { Priority } from '../../alarm/codes.ts'
import { higherPriority } from '../../alarm/priority-rank.ts'
import type { ChannelId } from '../../ids.ts'
import type { DeliveryMode, MeasurementStatus, OperatingState, PowerSource, TelemetrySample } from '../../telemetry.ts'
import { emptySample } from '../../telemetry.ts'
import { isMalformed, valueOf } from '../fields.ts'
import type { ReportedAlarm } from '../profile.ts'
import { withStatus } from '../sample-status.ts'
import { alarmOfBit, bitsOf, infusionCompleteBit, priorityOf } from './alarm-bits.ts'
import type { ModeLetter, PowerLetter, St, StateLetter } from './messages/st.ts'
import { stRanges } from './messages/st.ts'

const stateOfLetter: Readonly<Record<StateLetter, OperatingState>> = {
  R: 'infusing',
  P: 'paused',
  S: 'stopped',
  B: 'bolus',
  K: 'kvo',
  A: 'stopped-alarm',
  M: 'priming',
  F: 'fault',
}

const modeOfLetter: Readonly<Record<ModeLetter, DeliveryMode>> = {
  C: 'continuous',
  I: 'intermittent',
  P: 'pca',
  T: 'tpn',
}

const powerOfLetter: Readonly<Record<PowerLetter, PowerSource>> = {
  B: 'onBattery',
  A: 'onMains',
  C: 'chargingFull',
}

/** The active alarms of a status, lowest bit first; `told`: the priorities that AL frames gave per bit. */
export const alarmsOf = (
  st: St,
  channelId: ChannelId,
  told: ReadonlyMap<number, Priority>,
): readonly ReportedAlarm[] => {
  const bits = bitsOf(st.alarmBitmap)
  const highest = priorityOf(valueOf(st.highestPriority))
  // ST gives one priority for the whole list. If no AL has said which alarm it belongs to, every alarm that AL left open gets it
  // (or all, if none is open): raising one too many is the smaller mistake.
  const explained = highest === null || bits.some((bit) => reaches(told.get(bit), highest))
  const open = bits.filter((bit) => !told.has(bit))
  const raised = explained ? [] : open.length > 0 ? open : bits
  return bits.map((bit) => alarmOfBit(bit, channelId, raised.includes(bit) ? highest : (told.get(bit) ?? null)))
}

const reaches = (priority: Priority | undefined, highest: Priority): boolean =>
  priority !== undefined && higherPriority(priority, highest) === priority

/** A status as a sample: integers in uL, uL/h, s, mmHg, % become mL, mL/h, s, mmHg, %. */
export const sampleOf = (
  st: St,
  channelId: ChannelId,
  serial: string,
  simulated: readonly MeasurementStatus[],
): TelemetrySample => {
  const bits = bitsOf(st.alarmBitmap)
  const operatingState = operatingStateOf(st, bits)
  const odd = oddFields(st)
  const mode = valueOf(st.mode)
  const power = valueOf(st.power)
  const sample: TelemetrySample = {
    ...emptySample(channelId, serial),
    operatingState,
    notDeliveringReason: reasonOf[operatingState] ?? null,
    deliveryMode: mode === null ? 'unknown' : modeOfLetter[mode],
    rateMlPerHour: thousandth(valueOf(st.rate)),
    infusedTotalMl: thousandth(valueOf(st.infused)),
    programRemainingMl: thousandth(valueOf(st.remaining)),
    timeRemainingSeconds: valueOf(st.remainingTime),
    linePressureMmHg: valueOf(st.pressure),
    batteryPercent: valueOf(st.battery),
    powerSource: power === null ? 'unknown' : powerOfLetter[power],
    activeAlarms: [...new Set(bits.map((bit) => alarmOfBit(bit, channelId, null).code))],
    raw: { ...odd.malformed, ...odd.outOfRange },
  }
  return withStatus(sample, {
    invalid: Object.keys(odd.malformed).length > 0,
    questionable: Object.keys(odd.outOfRange).length > 0,
    simulated,
  })
}

const operatingStateOf = (st: St, bits: readonly number[]): OperatingState => {
  const letter = valueOf(st.state)
  if (letter === null) return 'unknown'
  return letter === 'S' && bits.includes(infusionCompleteBit) ? 'complete' : stateOfLetter[letter]
}

/** IHE not-delivering reasons (vocabulary.md 2). */
const reasonOf: Readonly<Partial<Record<OperatingState, string>>> = {
  paused: 'not-specified',
  stopped: 'not-specified',
  'stopped-alarm': 'alarming',
  fault: 'not-specified',
}

const thousandth = (value: number | null): number | null => (value === null ? null : value / 1000)

/** The vendor's digits of every value that is unreadable or outside its range. */
const oddFields = (st: St) => {
  const malformed: Record<string, string> = {}
  const outOfRange: Record<string, string> = {}
  const ranges: Readonly<Record<string, readonly [number, number]>> = stRanges
  for (const [name, field] of Object.entries(st)) {
    const range = ranges[name]
    if (isMalformed(field)) malformed[name] = field.raw
    else if (range && typeof field === 'number' && (field < range[0] || field > range[1]))
      outOfRange[name] = String(field)
  }
  return { malformed, outOfRange }
}
