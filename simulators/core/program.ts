import type { PumpSettings } from './pump-settings.ts'

// The rate that a program asks for, by the delivery modes of vocabulary.md 3.

const minuteMs = 60_000
/** A ramp begins, and a taper ends, at this part of the plateau: a motor that stands still moves nothing on. */
const least = 0.05

/** As much of a pump's state as its program's rate depends on. */
export interface ProgramFacts {
  readonly programmedRateMlPerHour: number
  /** Since the program's start, without pauses and stops. */
  readonly programMs: number
  readonly vtbiMl: number
  readonly infusedSegmentMl: number
}

/** The taper is a straight line down in time, so the rate goes with the root of what is left. */
const tpnFlow = (state: ProgramFacts, { rampMinutes, taperMinutes }: PumpSettings): number => {
  const plateau = state.programmedRateMlPerHour
  const up = rampMinutes > 0 ? state.programMs / (rampMinutes * minuteMs) : 1
  const taperMl = (plateau * taperMinutes) / 60 / 2
  const left = Math.max(0, state.vtbiMl - state.infusedSegmentMl)
  const down = taperMl > 0 ? Math.sqrt(left / taperMl) : 1
  return plateau * Math.max(least, Math.min(1, up, down))
}

const stepFlow = (state: ProgramFacts, { steps }: PumpSettings): number => {
  let endsMs = 0
  for (const { minutes, rateMlPerHour } of steps) {
    endsMs += minutes * minuteMs
    if (state.programMs < endsMs) return rateMlPerHour
  }
  return steps.at(-1)?.rateMlPerHour ?? state.programmedRateMlPerHour
}

/** The step that runs, from 1; null in programs without steps. */
export const stepIndex = (
  state: Pick<ProgramFacts, 'programMs'>,
  { deliveryMode, steps }: PumpSettings,
): number | null => {
  if (deliveryMode !== 'variable' || steps.length === 0) return null
  let endsMs = 0
  const at = steps.findIndex(({ minutes }) => state.programMs < (endsMs += minutes * minuteMs))
  return at < 0 ? steps.length : at + 1
}

/** mL/h of the running program. */
export const programmedFlow = (state: ProgramFacts, settings: PumpSettings): number => {
  switch (settings.deliveryMode) {
    case 'tpn':
      return tpnFlow(state, settings)
    case 'variable':
      return stepFlow(state, settings)
    case 'continuous':
    case 'intermittent':
    case 'pca':
      return state.programmedRateMlPerHour
  }
}
