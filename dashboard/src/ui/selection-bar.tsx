import type { JSX } from 'preact'
import { useApp } from './state/app-state.ts'

/** Choosing several Low alarms, or Medium ones of one cause. Each is taken by a command of its own. */
export const SelectionBar = (): JSX.Element | null => {
  const app = useApp()
  const { words, queue, live } = app
  const chosen = queue.chosen.value
  if (!app.mayAct.value || chosen === null) return null
  const alarms = queue.chosenAlarms.value
  const send = (kind: 'accept' | 'seen'): void => {
    for (const alarm of alarms)
      if (kind === 'accept' || alarm.response === 'new') void app.commands.send(alarm, { kind })
    queue.chosen.value = null
  }
  const off = alarms.length === 0 || live.frozen.value
  return (
    <div class="selection" role="group" aria-label={words.queue.choose} data-testid="selection">
      <span role="status">{words.queue.chosen(alarms.length)}</span>
      <button class="btn primary" disabled={off} data-testid="take-chosen" onClick={() => send('accept')}>
        {words.queue.takeChosen(alarms.length)}
      </button>
      <button class="btn" disabled={off} onClick={() => send('seen')}>
        {words.queue.seenChosen(alarms.length)}
      </button>
      <button class="btn quiet" onClick={() => (queue.chosen.value = null)}>
        {words.cancel}
      </button>
    </div>
  )
}
