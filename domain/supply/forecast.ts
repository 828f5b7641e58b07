import type { ChannelReading } from '../live/views.ts'
import type { OperatingState, TelemetrySample } from '../telemetry.ts'

/** When a running program ends, by what the pump told last. Of the program, never of the bag (vocabulary.md 9 rule 8). */
export type ProgramEnd =
  | {
      readonly how: 'at'
      /** ms; null: sooner than told, too: patients may ask for doses, or nobody has heard the pump since. */
      readonly earliest: number | null
      readonly likely: number
      /** Null: a pause that nobody heard of would make it later. */
      readonly latest: number | null
      readonly by: 'pump' | 'volume-and-rate'
    }
  /** It stands with something left: the end moves on with every minute. Null: the pump does not say how long it would run yet. */
  | { readonly how: 'stands'; readonly leftSeconds: number | null }
  /** The program is given, the keep-open flow goes on: the bag goes on emptying, and no pump tells how much it holds. */
  | { readonly how: 'keeps-open' }
  | { readonly how: 'nothing-runs' }
  | { readonly how: 'not-told'; readonly why: 'not-heard' | 'pump-does-not-say' | 'rate-changes' | 'between-doses' }

export type BatteryLasts =
  | { readonly how: 'mains' }
  | { readonly how: 'until'; readonly at: number }
  /** On battery; the pump says how full it is and not how long it lasts. */
  | { readonly how: 'percent'; readonly percent: number }
  | { readonly how: 'not-told' }

export interface Forecast {
  readonly end: ProgramEnd
  /** mL of the program; null: not told. */
  readonly leftMl: number | null
  readonly battery: BatteryLasts
  /** Too old to say what the pump does now. */
  readonly stale: boolean
  /** Program or battery, whichever is sooner; null: neither is known. */
  readonly runsOut: { readonly at: number; readonly what: 'program' | 'battery' } | null
}

/** Pumps may deliver so much more or less than they say; published accuracies are ±2 to ±10 %, most of them ±5 %. */
const accuracyPart = 0.05
/** Times that are told in minutes are rounded, ms. */
const roundedMs = 60_000

export interface ForecastOf {
  readonly reading: ChannelReading
  readonly statusIntervalMs: number
  readonly now: number
}

export const forecast = ({ reading, statusIntervalMs, now }: ForecastOf): Forecast => {
  const { sample, sampledAt } = reading
  if (sample === null || sampledAt === null)
    return { end: notHeard, leftMl: null, battery: { how: 'not-told' }, stale: true, runsOut: null }
  const stale = now - sampledAt >= Math.min(60_000, Math.max(5_000, 3 * statusIntervalMs))
  const end = endOf(sample, { at: sampledAt, uncertaintyMs: reading.uncertaintyMs + statusIntervalMs, stale })
  const battery = batteryOf(sample, sampledAt)
  return { end, leftMl: leftMlOf(sample), battery, stale, runsOut: soonest(end, battery) }
}

type Sample = NonNullable<ChannelReading['sample']>

const notHeard: ProgramEnd = { how: 'not-told', why: 'not-heard' }

interface ToldAt {
  readonly at: number
  readonly uncertaintyMs: number
  readonly stale: boolean
}

const endOf = (sample: Sample, told: ToldAt): ProgramEnd => {
  const state: OperatingState = sample.operatingState
  switch (state) {
    case 'unknown':
      return notHeard
    case 'infusing':
    case 'bolus':
      return runningEnd(
        sample,
        told,
        sample.timeRemainingSeconds === null && !isPlain(sample) ? 'rate-changes' : 'pump-does-not-say',
      )
    case 'between-doses':
      return runningEnd({ ...sample, rateMlPerHour: null }, told, 'between-doses')
    case 'kvo':
      return sample.deliveryMode === 'intermittent'
        ? runningEnd({ ...sample, rateMlPerHour: null }, told, 'between-doses')
        : { how: 'keeps-open' }
    case 'paused':
    case 'stopped-alarm':
    case 'stopped':
    case 'fault':
      return standing(sample)
    case 'off':
    case 'starting':
    case 'standby':
    case 'ready':
    case 'delay-start':
    case 'complete':
    case 'priming':
      return { how: 'nothing-runs' }
  }
}

