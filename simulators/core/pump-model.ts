import { alarmBehaviour, modelAlarms, type ModelAlarm } from './pump-alarms.ts'
import { causePersists, found, releasesByItself } from './pump-conditions.ts'
import type { PumpSettings } from './pump-settings.ts'
import { nextProgram } from './doses.ts'
import { flowNow, programRemainingMl, runs, type PumpState } from './pump-state.ts'

const airMemoryMs = 15 * 60_000
/** A released line gives back what it holds within seconds: the bolus after an occlusion. */
const relaxationMs = 700

/** mL that the running part of the program still allows. */
const mostOf = (state: PumpState, settings: PumpSettings): number => {
  if (state.activity === 'bolus') return Math.min(state.bolusLeftMl, programRemainingMl(state))
  if (state.activity !== 'infusing') return Infinity
  const dose = settings.deliveryMode === 'intermittent' ? Math.max(0, settings.doseMl - state.doseMl) : Infinity
  return Math.min(dose, programRemainingMl(state))
}

/** Moves fluid for `dtMs`: what the motor, the bag, the line and the patient have afterwards. */
const pumped = (state: PumpState, settings: PumpSettings, dtMs: number): PumpState => {
  const wanted = (flowNow(state, settings) * state.deliveredPart * dtMs) / 3_600_000
  const volume = Math.min(wanted, mostOf(state, settings))
  const air = Math.min(state.airAheadMl, volume)
  const drawn = state.upstreamBlocked ? volume - air : Math.min(volume - air, state.bagMl)
  const moved = air + drawn
  const relaxed = state.trappedMl === 0 ? 0 : state.trappedMl * (1 - Math.exp(-dtMs / relaxationMs))
  const released = state.downstreamBlocked ? 0 : moved + relaxed
  const refill = state.upstreamBlocked ? 0 : Math.min(state.upstreamDeficitMl, state.bagMl - drawn)
  const remembered = state.airGatheredMl === 0 ? 0 : state.airGatheredMl * Math.exp(-dtMs / airMemoryMs)
  return {
    ...state,
    infusedTotalMl: state.infusedTotalMl + moved,
    infusedSegmentMl: state.infusedSegmentMl + moved,
    doseMl: state.activity === 'infusing' ? state.doseMl + moved : state.doseMl,
    bolusLeftMl: state.activity === 'bolus' ? state.bolusLeftMl - moved : state.bolusLeftMl,
    bagMl: state.upstreamBlocked ? state.bagMl : state.bagMl - drawn - refill,
    upstreamDeficitMl: state.upstreamBlocked ? state.upstreamDeficitMl + drawn : state.upstreamDeficitMl - refill,
    airAheadMl: state.airAheadMl - air,
    airPassedMl: state.airPassedMl + air,
    airGatheredMl: remembered + air,
    trappedMl: state.trappedMl + moved - released,
    patientMl: state.patientMl + released,
  }
}

const chargeAfter = (state: PumpState, settings: PumpSettings, dtMs: number): number => {
  const hours = dtMs / 3_600_000
  return state.onMains
    ? Math.min(1, state.charge + hours / settings.chargeHours)
    : Math.max(0, state.charge - hours / settings.batteryHours)
}

const stopping = modelAlarms.filter((code) => alarmBehaviour[code].stops)

const heldNow = (state: PumpState, settings: PumpSettings): readonly ModelAlarm[] =>
  stopping.filter((code) =>
    state.held.includes(code)
      ? !releasesByItself(code, settings) || causePersists(code, state, settings)
      : found(code, state, settings),
  )

const sameCodes = (a: readonly ModelAlarm[], b: readonly ModelAlarm[]): boolean =>
  a.length === b.length && a.every((code, index) => code === b[index])

/** Holds and lets go of stopping alarms, and recomputes the list of all. Keeps the lists' identity when nothing changed. */
const judged = (state: PumpState, settings: PumpSettings): PumpState => {
  const held = heldNow(state, settings)
  let { activity, before } = state
  if (held.length > 0 && runs(activity)) {
    before = activity
    activity = 'stopped-alarm'
  } else if (held.length === 0 && activity === 'stopped-alarm') activity = before
  const next = activity === state.activity && sameCodes(held, state.held) ? state : { ...state, activity, before, held }
  const alarms = modelAlarms.filter((code) =>
    alarmBehaviour[code].stops ? held.includes(code) : found(code, next, settings),
  )
  return sameCodes(alarms, state.alarms) ? next : { ...next, alarms }
}

/** The pump after `dtMs` more. Callers use one fixed step, so that results do not depend on how time is cut. */
export const step = (state: PumpState, settings: PumpSettings, dtMs: number): PumpState => {
  const moved = pumped(state, settings, dtMs)
  // Without power only the line relaxes.
  if (state.activity === 'off') return moved
  const charge = chargeAfter(state, settings, dtMs)
  if (charge === 0) return { ...moved, charge, activity: 'off', held: [], alarms: [] }
  const uptimeMs = state.uptimeMs + dtMs
  const isRunning = runs(state.activity)
  const isTested = state.activity === 'starting' && uptimeMs >= settings.selfTestSeconds * 1000
  const ticked: PumpState = {
    ...moved,
    uptimeMs,
    charge,
    pausedMs: state.activity === 'paused' ? state.pausedMs + dtMs : 0,
    programMs: isRunning ? state.programMs + dtMs : state.programMs,
    doseMs: isRunning ? state.doseMs + dtMs : state.doseMs,
    activity: isTested ? state.before : state.activity,
  }
  const isDone = (state.activity === 'infusing' || state.activity === 'bolus') && programRemainingMl(moved) <= 1e-9
  if (!isDone) return judged(nextProgram(ticked, settings), settings)
  return judged({ ...ticked, activity: settings.kvoRateMlPerHour > 0 ? 'kvo' : 'complete' }, settings)
}
