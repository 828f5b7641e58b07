import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import type { AlarmView } from '#domain/live/views.ts'
import type { AlarmLook } from '#dashboard/core/alarm-look.ts'
import { maySelect } from '#dashboard/core/selection.ts'
import { routeTo } from '#dashboard/core/route.ts'
import type { OpenDialog } from './open-dialog.ts'
import { Icon } from './icons.tsx'
import type { AppState } from './state/app-state.ts'
import { useApp } from './state/app-state.ts'

const undoMs = 5_000

interface ActionsProps {
  readonly alarm: AlarmView
  readonly look: AlarmLook
  readonly where: string
  readonly meant: () => boolean
  readonly openDialog: (dialog: OpenDialog) => void
}

/** Nothing for whoever may not act: the row itself opens, and its label leads to the pump. */
export const AlarmActions = (props: ActionsProps): JSX.Element | null => {
  const app = useApp()
  const { words } = app
  if (!app.mayAct.value) return null
  return (
    <div class="row-actions">
      {app.live.frozen.value ? <span class="btn no-link">{words.notLive.noLink}</span> : <Main {...props} />}
      <More {...props} />
    </div>
  )
}

const Main = ({ alarm, look, where, meant, openDialog }: ActionsProps): JSX.Element => {
  const app = useApp()
  const { words } = app
  const { row } = words
  const command = app.commands.looks.value.get(alarm.episodeId)
  const forWhom = <span class="sr"> {`${words.alarm[alarm.code].name}, ${where}`}</span>
  if (command?.step === 'sending')
    return (
      <button class="btn sending" disabled aria-busy="true" data-testid="sending">
        {row.taking}
      </button>
    )
  const mine = alarm.owner !== null && alarm.owner.userId === app.me.value?.userId
  const undoLeft = undoLeftOf(app, alarm, mine)
  if (undoLeft !== null)
    return (
      <button class="btn" data-testid="undo" onClick={() => void app.commands.send(alarm, { kind: 'withdraw' })}>
        {row.undo(undoLeft)}
        {forWhom}
      </button>
    )
  if (look.main === 'take')
    return (
      <button
        class="btn primary"
        data-testid="take"
        onClick={() => meant() && void app.commands.send(alarm, { kind: 'accept' })}
      >
        {row.take}
        {forWhom}
      </button>
    )
  if (look.main === 'take-over')
    return (
      <button
        class="btn primary"
        data-testid="take-over"
        onClick={() => meant() && void app.commands.send(alarm, { kind: 'take-over' })}
      >
        {row.takeOver}
        {forWhom}
      </button>
    )
  if (mine && alarm.checkInMissedAt !== null)
    return (
      <button
        class="btn primary"
        data-testid="still-on-it"
        onClick={() => void app.commands.send(alarm, { kind: 'check-in' })}
      >
        {row.stillOnIt}
        {forWhom}
      </button>
    )
  if (look.main === 'close-out')
    return (
      <button class="btn" data-testid="close-out" onClick={() => meant() && openDialog({ name: 'close-out', alarm })}>
        {row.closeOut}
        {forWhom}
      </button>
    )
  return alarm.pumpId === null ? (
    <span />
  ) : (
    <a class="btn" href={routeTo({ name: 'pump', pumpId: alarm.pumpId })}>
      {row.open}
      {forWhom}
    </a>
  )
}

/** Seconds in which one's own confirmed Take can be taken back; null outside of it. */
const undoLeftOf = (app: AppState, alarm: AlarmView, mine: boolean): number | null => {
  const command = app.commands.looks.value.get(alarm.episodeId)
  if (!mine || alarm.response !== 'accepted' || command?.step !== 'confirmed' || command.kind !== 'accept') return null
  // Read for its change once a second.
  void app.live.now.value
  const left = undoMs - (performance.now() - command.at)
  return left <= 0 ? null : Math.ceil(left / 1000)
}

