import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { EpisodeId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { alarmLook } from '#dashboard/core/alarm-look.ts'
import { countOf } from '#dashboard/core/alarm-order.ts'
import { heldOrder } from '#dashboard/core/held-order.ts'
import { routeTo } from '#dashboard/core/route.ts'
import { AlarmDialog } from './alarm-dialog.tsx'
import { AlarmRow } from './alarm-row.tsx'
import type { OpenDialog } from './open-dialog.ts'
import { keyAction } from './queue-keys.ts'
import { useApp } from './state/app-state.ts'

const shownLows = 3
/** A held list is let go after this long while a High is open. */
const holdMs = 10_000
/** A press this soon after rows moved was meant for another row. */
const guardMs = 350

/** The triage queue. Its order stands still while the pointer is in it. */
export const AlarmQueue = (): JSX.Element => {
  const app = useApp()
  const { live, words } = app
  const list = useRef<HTMLOListElement>(null)
  const dialog = useSignal<OpenDialog>(null)
  const held = useSignal(false)
  const allLows = useSignal(false)
  const shown = useRef<readonly EpisodeId[]>([])
  const movedAt = useRef(Number.NEGATIVE_INFINITY)

  const sorted = live.order.value.map((alarm) => alarm.episodeId)
  const order = held.value ? heldOrder(shown.current, sorted) : sorted
  if (order.join() !== shown.current.join() && shown.current.length > 0) movedAt.current = performance.now()
  shown.current = order

  const alarms = order.flatMap((id) => live.alarms.value.get(id) ?? [])
  const lows = alarms.filter(isLow)
  const folded = allLows.value ? new Set<AlarmView>() : new Set(lows.slice(shownLows))
  const lastLow = lows[allLows.value ? lows.length - 1 : shownLows - 1]

  useFocusKept(list)
  const hold = (value: boolean): void => {
    held.value = value
    if (value) setTimeout(() => (held.value = false), holdMs)
  }
  /** False right after the rows moved; the row then says so. */
  const meant = (alarm: AlarmView): boolean => {
    if (performance.now() - movedAt.current > guardMs) return true
    app.commands.moved(alarm.episodeId)
    return false
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    const target = event.target
    if (!(target instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return
    const row = target.closest<HTMLElement>('[data-episode]')
    const id = row?.dataset['episode']
    const alarm = alarms.find((candidate) => candidate.episodeId === id)
    const action = keyAction(event.key)
    if (action === null || (event.key.length === 1 && !app.keysOn.value)) return
    const onButton = target.closest('button, summary, a') !== null
    if (onButton && action.do === 'open') return
    event.preventDefault()
    switch (action.do) {
      case 'move':
        return focusRow(list.current, row, action.by)
      case 'open':
        if (alarm?.pumpId != null) location.hash = routeTo({ name: 'pump', pumpId: alarm.pumpId })
        return
      case 'take':
        if (alarm !== undefined && app.mayAct.value && !live.frozen.value && alarmLook(alarm, null).main === 'take')
          void app.commands.send(alarm, { kind: 'accept' })
        return
      case 'seen':
        if (alarm !== undefined && app.mayAct.value && !live.frozen.value && alarm.response === 'new')
          void app.commands.send(alarm, { kind: 'seen' })
        return
      case 'close-out':
        if (alarm !== undefined && app.mayAct.value && !live.frozen.value) dialog.value = { name: 'close-out', alarm }
        return
      case 'pause':
        return app.pauseSound()
      case 'first': {
        const first = alarms.find((candidate) => candidate.priority === action.priority)
        if (first !== undefined) rowOf(list.current, first.episodeId)?.focus()
        return
      }
      case 'counts': {
        const open = (priority: 'high' | 'medium' | 'low'): number =>
          countOf(live.alarms.peek().values(), priority).open
        return app.announcements.add({
          urgency: 'polite',
          text: words.speak.counts(open('high'), open('medium'), open('low')),
        })
      }
    }
  }

  return (
    <>
      <ol
        class="queue"
        ref={list}
        aria-labelledby="queue-title"
        onKeyDown={onKeyDown}
        onPointerEnter={(event) => event.pointerType === 'mouse' && hold(true)}
        onPointerLeave={() => hold(false)}
      >
        {alarms.map((alarm, index) =>
          folded.has(alarm) ? null : (
            <AlarmRow
              key={alarm.episodeId}
              alarm={alarm}
              first={index === 0}
              changed={live.marked.value.has(alarm.episodeId)}
              meant={() => meant(alarm)}
              openDialog={(next) => (dialog.value = next)}
              after={
                alarm === lastLow && lows.length > shownLows ? (
                  <button class="btn quiet fold" onClick={() => (allLows.value = !allLows.value)}>
                    {allLows.value ? words.wall.fewerLow : words.wall.moreLow(folded.size)}
                  </button>
                ) : null
              }
            />
          ),
        )}
      </ol>
      <AlarmDialog dialog={dialog.value} close={() => (dialog.value = null)} />
    </>
  )
}

const isLow = (alarm: AlarmView): boolean =>
  (alarm.priority === 'low' || alarm.priority === 'info') && alarmLook(alarm, null).group === 'unowned'

const rowOf = (list: HTMLElement | null, id: EpisodeId): HTMLElement | null =>
  list?.querySelector<HTMLElement>(`[data-episode="${CSS.escape(id)}"]`) ?? null

const focusRow = (list: HTMLElement | null, from: HTMLElement | null, by: 1 | -1): void => {
  const rows = [...(list?.querySelectorAll<HTMLElement>('[data-episode]') ?? [])]
  const index = from === null ? -1 : rows.indexOf(from)
  rows[Math.min(Math.max(index + by, 0), rows.length - 1)]?.focus()
}

/** Focus never falls to the body: when the focused row leaves, the row now in its place takes it. */
const useFocusKept = (list: { readonly current: HTMLElement | null }): void => {
  const at = useRef<number | null>(null)
  useLayoutEffect(() => {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-episode]') ?? [])]
    const active = document.activeElement
    if (active === document.body && at.current !== null && rows.length > 0)
      rows[Math.min(at.current, rows.length - 1)]?.focus()
    const index = rows.findIndex((row) => row.contains(document.activeElement))
    at.current = index === -1 ? null : index
  })
}
