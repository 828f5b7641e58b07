import type { PumpEventView } from '#domain/live/pump-about.ts'
import { pumpWords } from '#dashboard/core/pump-words.ts'
import type { AppState } from './state/app-state.ts'

const withRate: ReadonlySet<PumpEventView['event']> = new Set(['delivery-start', 'bolus-start', 'kvo-start'])

/** An event in words, with its figures where it has some: "Rate changed 1.5 to 2.0 mL/h". */
export const eventText = (app: AppState, { event, from, to }: PumpEventView): string => {
  const { formats } = app
  const words = app.wordsWith(pumpWords)
  const name = words.pump.eventNames[event]
  const { rate, whole } = formats.value
  if (to === null) return name
  if (withRate.has(event)) return words.pump.startedAt(name, rate(to))
  if (from === null) return name
  if (event === 'rate-change') return words.pump.rateChanged(rate(from), rate(to))
  return event === 'step-change' ? words.pump.stepChanged(whole(from), whole(to)) : name
}
