import type { AlarmCode } from '../../alarm/codes.ts'
import type { ChannelId } from '../../ids.ts'
import type { OperatingState, TelemetrySample } from '../../telemetry.ts'
import { emptySample } from '../../telemetry.ts'
import type { Field } from '../fields.ts'
import { isMalformed, valueOf } from '../fields.ts'
import { withStatus } from '../sample-status.ts'
import type { Inf } from './messages/inf.ts'

/** What other replies have said, to be shown with the status. */
export interface Setting {
  /** mL; null = no target or not asked yet. */
  readonly vtbiMl: number | null
  /** Vendor words that have no field of their own. */
  readonly raw: Readonly<Record<string, string>>
}

/** A status as a sample (alaris-acp.md 3). A value in an unknown unit is null, its digits stay in `raw`. */
export const sampleOf = (
  inf: Inf,
  digits: Readonly<Record<string, string>>,
  channelId: ChannelId,
  serial: string,
  setting: Setting,
  activeAlarms: readonly AlarmCode[],
): TelemetrySample => {
  const operatingState = operatingStateOf(inf)
  const units = [inf.rateUnit === 'ml/h', inf.volumeInfusedUnit === 'ml', inf.pressureUnit === 'mmHg'] as const
  const sample: TelemetrySample = {
    ...emptySample(channelId, serial),
    operatingState,
    notDeliveringReason:
      operatingState === 'stopped-alarm' ? 'alarming' : operatingState === 'paused' ? 'not-specified' : null,
    rateMlPerHour: units[0] ? valueOf(inf.rate) : null,
    infusedTotalMl: units[1] ? valueOf(inf.volumeInfused) : null,
    linePressureMmHg: units[2] ? valueOf(inf.pressure) : null,
    vtbiMl: setting.vtbiMl,
    timeRemainingSeconds: secondsOf(inf.timeLeft),
    activeAlarms: [...new Set(activeAlarms)],
    raw: { ...setting.raw, ...digits },
  }
  return withStatus(sample, {
    invalid: numbersOf(inf).some(isMalformed),
    questionable: units.includes(false),
    simulated: [],
  })
}

/** The vendor's own digits, units and words of an INF that `parseInf` could read. */
export const rawOf = (text: string): Readonly<Record<string, string>> => {
  const fields = text.split('^').map((field) => field.trim())
  const words = (...numbers: readonly number[]): string => numbers.map((number) => fields[number] ?? '').join(' ')
  const raw = {
    mode: words(3),
    rate: words(4, 5),
    drug: words(6),
    volumeInfused: words(7, 8),
    pressure: words(9, 10),
    timeLeft: words(11),
    logType: words(12),
    logEntryId: words(13),
  }
  return Object.fromEntries(Object.entries(raw).filter(([, value]) => value.trim() !== ''))
}

const operatingStateOf = ({ mode, alarmFlag, rate, rateUnit }: Inf): OperatingState => {
  if (mode === 'HLD') return alarmFlag === 'A' ? 'stopped-alarm' : 'paused'
  return rateUnit === 'ml/h' && (valueOf(rate) ?? 0) > 0 ? 'infusing' : 'unknown'
}

const numbersOf = (inf: Inf): readonly Field<number>[] => [inf.rate, inf.volumeInfused, inf.pressure]

/** `24+` is more than a day: not a number. */
const secondsOf = (text: string): number | null => {
  const [, hours, minutes, seconds] = /^([0-9]{2}):([0-5][0-9]):([0-5][0-9])$/.exec(text) ?? []
  return hours === undefined ? null : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}
