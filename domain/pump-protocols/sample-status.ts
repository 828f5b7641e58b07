import type { MeasurementStatus, OperatingState, TelemetrySample } from '../telemetry.ts'
import { implausibleFields } from '../telemetry.ts'

/** What a profile found out while it read a sample. */
export interface Doubts {
  /** A value could not be read: it is null, its digits are in `raw`. */
  readonly invalid: boolean
  /** A value is outside the protocol's own range, or its unit is not known. */
  readonly questionable: boolean
  /** `demo` or `test` of a simulated pump. */
  readonly simulated: readonly MeasurementStatus[]
}

/** Marks a sample (vocabulary.md 2, 8 and 9): values stay as they are, whatever is wrong with them. */
export const withStatus = (sample: TelemetrySample, doubts: Doubts): TelemetrySample => {
  const questionable = doubts.questionable || implausibleFields(sample).length > 0 || contradicts(sample)
  const judged: readonly MeasurementStatus[] = [
    ...(doubts.invalid ? (['invalid'] as const) : []),
    ...(questionable ? (['questionable'] as const) : []),
  ]
  return { ...sample, measurementStatus: [...(judged.length > 0 ? judged : ['valid' as const]), ...doubts.simulated] }
}

/** Says it delivers without flow, or flows without delivering. */
const contradicts = ({ operatingState, rateMlPerHour }: TelemetrySample): boolean => {
  if (rateMlPerHour === null) return false
  const flow = expectedFlow[operatingState]
  return flow !== 'either' && (flow === 'flow') !== rateMlPerHour > 0
}

/** While priming, fluid moves but not into the patient: pumps tell the rate or not. */
const expectedFlow: Readonly<Record<OperatingState, 'flow' | 'none' | 'either'>> = {
  off: 'none',
  starting: 'none',
  standby: 'none',
  ready: 'none',
  'delay-start': 'none',
  infusing: 'flow',
  bolus: 'flow',
  kvo: 'flow',
  'between-doses': 'none',
  paused: 'none',
  'stopped-alarm': 'none',
  stopped: 'none',
  complete: 'none',
  priming: 'either',
  fault: 'none',
  unknown: 'either',
}
