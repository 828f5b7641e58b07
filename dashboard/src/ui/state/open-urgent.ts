import { effect } from '@preact/signals'
import { groupOf, mostUrgent } from '#dashboard/core/alarm-order.ts'
import { routeTo, urgentAddress } from '#dashboard/core/route.ts'
import type { AppState } from './app-state.ts'

/** Goes on from the start page as soon as the alarms are there: to the pump of the most urgent one that nobody has, else to the wall. */
export const openUrgent = (app: AppState): void => {
  const go = (): void => {
    const { live, session } = app
    if (!live.loaded.value || session.value.step !== 'signed-in' || location.hash !== urgentAddress) return
    const waiting = [...live.alarms.peek().values()].filter(
      (alarm) => groupOf(alarm) === 'unowned' && (alarm.priority === 'high' || alarm.priority === 'medium'),
    )
    const pumpId = mostUrgent(waiting)?.pumpId ?? null
    location.replace(routeTo(pumpId === null ? { name: 'alarms' } : { name: 'pump', pumpId }))
  }
  effect(go)
  addEventListener('hashchange', go)
}
