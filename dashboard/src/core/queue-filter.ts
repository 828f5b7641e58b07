import type { HubId, PumpId, UserId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { groupOf } from './alarm-order.ts'

/** What the queue is narrowed to. No filter has any say in sound, pages, counters or titles. */
export type QueueFilter =
  | { readonly kind: 'all' | 'mine' | 'unowned' }
  | { readonly kind: 'ward'; readonly ward: string }
  | { readonly kind: 'pump'; readonly pumpId: PumpId; readonly hubId: HubId | null }

/** A filter that nobody has touched for this long ends: whoever comes next sees everything. */
export const filterEndsAfterMs = 600_000

/** "North" of "North 12", "Haus Süd" of "Haus Süd, 3b". Null: a label without a number names no ward. */
export const wardOf = (label: string | null): string | null =>
  /^(.*?\p{L}),?\s+\d+\s*\p{L}?$/u.exec(label?.trim() ?? '')?.[1] ?? null

interface Place {
  readonly me: UserId | null
  readonly wardOf: (alarm: AlarmView) => string | null
}

const isMine = (alarm: AlarmView, me: UserId | null): boolean =>
  me !== null && (alarm.owner?.userId === me || alarm.handedTo?.userId === me)

export const passes = (filter: QueueFilter, alarm: AlarmView, { me, wardOf }: Place): boolean => {
  switch (filter.kind) {
    case 'all':
      return true
    case 'mine':
      return isMine(alarm, me)
    case 'unowned':
      return groupOf(alarm) === 'unowned'
    case 'ward':
      return wardOf(alarm) === filter.ward
    case 'pump':
      return (
        alarm.pumpId === filter.pumpId ||
        alarm.unverifiedPumps.includes(filter.pumpId) ||
        // What befell the pump's hub befell the pump.
        (alarm.pumpId === null && alarm.hubId !== null && alarm.hubId === filter.hubId)
      )
  }
}

export interface Hidden {
  readonly high: number
  readonly medium: number
  readonly low: number
}

/** What goes on and is not on screen because of the filter; ended ones are no reason to look. */
export const hiddenBy = (filter: QueueFilter, alarms: Iterable<AlarmView>, place: Place): Hidden => {
  const hidden = { high: 0, medium: 0, low: 0 }
  for (const alarm of alarms)
    if (alarm.priority !== 'info' && groupOf(alarm) !== 'ended' && !passes(filter, alarm, place))
      hidden[alarm.priority] += 1
  return hidden
}
