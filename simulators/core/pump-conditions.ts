import type { ModelAlarm } from './pump-alarms.ts'
import type { PumpSettings } from './pump-settings.ts'
import { batteryPercent, delivers, linePressureMmHg, programRemainingMl, type PumpState } from './pump-state.ts'

/** Released when the pressure has fallen to this part of the limit. */
const releasedAt = 0.5

/** Whether the reason of a stopping alarm is still there. Each has its own, longer way back than forth. */
export const causePersists = (code: ModelAlarm, state: PumpState, settings: PumpSettings): boolean => {
  if (state.claimed.includes(code)) return true
  switch (code) {
    case 'occlusion-downstream':
      return linePressureMmHg(state, settings) > settings.occlusionLimitMmHg * releasedAt
    case 'occlusion-upstream':
      return state.upstreamBlocked
    case 'air-in-line':
      return state.airDetectorOn && settings.airLimitMl !== null && state.airGatheredMl >= settings.airLimitMl
    case 'reservoir-empty':
      return state.bagMl <= 0
    case 'cassette-detached':
      return !state.cassetteOn
    case 'battery-depleted':
      return !state.onMains && batteryPercent(state) <= settings.batteryDepletedPercent
    case 'pump-malfunction':
      return state.activity === 'fault'
    case 'battery-low':
    case 'reservoir-low':
    case 'infusion-near-complete':
    case 'infusion-complete':
    case 'kvo-active':
    case 'paused-too-long':
    case 'mains-lost':
    case 'dose-limit-reached':
      return found(code, state, settings)
    case 'free-flow':
    case 'drive-fault':
    case 'occlusion-unspecified':
    case 'set-not-seated':
    case 'sensor-fault':
    case 'temperature':
    case 'kvo-ended':
    case 'battery-fault':
    case 'battery-replace':
    case 'host-timeout':
    case 'keypad-fault':
    case 'maintenance-due':
      return false
  }
}

export const releasesByItself = (code: ModelAlarm, settings: PumpSettings): boolean =>
  settings.restartsAfterOcclusion && (code === 'occlusion-downstream' || code === 'occlusion-upstream')

/** Whether the pump finds this condition now. */
export const found = (code: ModelAlarm, state: PumpState, settings: PumpSettings): boolean => {
  if (state.claimed.includes(code)) return true
  switch (code) {
    case 'occlusion-downstream':
      return linePressureMmHg(state, settings) >= settings.occlusionLimitMmHg
    case 'occlusion-upstream':
      return state.upstreamSensorOn && state.upstreamDeficitMl >= (settings.upstreamLimitMl ?? Infinity)
    case 'reservoir-empty':
      return state.bagMl <= 0 && delivers(state.activity)
    case 'air-in-line':
    case 'cassette-detached':
    case 'battery-depleted':
    case 'pump-malfunction':
    case 'free-flow':
    case 'drive-fault':
    case 'occlusion-unspecified':
    case 'set-not-seated':
    case 'sensor-fault':
    case 'temperature':
    case 'kvo-ended':
    case 'battery-fault':
    case 'battery-replace':
    case 'host-timeout':
    case 'keypad-fault':
    case 'maintenance-due':
      return causePersists(code, state, settings)
    case 'dose-limit-reached':
      return state.uptimeMs < state.refusedDoseUntilMs
    case 'battery-low':
      return (
        !state.onMains &&
        batteryPercent(state) <= settings.batteryLowPercent &&
        batteryPercent(state) > settings.batteryDepletedPercent
      )
    case 'reservoir-low':
      return state.bagMl > 0 && state.bagMl <= settings.reservoirLowMl
    case 'infusion-near-complete':
      return (
        state.activity === 'infusing' &&
        settings.nearCompleteSeconds > 0 &&
        programRemainingMl(state) * 3600 <= settings.nearCompleteSeconds * state.programmedRateMlPerHour
      )
    case 'infusion-complete':
      return state.activity === 'complete'
    case 'kvo-active':
      return state.activity === 'kvo'
    case 'paused-too-long':
      return state.pausedMs >= settings.pausedTooLongSeconds * 1000
    case 'mains-lost':
      return settings.expectsMains && !state.onMains
  }
}
