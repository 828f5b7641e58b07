import { amountOf, type Act } from './acts.ts'
import { chargeAt } from './battery.ts'
import { causePersists } from './pump-conditions.ts'
import type { PumpSettings } from './pump-settings.ts'
import { demanded } from './doses.ts'
import type { ModelAlarm } from './pump-alarms.ts'
import { runs, type PumpState } from './pump-state.ts'

const restarted = (state: PumpState, settings: PumpSettings): PumpState => ({
  ...state,
  uptimeMs: 0,
  boots: state.boots + 1,
  activity: settings.selfTestSeconds > 0 ? 'starting' : 'infusing',
  before: 'infusing',
  infusedTotalMl: 0,
  airGatheredMl: 0,
  pausedMs: 0,
  bolusLeftMl: 0,
  bolusesAtMs: [],
  refusedDoseUntilMs: 0,
  silencedUntilMs: 0,
  claimed: [],
  held: [],
  alarms: [],
})

/** How long a pump keeps quiet once somebody has silenced it. */
const silenceMs = 120_000

const resumed = (state: PumpState, settings: PumpSettings): PumpState => {
  if (state.activity !== 'paused' && state.activity !== 'stopped-alarm') return state
  return {
    ...state,
    activity: state.activity === 'paused' ? state.before : state.activity,
    pausedMs: 0,
    held: state.held.filter((code) => causePersists(code, state, settings)),
  }
}

const without = (codes: readonly ModelAlarm[], code: ModelAlarm): readonly ModelAlarm[] =>
  codes.filter((other) => other !== code)

const changed = (state: PumpState, settings: PumpSettings, act: Act): PumpState => {
  switch (act.act) {
    case 'occlude':
      return { ...state, downstreamBlocked: true }
    case 'release':
      return { ...state, downstreamBlocked: false }
    case 'occlude-upstream':
      return { ...state, upstreamBlocked: true }
    case 'release-upstream':
      return { ...state, upstreamBlocked: false }
    case 'inject-air':
      return { ...state, airAheadMl: state.airAheadMl + amountOf(act) }
    case 'clear-air':
      return { ...state, airAheadMl: 0, airGatheredMl: 0 }
    case 'pause':
      return runs(state.activity) ? { ...state, before: state.activity, activity: 'paused' } : state
    case 'resume':
      return resumed(state, settings)
    case 'finish':
      return { ...state, vtbiMl: Math.min(state.vtbiMl, state.infusedSegmentMl + amountOf(act)) }
    case 'new-program':
      return {
        ...state,
        bagMl: settings.bagMl,
        vtbiMl: settings.vtbiMl,
        infusedSegmentMl: 0,
        programMs: 0,
        doseMl: 0,
        doseMs: 0,
        activity: state.activity === 'kvo' || state.activity === 'complete' ? 'infusing' : state.activity,
        before: 'infusing',
      }
    case 'set-rate':
      return { ...state, programmedRateMlPerHour: amountOf(act) }
    case 'slip':
      return { ...state, deliveredPart: amountOf(act) / 100 }
    case 'drain-battery':
      return { ...state, charge: chargeAt(amountOf(act)) }
    case 'mains-off':
      return { ...state, onMains: false }
    case 'mains-on':
      return { ...state, onMains: true }
    case 'empty-bag':
      return { ...state, bagMl: Math.min(state.bagMl, amountOf(act)) }
    case 'change-bag':
      return { ...state, bagMl: settings.bagMl }
    case 'cassette-off':
      return { ...state, cassetteOn: false }
    case 'cassette-on':
      return { ...state, cassetteOn: true }
    case 'air-detector-off':
      return { ...state, airDetectorOn: false }
    case 'air-detector-on':
      return { ...state, airDetectorOn: settings.airLimitMl !== null }
    case 'upstream-sensor-off':
      return { ...state, upstreamSensorOn: false }
    case 'upstream-sensor-on':
      return { ...state, upstreamSensorOn: settings.upstreamLimitMl !== null }
    case 'demand':
      return demanded(state, settings)
    case 'silence':
      return { ...state, silencedUntilMs: state.uptimeMs + silenceMs }
    case 'clear-total':
      return { ...state, infusedTotalMl: 0 }
    case 'raise':
      return act.code === undefined ? state : { ...state, claimed: [...without(state.claimed, act.code), act.code] }
    case 'end':
      return act.code === undefined ? state : { ...state, claimed: without(state.claimed, act.code) }
    case 'fault':
      return { ...state, activity: 'fault' }
    case 'reboot':
    case 'swap':
      return restarted(state, settings)
    case 'power-on':
      return state.activity === 'off' ? restarted({ ...state, charge: Math.max(state.charge, 0.05) }, settings) : state
    case 'power-off':
      return { ...state, activity: 'off', alarms: [] }
    case 'unplug':
    case 'replug':
      return state
  }
}

/** What an act does to the pump. A pump that is off takes note of the world and of `power-on` and `reboot` only. */
export const perform = (state: PumpState, settings: PumpSettings, act: Act): PumpState => {
  const next = changed(state, settings, act)
  if (state.activity !== 'off' || next.boots !== state.boots) return next
  return { ...next, activity: 'off' }
}
