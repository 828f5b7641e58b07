import type { PumpEventCode } from '../events.ts'

export interface TimedEvent {
  readonly at: number
  readonly event: PumpEventCode
}

/** After one of these the next start is another infusion. */
const boundaries: ReadonlySet<PumpEventCode> = new Set([
  'delivery-complete',
  'counters-cleared',
  'program-set',
  'program-cleared',
  'bag-changed',
])

/** When the infusion that runs, or ran last, began: stops and starts in between belong to it. `events`: oldest first. */
export const infusionStart = (events: readonly TimedEvent[]): number | null => {
  let started: number | null = null
  let over = false
  for (const { event, at } of events) {
    if (boundaries.has(event)) over = true
    if (event !== 'delivery-start' || (started !== null && !over)) continue
    started = at
    over = false
  }
  return started
}
