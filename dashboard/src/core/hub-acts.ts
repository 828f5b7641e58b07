import type { HubActKind } from '#domain/live/hub-log.ts'
import type { HubDayView } from '#domain/live/hub-days.ts'

// What people did about hubs, without a schema library. Pure.

export const hubActKinds = ['note', 'ticket', 'visit'] as const satisfies readonly HubActKind[]

export interface ActMark {
  readonly kind: HubActKind
  /** Slots from the start of the strip; what was done after its last slot stands at its end. */
  readonly at: number
}

/** Where acts stand on the strip of a day of so many slots that ends at `to` (ms); older ones are left out. */
export const actMarks = (acts: HubDayView['acts'], to: number, slotMs: number, slots: number): readonly ActMark[] =>
  acts.map(({ kind, at }) => ({ kind, at: Math.min(slots, slots - (to - at) / slotMs) })).filter(({ at }) => at >= 0)
