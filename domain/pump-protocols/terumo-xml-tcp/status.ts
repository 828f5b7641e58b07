import { hexDigits } from '../ascii.ts'
import type { ChannelId } from '../../ids.ts'
import type { OperatingState, TelemetrySample } from '../../telemetry.ts'
import { emptySample } from '../../telemetry.ts'
import type { ReportedAlarm } from '../profile.ts'
import { withStatus } from '../sample-status.ts'
import { stopsDelivery } from './alarm-bits.ts'
import type { BasicStatus } from './messages/basic-status.ts'
import { isKnownDoseUnit } from './messages/basic-status.ts'

/** A status as a sample (terumo-xml-tcp.md 5). Battery bars and the occlusion meter are no per cent and no pressure: they stay in `raw`. */
export const sampleOf = (
  status: BasicStatus,
  channelId: ChannelId,
  serial: string,
  active: readonly ReportedAlarm[],
): TelemetrySample => {
  const operatingState = stateOf(status.state, active)
  const unitKnown = isKnownDoseUnit(status.doseUnit)
  const sample: TelemetrySample = {
    ...emptySample(channelId, serial),
    operatingState,
    notDeliveringReason: reasonOf(operatingState),
    rateMlPerHour: flowOf(status),
    programmedRateMlPerHour: status.setRateMlPerHour,
    infusedTotalMl: status.deliveredMl,
    vtbiMl: typeof status.targetMl === 'number' ? status.targetMl : null,
    doseRate: unitKnown ? { value: status.doseRate, unit: status.doseUnit } : null,
    powerSource: powerOf[status.power],
    activeAlarms: [...new Set(active.map(({ code }) => code))],
    raw: rawOf(status),
  }
  return withStatus(sample, { invalid: false, questionable: !unitKnown, simulated: [] })
}

const powerOf = { battery: 'onBattery', AC: 'onMains', unknown: 'unknown' } as const

const stateOf = (state: number, active: readonly ReportedAlarm[]): OperatingState => {
  if (state === 0) return active.some(stopsDelivery) ? 'stopped-alarm' : 'stopped'
  return (['stopped', 'infusing', 'standby', 'priming', 'bolus', 'bolus'] as const)[state] ?? 'unknown'
}

const reasonOf = (state: OperatingState): string | null => {
  if (state === 'stopped-alarm') return 'alarming'
  return state === 'stopped' ? 'not-specified' : null
}

/** The pump tells its set rate only: that is the flow while it runs, and tells nothing of a purge or bolus. */
const flowOf = ({ state, setRateMlPerHour }: BasicStatus): number | null => {
  if (state === 1) return setRateMlPerHour
  return state === 0 || state === 2 ? 0 : null
}

const rawOf = (status: BasicStatus): Readonly<Record<string, string>> => ({
  software: status.software,
  state: String(status.state),
  alarmBits: hexDigits(status.alarmBits, 6),
  batteryBars: String(status.batteryBars),
  power: status.power,
  subBattery: status.subBattery,
  occlusionMeter: `${status.occlusionMeterPercent} %`,
  alarmSound: status.alarmSound ? 'on' : 'off',
  keys: status.keysLocked ? 'locked' : 'free',
  plunger: status.plungerNotSet ? 'not set' : 'set',
  syringe: status.syringe,
  target: String(status.targetMl),
  dose: `${status.doseRate} ${status.doseUnit}`,
  weight: status.weightKg === null ? 'not set' : `${status.weightKg} kg`,
  dilution: status.dilution === null ? 'not set' : String(status.dilution),
  ...(status.rest === '' ? {} : { rest: status.rest.slice(0, 256) }),
})