/** One rate until its end: volume left and rate tell the time. */
const isPlain = ({ deliveryMode, operatingState }: Sample): boolean =>
  operatingState === 'infusing' && (deliveryMode === 'continuous' || deliveryMode === 'unknown')

const leftMlOf = ({ programRemainingMl, vtbiMl, infusedSegmentMl }: TelemetrySample | Sample): number | null => {
  const left = programRemainingMl ?? (vtbiMl === null || infusedSegmentMl === null ? null : vtbiMl - infusedSegmentMl)
  return left === null ? null : Math.max(0, left)
}

const secondsAt = (leftMl: number | null, rate: number | null): number | null =>
  leftMl === null || rate === null || rate <= 0 ? null : (leftMl / rate) * 3600

const runningEnd = (
  sample: Sample,
  { at, uncertaintyMs, stale }: ToldAt,
  why: 'pump-does-not-say' | 'rate-changes' | 'between-doses',
): ProgramEnd => {
  const told = sample.timeRemainingSeconds
  const reckoned = isPlain(sample) ? secondsAt(leftMlOf(sample), sample.rateMlPerHour) : null
  const seconds = told ?? reckoned
  if (seconds === null || seconds < 0) return { how: 'not-told', why }
  const [least, most] = [Math.min(seconds, reckoned ?? seconds), Math.max(seconds, reckoned ?? seconds)]
  const spreadMs = uncertaintyMs + (told === null ? 0 : roundedMs)
  return {
    how: 'at',
    earliest:
      stale || sample.deliveryMode === 'pca' ? null : Math.round(at + least * 1000 * (1 - accuracyPart) - spreadMs),
    likely: Math.round(at + seconds * 1000),
    latest: stale ? null : Math.round(at + most * 1000 * (1 + accuracyPart) + spreadMs),
    by: told === null ? 'volume-and-rate' : 'pump',
  }
}

/** Stopped on the way. With nothing left, or never told of a program, nothing is to come. */
const standing = (sample: Sample): ProgramEnd => {
  const leftMl = leftMlOf(sample)
  const leftSeconds = sample.timeRemainingSeconds ?? secondsAt(leftMl, sample.programmedRateMlPerHour)
  if (leftMl === 0 || leftSeconds === 0) return { how: 'nothing-runs' }
  if (leftMl === null && leftSeconds === null)
    return sample.operatingState === 'paused' || sample.operatingState === 'stopped-alarm'
      ? { how: 'stands', leftSeconds: null }
      : { how: 'nothing-runs' }
  return { how: 'stands', leftSeconds: leftSeconds === null ? null : Math.round(leftSeconds) }
}

const batteryOf = ({ powerSource, batteryMinutesRemaining, batteryPercent }: Sample, at: number): BatteryLasts => {
  switch (powerSource) {
    case 'onMains':
    case 'chargingFull':
    case 'chargingTrickle':
    case 'chargingOff':
      return { how: 'mains' }
    case 'onBattery':
    case 'unknown':
      if (batteryMinutesRemaining !== null)
        return { how: 'until', at: Math.round(at + Math.max(0, batteryMinutesRemaining) * 60_000) }
      return powerSource === 'onBattery' && batteryPercent !== null
        ? { how: 'percent', percent: batteryPercent }
        : { how: 'not-told' }
  }
}

const soonest = (end: ProgramEnd, battery: BatteryLasts): Forecast['runsOut'] => {
  const program = end.how === 'at' ? end.likely : null
  const empty = battery.how === 'until' ? battery.at : null
  if (empty !== null && (program === null || empty < program)) return { at: empty, what: 'battery' }
  return program === null ? null : { at: program, what: 'program' }
}
