import { delivers } from '../telemetry.ts'
import type { TelemetrySample } from '../telemetry.ts'
import type { PumpEventCode } from '../events.ts'
import type { PumpEvent } from './profile.ts'

/** Smallest step of an infused-volume counter, mL: a fall within it is rounding, not a reset. */
const counterResolutionMl = 0.001

/**
 * What must have happened between two samples of one channel, oldest first: starts, stops, changes of rate, a cleared counter.
 * Nothing is derived from or towards `unknown`: no data is not a stop.
 */
export const sampleEvents = (previous: TelemetrySample | null, next: TelemetrySample): readonly PumpEvent[] => {
  if (previous === null || previous.pumpSerial !== next.pumpSerial || previous.channelId !== next.channelId) return []
  return [...counterEvents(previous, next), ...deliveryEvents(previous, next)]
}

const counterEvents = (previous: TelemetrySample, next: TelemetrySample): readonly PumpEvent[] => {
  const [from, to] = [previous.infusedTotalMl, next.infusedTotalMl]
  // the half step keeps binary fractions from deciding
  const fell = from !== null && to !== null && from - to > counterResolutionMl * 1.5
  return fell ? [event('counters-cleared', { inferred: true, from, to })] : []
}

const deliveryEvents = (previous: TelemetrySample, next: TelemetrySample): readonly PumpEvent[] => {
  const [before, after] = [previous.operatingState, next.operatingState]
  if (before === 'unknown' || after === 'unknown') return []
  if (before === after) return [...rateEvents(previous, next), ...stepEvents(previous, next)]
  const events: PumpEvent[] = []
  const facts = { from: before, to: after }
  if (before === 'bolus') events.push(event('bolus-stop', facts))
  if (after === 'complete' || (before === 'infusing' && after === 'kvo')) events.push(event('delivery-complete', facts))
  if (delivers[before] && !delivers[after])
    events.push(event('delivery-stop', { ...facts, reason: next.notDeliveringReason ?? after }))
  if (!delivers[before] && delivers[after])
    events.push(event('delivery-start', { ...facts, rateMlPerHour: next.rateMlPerHour }))
  if (after === 'kvo') events.push(event('kvo-start', { ...facts, rateMlPerHour: next.rateMlPerHour }))
  if (after === 'bolus') events.push(event('bolus-start', { ...facts, rateMlPerHour: next.rateMlPerHour }))
  return events
}

const rateEvents = (previous: TelemetrySample, next: TelemetrySample): readonly PumpEvent[] => {
  const [from, to] = [previous.rateMlPerHour, next.rateMlPerHour]
  const changed = delivers[next.operatingState] === true && from !== null && to !== null && from !== to
  return changed ? [event('rate-change', { from, to })] : []
}

const stepEvents = (previous: TelemetrySample, next: TelemetrySample): readonly PumpEvent[] => {
  const [from, to] = [previous.stepIndex, next.stepIndex]
  return from !== null && to !== null && from !== to ? [event('step-change', { from, to })] : []
}

const event = (code: PumpEventCode, detail: Readonly<Record<string, string | number | boolean | null>>): PumpEvent => ({
  kind: 'event',
  event: code,
  detail,
})
