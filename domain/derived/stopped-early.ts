import { catalogue } from '../alarm/catalogue.ts'
import { delivers } from '../telemetry.ts'
import type { OperatingState } from '../telemetry.ts'
import type { DerivedPolicy } from './policy.ts'
import type { Level, WatchedSample, WatchedValues } from './watched-sample.ts'

export interface EarlyStop {
  /** Since when it stands with too much of its program left, and does not call itself; null: it does not. */
  readonly since: number | null
  readonly leftPart: number
  readonly known: boolean
}

export const notStopped: EarlyStop = { since: null, leftPart: 0, known: false }

/** Nobody has stopped it: it waits, is done, or is just being made ready. */
const stands: ReadonlySet<OperatingState> = new Set(['paused', 'stopped', 'stopped-alarm', 'standby', 'ready', 'off'])
/** More than this left: it has not begun. */
const notBegun = 0.995

/** After the next sample in time. */
export const stopAfter = (was: EarlyStop, { values, at }: WatchedSample, policy: DerivedPolicy): EarlyStop => {
  if (delivers[values.operatingState] === null) return was
  const leftPart = partLeft(values)
  if (!stands.has(values.operatingState)) return { since: null, leftPart: leftPart ?? 0, known: true }
  if (leftPart === null) return { ...was, since: null }
  const isEarly = leftPart > policy.stoppedEarlyPart && leftPart < notBegun
  return { since: isEarly && !calls(values) ? (was.since ?? at) : null, leftPart, known: true }
}

/** Time passes whether or not the pump speaks. */
export const stopLevel = (stop: EarlyStop, now: number, policy: DerivedPolicy): Level => {
  if (stop.since !== null && now - stop.since >= policy.stoppedEarlyAfterMs) return 'raised'
  return stop.known && stop.since === null ? 'fine' : 'unknown'
}

/** An alarm that says that delivery stands, or may. */
const calls = ({ activeAlarms }: WatchedValues): boolean =>
  activeAlarms.some((code) => {
    const { delivery } = catalogue[code]
    return delivery !== 'not-affected' && delivery !== 'goes-on'
  })

/** Of the program; null: the pump does not say. */
export const partLeft = (values: WatchedValues): number | null => {
  const { vtbiMl, infusedSegmentMl, timeRemainingSeconds, programmedTimeSeconds } = values
  const remainingMl = values.programRemainingMl ?? difference(vtbiMl, infusedSegmentMl)
  const wholeMl = vtbiMl ?? sum(remainingMl, infusedSegmentMl)
  if (remainingMl !== null && wholeMl !== null && wholeMl > 0) return remainingMl / wholeMl
  if (timeRemainingSeconds === null || programmedTimeSeconds === null || programmedTimeSeconds <= 0) return null
  return timeRemainingSeconds / programmedTimeSeconds
}

const difference = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a - b)
const sum = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b)
