import type { ModelAlarm } from './pump-alarms.ts'
import type { PumpSettings } from './pump-settings.ts'
import { batteryPercent, delivers, linePressureMmHg, programRemainingMl, type PumpState } from './pump-state.ts'

type Test = (state: PumpState, settings: PumpSettings) => boolean

interface Condition {
  /** Whether the pump finds it now. */
  readonly found: Test
  /** Whether the reason of a stop is still there, where the way back is longer than the way forth. */
  readonly persists?: Test
}

/** Released when the pressure has fallen to this part of the limit. */
const releasedAt = 0.5

/** What a pump can find by itself; the other alarms come by `raise` only. */
const conditions: Readonly<Partial<Record<ModelAlarm, Condition>>> = {
  'occlusion-downstream': {
    found: (state, settings) => linePressureMmHg(state, settings) >= settings.occlusionLimitMmHg,
    persists: (state, settings) => linePressureMmHg(state, settings) > settings.occlusionLimitMmHg * releasedAt,
  },
  'occlusion-upstream': {
    found: (state, settings) =>
      state.upstreamSensorOn && state.upstreamDeficitMl >= (settings.upstreamLimitMl ?? Infinity),
    persists: (state) => state.upstreamBlocked,
  },
  'reservoir-empty': {
    found: (state) => state.bagMl <= 0 && delivers(state.activity),
    persists: (state) => state.bagMl <= 0,
  },
  'air-in-line': {
    found: (state, { airLimitMl }) => state.airDetectorOn && airLimitMl !== null && state.airGatheredMl >= airLimitMl,
  },
  'cassette-detached': { found: (state) => !state.cassetteOn },
  'battery-depleted': {
    found: (state, settings) => !state.onMains && batteryPercent(state) <= settings.batteryDepletedPercent,
  },
  'pump-malfunction': { found: (state) => state.activity === 'fault' },
  'dose-limit-reached': { found: (state) => state.uptimeMs < state.refusedDoseUntilMs },
  'battery-low': {
    found: (state, settings) =>
      !state.onMains &&
      batteryPercent(state) <= settings.batteryLowPercent &&
      batteryPercent(state) > settings.batteryDepletedPercent,
  },
  'reservoir-low': { found: (state, { reservoirLowMl }) => state.bagMl > 0 && state.bagMl <= reservoirLowMl },
  'infusion-near-complete': {
    found: (state, { nearCompleteSeconds }) =>
      state.activity === 'infusing' &&
      nearCompleteSeconds > 0 &&
      programRemainingMl(state) * 3600 <= nearCompleteSeconds * state.programmedRateMlPerHour,
  },
  'infusion-complete': { found: (state) => state.activity === 'complete' },
  'kvo-active': { found: (state) => state.activity === 'kvo' },
  'paused-too-long': {
    found: (state, { pausedTooLongSeconds }) => state.pausedMs >= pausedTooLongSeconds * 1000,
  },
  'mains-lost': { found: (state, { expectsMains }) => expectsMains && !state.onMains },
}

/** Whether the pump finds this condition now. */
export const found = (code: ModelAlarm, state: PumpState, settings: PumpSettings): boolean =>
  state.claimed.includes(code) || conditions[code]?.found(state, settings) === true

/** Whether the reason of a stopping alarm is still there. */
export const causePersists = (code: ModelAlarm, state: PumpState, settings: PumpSettings): boolean => {
  const condition = conditions[code]
  return state.claimed.includes(code) || (condition?.persists ?? condition?.found)?.(state, settings) === true
}

export const releasesByItself = (code: ModelAlarm, settings: PumpSettings): boolean =>
  settings.restartsAfterOcclusion && (code === 'occlusion-downstream' || code === 'occlusion-upstream')
