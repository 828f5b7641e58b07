import type { JSX } from 'preact'
import { useCallback, useLayoutEffect, useRef } from 'preact/hooks'
import type { EpisodeId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { queueItems } from '#dashboard/core/queue-items.ts'
import type { QueueItem } from '#dashboard/core/queue-items.ts'
import { AlarmGroup, AlarmTomb, LowFold } from './alarm-folds.tsx'
import { AlarmRow } from './alarm-row.tsx'
import { useQueueCommands } from './queue-commands.ts'
import { useQueueHold } from './queue-hold.ts'
import { useApp } from './state/app-state.ts'

/** The triage queue. Its order stands still while the pointer or the focus is in it. */
export const AlarmQueue = (): JSX.Element => {
  const app = useApp()
  const { live, queue } = app
  const list = useRef<HTMLDivElement>(null)
  const gone = queue.gone.value
  const alarmOf = (id: EpisodeId): AlarmView[] => [live.alarms.value.get(id) ?? gone.get(id) ?? []].flat()
  const hold = useQueueHold({
    sorted: queue.visible.value.map((alarm) => alarm.episodeId),
    gone: new Set(gone.keys()),
    isHigh: (id) => live.alarms.peek().get(id)?.priority === 'high',
  })
  const items = queueItems(hold.rows.flatMap(alarmOf), {
    flood: queue.flood.value,
    allLows: queue.allLows.value,
    openGroups: queue.openGroups.value,
    alone: app.live.escalatedToMe.value,
    gone: new Set(gone.keys()),
  })
  const arrived = hold.arrived.flatMap(alarmOf)
  const onKeyDown = useQueueCommands(list, [
    ...arrived,
    ...items.flatMap((item) => (item.kind === 'row' ? item.alarm : [])),
  ])
  useFocusKept(list)

  const isMeant = useRef(hold.meant)
  isMeant.current = hold.meant
  /** False right after the rows moved; the row then says so. */
  const meant = useCallback(
    (alarm: AlarmView): boolean => {
      if (isMeant.current()) return true
      app.commands.moved(alarm.episodeId)
      return false
    },
    [app],
  )
  const row = (alarm: AlarmView, first: boolean, inGroup = false): JSX.Element => (
    <AlarmRow
      key={alarm.episodeId}
      alarm={alarm}
      first={first}
      inGroup={inGroup}
      changed={live.marked.value.has(alarm.episodeId)}
      meant={meant}
    />
  )
  queue.nearness.expect(items.flatMap((item) => (item.kind === 'row' ? item.alarm.episodeId : [])))
  const firstRow = items.find((item) => item.kind === 'row')
  const line = (item: QueueItem): JSX.Element => {
    switch (item.kind) {
      case 'row':
        return row(item.alarm, item === firstRow, item.inGroup)
      case 'tomb':
        return <AlarmTomb key={item.alarm.episodeId} alarm={item.alarm} />
      case 'group':
        return <AlarmGroup key={item.group.key} group={item.group} open={item.open} />
      case 'low-fold':
        return <LowFold key="low-fold" fold={item} />
    }
  }
  return (
    <div class="queue-box" ref={list} onKeyDown={onKeyDown} {...hold.handlers}>
      <ol class="queue" aria-labelledby="queue-title">
        {items.map(line)}
      </ol>
      {arrived.length > 0 && (
        <section class="queue-slot" aria-label={app.words.queue.arrived} data-testid="queue-slot">
          <p class="slot-title">{app.words.queue.arrivedCount(arrived.length)}</p>
          <ol class="queue">{arrived.map((alarm) => row(alarm, false))}</ol>
        </section>
      )}
    </div>
  )
}

/** Focus never falls to the body: when the focused row leaves, the row now in its place takes it. */
const useFocusKept = (list: { readonly current: HTMLElement | null }): void => {
  const at = useRef<number | null>(null)
  useLayoutEffect(() => {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-place]') ?? [])]
    const active = document.activeElement
    if (active === document.body && at.current !== null && rows.length > 0)
      rows[Math.min(at.current, rows.length - 1)]?.focus()
    const index = rows.findIndex((place) => place.contains(document.activeElement))
    at.current = index === -1 ? null : index
  })
}
