import { useComputed, useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { groupOf } from '#dashboard/core/alarm-order.ts'
import { nbsp } from '#dashboard/core/format.ts'
import { AlarmQueue } from './alarm-queue.tsx'
import { Counters } from './counters.tsx'
import { PumpTiles } from './pump-tiles.tsx'
import { useApp } from './state/app-state.ts'
import { reporting } from './pump-freshness.ts'

/** Home: what needs someone now? */
export const AlarmWall = (): JSX.Element => {
  const app = useApp()
  const { words, live } = app
  const pumps = live.pumps.value
  if (!live.loaded.value) return <Loading />
  return (
    <div class="wall">
      <Counters />
      <div class="wall-columns">
        <QueueColumn />
        <section class="pumps-column" aria-labelledby="all-pumps">
          <h2 id="all-pumps">{words.wall.allPumps(app.formats.value.count(pumps.length))}</h2>
          <PumpTiles />
        </section>
      </div>
    </div>
  )
}

const QueueColumn = (): JSX.Element => {
  const { words, live } = useApp()
  const order = live.order.value
  const ended = order.filter((alarm) => groupOf(alarm) === 'ended').length
  return (
    <section class="queue-column" aria-labelledby="queue-title">
      <div class="queue-head">
        <h2 id="queue-title">{words.wall.queue}</h2>
        {order.length > 0 && <span class="hint">{words.wall.queueCount(order.length - ended, ended)}</span>}
      </div>
      {order.length === 0 ? <Empty /> : <AlarmQueue />}
    </section>
  )
}

const Empty = (): JSX.Element => {
  const app = useApp()
  const { words, live } = app
  const heard = useComputed(() => reporting(app).length)
  const at = live.dataAsOf.value
  return (
    <div class="empty" data-testid="empty-queue">
      <p class="empty-title">{words.wall.empty}</p>
      {at !== null && (
        <p class="hint">
          {words.wall.emptyFacts(
            words.wall.pumpsReporting(heard.value).replace(' ', nbsp),
            app.formats.value.timeSeconds(at),
          )}
        </p>
      )}
    </div>
  )
}

const slowMs = 2_000

const Loading = (): JSX.Element => {
  const { words } = useApp()
  const slow = useSignal(false)
  useEffect(() => {
    const timer = setTimeout(() => (slow.value = true), slowMs)
    return () => clearTimeout(timer)
  }, [slow])
  return (
    <div class="loading" aria-busy="true">
      <p class="sr">{words.wall.loading}</p>
      {slow.value ? (
        <p class="notice">{words.wall.stillLoading}</p>
      ) : (
        [0, 1, 2, 3].map((index) => <div key={index} class="skeleton" />)
      )}
    </div>
  )
}
