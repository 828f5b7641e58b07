import { delivers } from '../telemetry.ts'
import type { OperatingState } from '../telemetry.ts'
import type { WatchedValues } from './watched-sample.ts'

/** What a pump says it delivers, mL/h: at least and at most. */
export interface Flow {
  readonly least: number
  readonly most: number
}

const none: Flow = { least: 0, most: 0 }
const exactly = (rate: number | null): Flow | null => (rate === null || rate < 0 ? null : { least: rate, most: rate })

/** No flow into the patient, yet a counter may move: purged lines, and whatever a pump does while it starts. */
const unclear: ReadonlySet<OperatingState> = new Set(['unknown', 'starting', 'priming'])

/** Null: the pump does not say. */
export const claimedFlow = (values: WatchedValues): Flow | null => {
  const { operatingState, deliveryMode, rateMlPerHour, programmedRateMlPerHour, kvoRateMlPerHour } = values
  if (unclear.has(operatingState)) return null
  // A short dose may begin and end between two samples.
  if (operatingState === 'between-doses')
    return { least: 0, most: (deliveryMode === 'intermittent' && programmedRateMlPerHour) || Infinity }
  if (delivers[operatingState] !== true) return none
  if (operatingState === 'kvo') return exactly(rateMlPerHour ?? kvoRateMlPerHour)
  // Some pumps tell the rate of the bolus, some the rate beneath it.
  if (operatingState === 'bolus') return rateMlPerHour === null ? null : { least: rateMlPerHour, most: Infinity }
  const isPlain = deliveryMode === 'continuous' && programmedRateMlPerHour !== null && programmedRateMlPerHour > 0
  return exactly(isPlain ? programmedRateMlPerHour : rateMlPerHour)
}
