import type { AlarmView } from '#domain/live/views.ts'
import { groupOf } from './alarm-order.ts'

/** Several at once: Low ones, or Medium ones of one cause. High never, and there is no way to choose all. */
export const maySelect = (alarm: AlarmView, chosen: readonly AlarmView[]): boolean => {
  if (groupOf(alarm) !== 'unowned') return false
  const [first] = chosen
  if (alarm.priority === 'low') return first === undefined || first.priority === 'low'
  if (alarm.priority !== 'medium') return false
  return first === undefined || (first.priority === 'medium' && first.code === alarm.code)
}
