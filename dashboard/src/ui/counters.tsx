import { useComputed } from '@preact/signals'
import type { JSX } from 'preact'
import type { Priority } from '#domain/alarm/codes.ts'
import { countOf } from '#dashboard/core/alarm-order.ts'
import { reporting, staleOnes } from './pump-freshness.ts'
import { useApp } from './state/app-state.ts'

const tenMinutesMs = 600_000

/** Three counts, filled only while one of that priority is unowned, and four facts. */
export const Counters = (): JSX.Element => (
  <div class="counters">
    <Counter priority="high" />
    <Counter priority="medium" />
    <Counter priority="low" />
    <Facts />
  </div>
)

const Counter = ({ priority }: { readonly priority: Exclude<Priority, 'info'> }): JSX.Element => {
  const app = useApp()
  const { words } = app
  const count = countOf(app.live.alarms.value.values(), priority)
  return (
    <div class={`counter counter-${priority} ${count.unowned > 0 ? 'filled' : ''}`} data-testid={`counter-${priority}`}>
      <strong class="counter-value">{app.formats.value.count(count.open)}</strong>
      <span class="counter-words">
        <b>{words.priority[priority]}</b>
        <span>{words.wall.counts(count.unowned, count.taken)}</span>
      </span>
    </div>
  )
}

const Facts = (): JSX.Element => {
  const app = useApp()
  const { words, live } = app
  const count = (value: number): string => app.formats.value.count(value)
  const heard = useComputed(() => reporting(app).length)
  const stale = useComputed(() => staleOnes(app).length)
  const unverified = useComputed(
    () => [...live.alarms.value.values()].filter((alarm) => alarm.condition === 'unverified').length,
  )
  const recent = useComputed(() => {
    const now = live.now.value
    return now === null
      ? 0
      : [...live.alarms.value.values()].filter((alarm) => alarm.startedAt > now - tenMinutesMs).length
  })
  return (
    <dl class="facts" aria-label={words.wall.facts}>
      <div>
        <dt>{words.wall.reporting}</dt>
        <dd>{words.wall.reportingValue(count(heard.value), count(live.pumps.value.length))}</dd>
      </div>
      <div>
        <dt>{words.wall.stale}</dt>
        <dd>{count(stale.value)}</dd>
      </div>
      <div>
        <dt>{words.wall.unverified}</dt>
        <dd>{count(unverified.value)}</dd>
      </div>
      <div>
        <dt>{words.wall.lastTenMinutes}</dt>
        <dd>{count(recent.value)}</dd>
      </div>
    </dl>
  )
}
