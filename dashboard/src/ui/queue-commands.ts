import type { EpisodeId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { alarmLook } from '#dashboard/core/alarm-look.ts'
import { countOf } from '#dashboard/core/alarm-order.ts'
import { keyAction } from './queue-keys.ts'
import type { KeyAction } from './queue-keys.ts'
import type { AppState } from './state/app-state.ts'
import { useApp } from './state/app-state.ts'

interface Box {
  readonly current: HTMLElement | null
}

/** What keys do while the queue has the focus. `alarms`: those on screen, in their order. */
export const useQueueCommands = (list: Box, alarms: readonly AlarmView[]): ((event: KeyboardEvent) => void) => {
  const app = useApp()
  return (event) => {
    const target = event.target
    if (!(target instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return
    const row = target.closest<HTMLElement>('[data-episode]')
    const alarm = alarms.find(({ episodeId }) => episodeId === row?.dataset['episode'])
    const action = keyAction(event.key)
    if (action === null || !isWanted(app, action, target)) return
    event.preventDefault()
    act(app, action, { list, row, alarm, alarms })
  }
}

/** Switched off, letters do nothing; arrows, Enter and Escape stay, for without them no row is reached. */
const isWanted = (app: AppState, action: KeyAction, target: HTMLElement): boolean => {
  const onControl = target.closest('button, summary, a, input') !== null
  if (action.do === 'open') return !onControl
  if (action.do === 'move') return app.keysOn.peek() || target.dataset['episode'] !== undefined
  return app.keysOn.peek() || action.do === 'close'
}

interface Place {
  readonly list: Box
  readonly row: HTMLElement | null
  readonly alarm: AlarmView | undefined
  readonly alarms: readonly AlarmView[]
}

const act = (app: AppState, action: KeyAction, { list, row, alarm, alarms }: Place): void => {
  switch (action.do) {
    case 'move':
      return focusRow(list.current, row, action.by)
    case 'close':
      app.queue.opened.value = null
      return
    case 'pause':
      return app.station.pauseSound()
    case 'first': {
      const first = alarms.find(({ priority }) => priority === action.priority)
      if (first !== undefined) rowOf(list.current, first.episodeId)?.focus()
      return
    }
    case 'counts':
      return speakCounts(app)
    case 'find':
      document.getElementById('queue-find')?.focus()
      return
    case 'open':
      if (alarm !== undefined) app.queue.opened.value = alarm.episodeId
      return
    case 'take':
    case 'seen':
    case 'escalate':
    case 'note':
    case 'close-out':
      if (alarm !== undefined && app.mayAct.peek() && !app.live.frozen.peek()) respond(app, action.do, alarm)
  }
}

type Response = 'take' | 'seen' | 'escalate' | 'note' | 'close-out'

const respond = (app: AppState, what: Response, alarm: AlarmView): void => {
  const { main } = alarmLook(alarm, app.me.peek()?.userId ?? null)
  switch (what) {
    case 'take':
      if (main === 'take') void app.commands.send(alarm, { kind: 'accept' })
      else if (main === 'take-over') void app.commands.send(alarm, { kind: 'take-over' })
      return
    case 'seen':
      if (alarm.response === 'new') void app.commands.send(alarm, { kind: 'seen' })
      return
    case 'escalate':
      app.queue.dialog.value = { name: 'escalate', alarm }
      return
    case 'note':
      app.queue.dialog.value = { name: 'note', alarm }
      return
    case 'close-out':
      app.queue.dialog.value = { name: 'close-out', alarm }
  }
}

const speakCounts = ({ live, announcements, words }: AppState): void => {
  const [high, medium, low] = (['high', 'medium', 'low'] as const).map((priority) =>
    countOf(live.alarms.peek().values(), priority),
  )
  if (high === undefined || medium === undefined || low === undefined) return
  const unowned = high.unowned + medium.unowned + low.unowned
  announcements.add({ urgency: 'polite', text: words.speak.counts(high.open, medium.open, low.open, unowned) })
}

const rowOf = (list: HTMLElement | null, id: EpisodeId): HTMLElement | null =>
  list?.querySelector<HTMLElement>(`[data-episode="${CSS.escape(id)}"]`) ?? null

const focusRow = (list: HTMLElement | null, from: HTMLElement | null, by: 1 | -1): void => {
  const rows = [...(list?.querySelectorAll<HTMLElement>('[data-episode]') ?? [])]
  const index = from === null ? -1 : rows.indexOf(from)
  rows[Math.min(Math.max(index + by, 0), rows.length - 1)]?.focus()
}
