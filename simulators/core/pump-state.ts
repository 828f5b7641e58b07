import type { OperatingState } from '#domain/telemetry.ts'
import { chargeAt, shownPercent } from './battery.ts'
import type { ModelAlarm } from './pump-alarms.ts'
import { programmedFlow } from './program.ts'
import type { PumpSettings } from './pump-settings.ts'

export type Activity = Extract<
  OperatingState,
  | 'starting'
  | 'infusing'
  | 'bolus'
  | 'between-doses'
  | 'kvo'
  | 'paused'
  | 'complete'
  | 'stopped-alarm'
  | 'fault'
  | 'off'
>

/** What a pump that was stopped goes back to. */
export type Program = Extract<Activity, 'infusing' | 'bolus' | 'between-doses' | 'kvo'>

/** Everything about one pump, its line and its bag at one moment. Volumes in mL. */
export interface PumpState {
  /** Since power-on. */
  readonly uptimeMs: number
  /** Counts power-ons. */
  readonly boots: number
  /** How wrong its clock is, and what of that is its quartz's, ms. Negative: it is behind. */
  readonly clockAheadMs: number
  readonly quartzAheadMs: number
  readonly activity: Activity
  /** What the pump goes back to when it is started again. */
  readonly before: Program
  readonly programmedRateMlPerHour: number
  readonly vtbiMl: number
  /** Since the program's start, without pauses and stops. */
  readonly programMs: number
  /** Intermittent: of the running dose, and since its start. */
  readonly doseMl: number
  readonly doseMs: number
  /** Pca: what is left of the running bolus; when each of the last hour was given (uptime); what was asked for. */
  readonly bolusLeftMl: number
  readonly bolusesAtMs: readonly number[]
  readonly pcaGiven: number
  readonly pcaAttempted: number
  /** A demand was refused; the notice stands until then (uptime). */
  readonly refusedDoseUntilMs: number
  /** The pump's own counter: motor steps, whatever becomes of the fluid. Zero after power-on. */
  readonly infusedTotalMl: number
  /** Of the running program. */
  readonly infusedSegmentMl: number
  readonly bagMl: number
  /** Of what the motor turns for: a slipping drive moves less, a wrong calibration more. */
  readonly deliveredPart: number
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
  readonly upstreamSensorOn: boolean
  /** Somebody silenced the pump's own sound until then (uptime). */
  readonly silencedUntilMs: number
  /** Alarms that were told to be there although the model knows no cause. */
  readonly claimed: readonly ModelAlarm[]
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
  clockAheadMs: 0,
  quartzAheadMs: 0,
  activity: settings.selfTestSeconds > 0 ? 'starting' : 'infusing',
  before: 'infusing',
  programmedRateMlPerHour: settings.rateMlPerHour,
  vtbiMl: settings.vtbiMl,
  programMs: 0,
  doseMl: 0,
  doseMs: 0,
  bolusLeftMl: 0,
  bolusesAtMs: [],
  pcaGiven: 0,
  pcaAttempted: 0,
  refusedDoseUntilMs: 0,
  infusedTotalMl: 0,
  infusedSegmentMl: 0,
  bagMl: settings.bagMl,
  deliveredPart: 1,
  downstreamBlocked: false,
  upstreamBlocked: false,
  trappedMl: 0,
  upstreamDeficitMl: 0,
  airAheadMl: 0,
  airGatheredMl: 0,
  airPassedMl: 0,
  patientMl: 0,
  airDetectorOn: settings.airLimitMl !== null,
  upstreamSensorOn: settings.upstreamLimitMl !== null,
  silencedUntilMs: 0,
  claimed: [],
  cassetteOn: true,
  onMains: settings.startsOnMains,
  charge: chargeAt(settings.startBatteryPercent),
  pausedMs: 0,
  held: [],
  alarms: [],
})

/** Of the program, mL. */
export const programRemainingMl = (state: Pick<PumpState, 'vtbiMl' | 'infusedSegmentMl'>): number =>
  Math.max(0, state.vtbiMl - state.infusedSegmentMl)

/** mL/h that the motor turns for. */
export const flowNow = (state: PumpState, settings: PumpSettings): number => {
  switch (state.activity) {
    case 'infusing':
      return programmedFlow(state, settings)
    case 'bolus':
      return settings.bolusRateMlPerHour
    case 'kvo':
      return settings.kvoRateMlPerHour
    case 'starting':
    case 'between-doses':
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

export const batteryPercent = (state: PumpState): number => shownPercent(state.charge)

export const delivers = (activity: Activity): activity is 'infusing' | 'bolus' | 'kvo' =>
  activity === 'infusing' || activity === 'bolus' || activity === 'kvo'

/** A program runs: it can be paused, and an alarm can stop it. */
export const runs = (activity: Activity): activity is Program => delivers(activity) || activity === 'between-doses'
