import type { PumpSettings } from './pump-settings.ts'
import type { Program, PumpState } from './pump-state.ts'

// Doses and boluses: when they begin, end, and are refused.

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** How long a refused demand is shown. */
const refusalShownMs = 30_000

/** What the program does when nothing special runs: a pca pump without a basal rate waits for the button. */
export const restingProgram = (
  state: Pick<PumpState, 'programmedRateMlPerHour'>,
  { deliveryMode }: PumpSettings,
): Program => (deliveryMode === 'pca' && state.programmedRateMlPerHour === 0 ? 'between-doses' : 'infusing')

/** Doses begin and end, boluses end. `state` as the motor left it. */
export const nextProgram = (state: PumpState, settings: PumpSettings): PumpState => {
  if (settings.deliveryMode === 'pca' && state.activity === 'bolus' && state.bolusLeftMl <= 1e-9)
    return { ...state, activity: restingProgram(state, settings), bolusLeftMl: 0, pcaGiven: state.pcaGiven + 1 }
  if (settings.deliveryMode !== 'intermittent') return state
  if (state.activity === 'infusing' && state.doseMl >= settings.doseMl - 1e-9)
    return { ...state, activity: 'between-doses' }
  if (state.activity === 'between-doses' && state.doseMs >= settings.doseIntervalMinutes * minuteMs)
    return { ...state, activity: 'infusing', doseMl: 0, doseMs: 0 }
  return state
}

/** The patient presses the button. Inside the lockout, or above the limit of an hour, nothing is given and the pump says so. */
export const demanded = (state: PumpState, settings: PumpSettings): PumpState => {
  if (settings.deliveryMode !== 'pca') return state
  const attempted = { ...state, pcaAttempted: state.pcaAttempted + 1 }
  const bolusesAtMs = state.bolusesAtMs.filter((atMs) => state.uptimeMs - atMs < hourMs)
  const last = bolusesAtMs.at(-1)
  const isLocked = last !== undefined && state.uptimeMs - last < settings.lockoutMinutes * minuteMs
  const isReady = state.activity === 'infusing' || state.activity === 'between-doses'
  if (!isReady || isLocked || bolusesAtMs.length >= settings.bolusesPerHour)
    return { ...attempted, bolusesAtMs, refusedDoseUntilMs: state.uptimeMs + refusalShownMs }
  return {
    ...attempted,
    activity: 'bolus',
    bolusLeftMl: settings.bolusMl,
    bolusesAtMs: [...bolusesAtMs, state.uptimeMs],
    refusedDoseUntilMs: 0,
  }
}
