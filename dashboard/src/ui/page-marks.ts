import { useEffect } from 'preact/hooks'
import { groupOf, mostUrgent, unownedUrgent } from '#dashboard/core/alarm-order.ts'
import { useApp } from './state/app-state.ts'

/** Title, favicon and badge: a count and a shape, never a patient's label. Draws nothing itself, and so no alarm draws the frame of the page. */
export const PageMarks = (): null => {
  const app = useApp()
  const { words } = app
  const alarms = [...app.live.alarms.value.values()]
  const unowned = unownedUrgent(alarms)
  const urgent = mostUrgent(alarms.filter((alarm) => groupOf(alarm) === 'unowned'))
  const screen = app.screen.value
  const name = screen.name === 'pump' ? words.pumpCalled(screen.pumpId) : words.screens[screen.name]
  const title = words.title(unowned, name, app.me.value?.site ?? words.product)
  const icon = urgent === null || urgent.priority === 'info' ? 'quiet' : urgent.priority
  useEffect(() => {
    document.title = title
  }, [title])
  useEffect(() => {
    document.getElementById('icon')?.setAttribute('href', `/icon-${icon}.svg`)
  }, [icon])
  useEffect(() => {
    // The badge of an installed page; other browsers do not have it, and a page that is no app may not set it.
    if (!('setAppBadge' in navigator)) return
    void (unowned > 0 ? navigator.setAppBadge(unowned) : navigator.clearAppBadge()).catch(() => undefined)
  }, [unowned])
  return null
}
