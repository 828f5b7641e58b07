import type { PumpEventCode } from '#domain/events.ts'
import type { PumpEventView } from '#domain/live/pump-about.ts'
import type { Span } from './chart-window.ts'

export type MarkKind = 'program' | 'bolus'

/** One or more events that stand in the same place of the chart. */
export interface ChartMark {
  readonly at: number
  readonly kind: MarkKind
  readonly events: readonly PumpEventView[]
}

const kinds: Readonly<Partial<Record<PumpEventCode, MarkKind>>> = {
  'rate-change': 'program',
  'step-change': 'program',
  'program-set': 'program',
  'program-cleared': 'program',
  'kvo-start': 'program',
  'bolus-start': 'bolus',
}

/** Ticks closer than this part of the chart would be one blot. */
const apart = 1 / 120

/** Program changes and boluses of this time, oldest first. */
export const marksIn = (events: readonly PumpEventView[], { from, to }: Span): readonly ChartMark[] => {
  const marks: { at: number; kind: MarkKind; events: PumpEventView[] }[] = []
  const last = new Map<MarkKind, (typeof marks)[number]>()
  for (const event of events) {
    const kind = kinds[event.event]
    if (kind === undefined || event.at < from || event.at > to) continue
    const before = last.get(kind)
    if (before !== undefined && event.at - before.at < (to - from) * apart) before.events.push(event)
    else {
      const mark = { at: event.at, kind, events: [event] }
      marks.push(mark)
      last.set(kind, mark)
    }
  }
  return marks
}
