import { useComputed } from '@preact/signals'
import type { JSX } from 'preact'
import type { Priority } from '#domain/alarm/codes.ts'
import { countOf } from '#dashboard/core/alarm-order.ts'
import { useApp } from './state/app-state.ts'

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
  const { pumps, reporting, stale } = live.fleet.value.facts
  const frozen = live.frozen.value
  const toCome = live.pumpsToCome.value
  const unverified = useComputed(
    () => [...live.alarms.value.values()].filter((alarm) => alarm.condition === 'unverified').length,
  )
  const facts = [
    [
      words.wall.reporting,
      pumps === 0 && toCome > 0
        ? words.wall.pumpsToCome(count(toCome))
        : words.wall.reportingValue(count(frozen ? 0 : reporting), count(pumps)),
    ],
    [words.wall.stale, count(frozen ? pumps : stale)],
    [words.wall.unverified, count(unverified.value)],
    [words.wall.lastTenMinutes, count(live.lastTenMinutes.value)],
  ] as const
  return (
    <dl class="facts" aria-label={words.wall.facts}>
      {facts.map(([name, value]) => (
        <div key={name} class={frozen ? 'hatch' : ''}>
          <dt class="plate">{name}</dt>
          <dd class="plate">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
