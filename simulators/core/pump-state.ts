import type { OperatingState } from '#domain/telemetry.ts'
import { chargeAt, shownPercent } from './battery.ts'
import type { ModelAlarm } from './pump-alarms.ts'
import type { PumpSettings } from './pump-settings.ts'

export type Activity = Extract<
  OperatingState,
  'infusing' | 'kvo' | 'paused' | 'complete' | 'stopped-alarm' | 'fault' | 'off'
>

/** Everything about one pump, its line and its bag at one moment. Volumes in mL. */
export interface PumpState {
  /** Since power-on. */
  readonly uptimeMs: number
  /** Counts power-ons. */
  readonly boots: number
  readonly activity: Activity
  /** What the pump goes back to when it is started again. */
  readonly before: Extract<Activity, 'infusing' | 'kvo'>
  readonly programmedRateMlPerHour: number
  readonly vtbiMl: number
  /** The pump's own counter: motor steps, whatever becomes of the fluid. Zero after power-on. */
  readonly infusedTotalMl: number
  /** Of the running program. */
  readonly infusedSegmentMl: number
  readonly bagMl: number
  readonly downstreamBlocked: boolean
  readonly upstreamBlocked: boolean
  /** Pumped against a closed line, not yet at the patient. */
  readonly trappedMl: number
  /** Drawn from the line above the pump against a closed clamp. */
  readonly upstreamDeficitMl: number
  /** In the line above the pump. */
  readonly airAheadMl: number
  /** What the air detector has added up; forgets with a time constant of 15 min. */
  readonly airGatheredMl: number
  readonly airPassedMl: number
  /** Truth: fluid and air that reached the patient. */
  readonly patientMl: number
  readonly airDetectorOn: boolean
  readonly cassetteOn: boolean
  readonly onMains: boolean
  /** 0..1 */
  readonly charge: number
  readonly pausedMs: number
  /** Stopping alarms that are held until their cause is gone. */
  readonly held: readonly ModelAlarm[]
  /** All active alarms, most urgent first. */
  readonly alarms: readonly ModelAlarm[]
}

export const initialState = (settings: PumpSettings): PumpState => ({
  uptimeMs: 0,
  boots: 1,
  activity: 'infusing',
  before: 'infusing',
  programmedRateMlPerHour: settings.rateMlPerHour,
  vtbiMl: settings.vtbiMl,
  infusedTotalMl: 0,
  infusedSegmentMl: 0,
  bagMl: settings.bagMl,
  downstreamBlocked: false,
  upstreamBlocked: false,
  trappedMl: 0,
  upstreamDeficitMl: 0,
  airAheadMl: 0,
  airGatheredMl: 0,
  airPassedMl: 0,
  patientMl: 0,
  airDetectorOn: settings.airLimitMl !== null,
  cassetteOn: true,
  onMains: settings.startsOnMains,
  charge: chargeAt(settings.startBatteryPercent),
  pausedMs: 0,
  held: [],
  alarms: [],
})

/** mL/h that the motor turns for. */
export const flowNow = (state: PumpState, settings: PumpSettings): number => {
  switch (state.activity) {
    case 'infusing':
      return state.programmedRateMlPerHour
    case 'kvo':
      return settings.kvoRateMlPerHour
    case 'paused':
    case 'complete':
    case 'stopped-alarm':
    case 'fault':
    case 'off':
      return 0
  }
}

export const linePressureMmHg = (state: PumpState, settings: PumpSettings): number =>
  settings.restingPressureMmHg +
  flowNow(state, settings) * settings.resistanceMmHgPerMlPerHour +
  state.trappedMl / settings.complianceMlPerMmHg

export const programRemainingMl = (state: PumpState): number => Math.max(0, state.vtbiMl - state.infusedSegmentMl)

export const batteryPercent = (state: PumpState): number => shownPercent(state.charge)

export const delivers = (activity: Activity): activity is 'infusing' | 'kvo' =>
  activity === 'infusing' || activity === 'kvo'