const More = ({ alarm, look, where, meant, openDialog }: ActionsProps): JSX.Element => {
  const app = useApp()
  const { words } = app
  const { queue } = app
  const { row, queue: queueWords } = words
  const menu = useRef<HTMLDetailsElement>(null)
  const act =
    (does: () => void): (() => void) =>
    () => {
      if (menu.current !== null) menu.current.open = false
      if (meant()) does()
    }
  const canAct = !app.live.frozen.value
  const mine = alarm.owner !== null && alarm.owner.userId === app.me.value?.userId
  return (
    <details class="menu row-menu" ref={menu} onKeyDown={(event) => closeOnEscape(event, menu.current)}>
      <summary class="btn quiet icon-only" aria-label={row.moreFor(words.alarm[alarm.code].name, where)}>
        <Icon name="more" />
      </summary>
      <div class="menu-panel">
        {canAct && look.filled && look.status === 'new' && (
          <button class="btn" onClick={act(() => void app.commands.send(alarm, { kind: 'seen' }))}>
            {row.seen}
          </button>
        )}
        {canAct && look.filled && (
          <button class="btn" onClick={act(() => openDialog({ name: 'cant-take', alarm }))}>
            {row.cantTake}
          </button>
        )}
        {canAct && mine && alarm.response === 'accepted' && (
          <button class="btn" onClick={act(() => openDialog({ name: 'cant-take', alarm }))}>
            {row.cantTake}
          </button>
        )}
        {canAct && mine && (alarm.response === 'accepted' || alarm.response === 'handed-over') && (
          <button class="btn" data-testid="hand-over" onClick={act(() => openDialog({ name: 'hand-over', alarm }))}>
            {row.handOver}
          </button>
        )}
        {canAct && mine && alarm.next?.step === 'check-in' && (
          <button
            class="btn"
            data-testid="check-in"
            onClick={act(() => void app.commands.send(alarm, { kind: 'check-in' }))}
          >
            {row.stillOnIt}
          </button>
        )}
        {canAct && mine && alarm.response === 'handed-over' && (
          <button class="btn" onClick={act(() => void app.commands.send(alarm, { kind: 'withdraw-hand-over' }))}>
            {row.keep}
          </button>
        )}
        {canAct && look.status === 'offered-to-me' && (
          <button class="btn" onClick={act(() => openDialog({ name: 'cant-take-over', alarm }))}>
            {row.cantTakeOver}
          </button>
        )}
        {canAct && look.group !== 'ended' && (
          <button class="btn" data-testid="escalate" onClick={act(() => openDialog({ name: 'escalate', alarm }))}>
            {row.escalate}
          </button>
        )}
        {canAct && mayTakeFrom(app, alarm, mine) && (
          <button class="btn" data-testid="take-from" onClick={act(() => openDialog({ name: 'take-from', alarm }))}>
            {row.takeFrom}
          </button>
        )}
        {canAct && alarm.priority === 'low' && app.may('alarm.shelve') && (
          <button class="btn" data-testid="shelve" onClick={act(() => openDialog({ name: 'shelve', alarm }))}>
            {row.shelve}
          </button>
        )}
        {canAct && queue.chosen.value === null && maySelect(alarm, []) && (
          <button class="btn" data-testid="choose-several" onClick={act(() => queue.choose(alarm))}>
            {queueWords.choose}
          </button>
        )}
        {canAct && (
          <button class="btn" data-testid="note" onClick={act(() => openDialog({ name: 'note', alarm }))}>
            {row.note}
          </button>
        )}
        {canAct && (
          <button class="btn" onClick={act(() => openDialog({ name: 'close-out', alarm }))}>
            {row.closeOut}
          </button>
        )}
        {alarm.pumpId !== null && (
          <a class="btn" href={routeTo({ name: 'pump', pumpId: alarm.pumpId })}>
            {row.open}
          </a>
        )}
      </div>
    </details>
  )
}

/** From an owner who is known to be gone, or by who may take from anybody. */
const mayTakeFrom = (app: AppState, alarm: AlarmView, mine: boolean): boolean =>
  alarm.owner !== null && !mine && (alarm.ownerGoneAt !== null || app.may('alarm.take-from-anybody'))

const closeOnEscape = (event: KeyboardEvent, menu: HTMLDetailsElement | null): void => {
  if (event.key !== 'Escape' || menu === null || !menu.open) return
  menu.open = false
  menu.querySelector('summary')?.focus()
  event.stopPropagation()
}
