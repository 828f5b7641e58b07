import { DeliveryMode, OperatingState } from '../telemetry.ts'
import type { TelemetrySample } from '../telemetry.ts'

/** As much of a sample as conclusions are drawn from. */
export type WatchedValues = Pick<
  TelemetrySample,
  | 'operatingState'
  | 'deliveryMode'
  | 'rateMlPerHour'
  | 'programmedRateMlPerHour'
  | 'kvoRateMlPerHour'
  | 'vtbiMl'
  | 'programRemainingMl'
  | 'infusedTotalMl'
  | 'infusedSegmentMl'
  | 'timeRemainingSeconds'
  | 'programmedTimeSeconds'
  | 'linePressureMmHg'
  | 'pumpClockAt'
  | 'activeAlarms'
>

const noAlarms: TelemetrySample['activeAlarms'] = []

/** Without the rest of the sample, which would be kept for as long; words and the empty list are the same objects in all of them. */
export const watchedValues = (sample: WatchedValues): WatchedValues => ({
  operatingState: OperatingState.enum[sample.operatingState],
  deliveryMode: DeliveryMode.enum[sample.deliveryMode],
  rateMlPerHour: sample.rateMlPerHour,
  programmedRateMlPerHour: sample.programmedRateMlPerHour,
  kvoRateMlPerHour: sample.kvoRateMlPerHour,
  vtbiMl: sample.vtbiMl,
  programRemainingMl: sample.programRemainingMl,
  infusedTotalMl: sample.infusedTotalMl,
  infusedSegmentMl: sample.infusedSegmentMl,
  timeRemainingSeconds: sample.timeRemainingSeconds,
  programmedTimeSeconds: sample.programmedTimeSeconds,
  linePressureMmHg: sample.linePressureMmHg,
  pumpClockAt: sample.pumpClockAt,
  activeAlarms: sample.activeAlarms.length === 0 ? noAlarms : sample.activeAlarms,
})

/** A sample with its place in server time, ms. */
export interface WatchedSample {
  readonly at: number
  readonly uncertaintyMs: number
  /** With `at` it names the sample: the same one again is no other one. */
  readonly bootId: string
  /** The hub's own clock that never steps: it measures, `at` places. */
  readonly monotonicMs: number
  readonly seq: number
  /** Older on arrival than the policy's late limit: history, that never raises by itself. */
  readonly late: boolean
  readonly values: WatchedValues
}

/** `unknown`: nothing can be said, so nothing is raised and nothing ended. */
export type Level = 'unknown' | 'fine' | 'raised'

/** By time; samples of one moment by boot and number. */
export const compareSamples = (a: WatchedSample, b: WatchedSample): number =>
  a.at - b.at || (a.bootId < b.bootId ? -1 : Number(a.bootId > b.bootId)) || a.seq - b.seq
