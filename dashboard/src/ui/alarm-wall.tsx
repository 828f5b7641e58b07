import { useComputed, useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useCallback, useEffect } from 'preact/hooks'
import type { PumpId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { AlarmQueue } from './alarm-queue.tsx'
import { Counters } from './counters.tsx'
import { EmptyQueue } from './empty-queue.tsx'
import { FloodBanner } from './flood-banner.tsx'
import { lazyPage } from './lazy-page.tsx'
import { PumpsBeside } from './pumps-beside.tsx'
import { QueueHead } from './queue-head.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { ShelfDrawer } from './shelf-drawer.tsx'
import { useApp } from './state/app-state.ts'

const AlarmPanel = lazyPage<{ readonly alarm: AlarmView }>(async () => (await import('./alarm-panel.tsx')).AlarmPanel)

/** Home: what needs someone now? */
export const AlarmWall = (): JSX.Element => {
  const app = useApp()
  const { live, queue } = app
  const opened = useComputed(() => {
    const id = queue.opened.value
    return id === null ? null : (live.alarms.value.get(id) ?? null)
  })
  const isEmpty = useComputed(() => live.order.value.length === 0 && queue.gone.value.size === 0)
  const choose = useCallback(
    (pumpId: PumpId) => queue.show({ kind: 'pump', pumpId, hubId: live.known(pumpId)?.hubId ?? null }),
    [queue, live],
  )
  if (!live.loaded.value) return <Loading />
  const alarm = opened.value
  return (
    <div class="wall">
      <Counters />
      <FloodBanner />
      <div class={`wall-columns ${alarm === null ? '' : 'with-panel'}`}>
        <section class="queue-column" aria-labelledby="queue-title">
          <QueueHead />
          <SelectionBar />
          {isEmpty.value ? <EmptyQueue /> : <AlarmQueue />}
          <ShelfDrawer />
        </section>
        {alarm !== null && <AlarmPanel key={alarm.episodeId} alarm={alarm} />}
        <PumpsBeside choose={choose} />
      </div>
    </div>
  )
}

const slowMs = 2_000

const Loading = (): JSX.Element => {
  const { words, urgentPhone } = useApp()
  const slow = useSignal(false)
  useEffect(() => {
    const timer = setTimeout(() => (slow.value = true), slowMs)
    return () => clearTimeout(timer)
  }, [slow])
  return (
    <div class="loading" aria-busy="true">
      <p class="sr">{words.wall.loading}</p>
      {slow.value ? (
        <p class="notice" data-testid="still-loading">
          {words.wall.stillLoading(urgentPhone.value)}
        </p>
      ) : (
        [0, 1, 2, 3].map((index) => <div key={index} class="skeleton" />)
      )}
    </div>
  )
}
