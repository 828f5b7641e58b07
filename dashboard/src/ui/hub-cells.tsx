import type { JSX } from 'preact'
import type { HubDayView } from '#domain/live/hub-days.ts'
import type { HubView } from '#domain/live/views.ts'
import { hubsWords } from '#dashboard/core/hubs-words.ts'
import { age, nbsp, took } from '#dashboard/core/format.ts'
import { useApp } from './state/app-state.ts'

// What a hub says of itself, one cell each. Never a pump's value.

export const HeardCell = ({ hub }: { readonly hub: HubView }): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(hubsWords)
  const now = app.live.now.value
  // Whether it is still heard, this page cannot know.
  if (app.live.frozen.value && hub.state === 'live' && hub.lastHeardAt !== null)
    return <span class="plate stale-text">{words.hubs.lastAt(app.formats.value.timeSeconds(hub.lastHeardAt))}</span>
  const heard =
    hub.lastHeardAt === null
      ? words.hubs.never
      : now === null
        ? app.formats.value.time(hub.lastHeardAt)
        : words.hubs.ago(age(Math.max(0, now - hub.lastHeardAt)))
  return (
    <span class="plate">
      <b>{words.hubs.state[hub.state]}</b>
      <span class="second">{heard}</span>
    </span>
  )
}

/** How far test alarms of this hub come: as far as the server's journal. */
export const PathCell = ({ hub: { path } }: { readonly hub: HubView }): JSX.Element => {
  const app = useApp()
  const { live } = app
  const words = app.wordsWith(hubsWords)
  const now = live.now.value
  if (path === undefined) return <>{words.notReported}</>
  if (path.everyMs === null) return <>{words.hubs.path.off}</>
  const { provenAt, tookMs, overdue } = path
  const ago =
    provenAt === null || now === null
      ? words.hubs.never
      : live.frozen.value
        ? words.hubs.at(app.formats.value.timeSeconds(provenAt))
        : words.hubs.ago(age(Math.max(0, now - provenAt)))
  return (
    <span class="port" data-testid="hub-path" data-overdue={overdue}>
      {overdue ? <span class="chip worst">{words.hubs.path.unproven}</span> : <b>{words.hubs.path.proven}</b>}
      <span class="second">
        {ago}
        {tookMs !== null && words.hubs.path.took(took(tookMs))}
      </span>
    </span>
  )
}

export const OutboxCell = ({ hub }: { readonly hub: HubView }): JSX.Element => {
  const words = useApp().wordsWith(hubsWords)
  if (hub.outbox === null) return <>{words.notReported}</>
  const oldest = (ms: number | null): string => (ms === null ? '' : words.hubs.oldest(age(ms)))
  return (
    <>
      <span class="port">{words.hubs.alarms(hub.outbox.alarmRows, oldest(hub.outbox.alarmOldestMs))}</span>
      <span class="port">{words.hubs.telemetry(hub.outbox.telemetryRows, oldest(hub.outbox.telemetryOldestMs))}</span>
      {hub.outbox.quarantined > 0 && <b class="port">{words.hubs.quarantined(hub.outbox.quarantined)}</b>}
    </>
  )
}

interface DayCellProps {
  readonly hub: HubView
  readonly day: HubDayView | undefined
}

/** How fast what waits becomes less. Where nothing waits there is nothing to say. */
export const DrainCell = ({ hub, day }: DayCellProps): JSX.Element | null => {
  const app = useApp()
  const text = app.wordsWith(hubsWords).hubs
  const drain = day?.drain ?? null
  const waiting = hub.outbox?.telemetryRows ?? 0
  if (drain === null) return null
  const rate = drain.telemetryPerMinute
  const count = app.formats.value.count
  if (Math.abs(rate) < 1) return waiting === 0 ? null : <span class="second">{text.drainRate(count(0))}</span>
  if (rate < 0) return <b class="port">{text.growing(count(-rate))}</b>
  return (
    <span class="second">
      {text.drainRate(count(rate))}
      {waiting > 0 && `, ${text.emptyIn(age((waiting / rate) * 60_000))}`}
    </span>
  )
}

export const DelayCell = ({ day }: { readonly day: HubDayView | undefined }): JSX.Element => {
  const words = useApp().wordsWith(hubsWords)
  const alarm = day?.delays.alarm ?? null
  if (alarm === null) return <span class="second">{words.hubs.delayNone}</span>
  const [p50, p95, max] = [alarm.p50Ms, alarm.p95Ms, alarm.maxMs].map(took)
  return (
    <>
      <b>{words.hubs.p95(p95 ?? '')}</b>
      <span class="second">{words.hubs.delayShort(p50 ?? '', max ?? '')}</span>
    </>
  )
}

export const ClockCell = ({ hub }: { readonly hub: HubView }): JSX.Element => {
  const { words } = useApp()
  if (hub.clockErrorMs === null) return <>{words.notReported}</>
  return <bdi>{`${(Math.round(hub.clockErrorMs / 100) / 10 + 0).toFixed(1)}${nbsp}s`}</bdi>
}

export const PowerCell = ({ hub: { power } }: { readonly hub: HubView }): JSX.Element => {
  const words = useApp().wordsWith(hubsWords)
  if (power === null || power === undefined) return <span class="not-reported">{words.notReported}</span>
  const text = words.hubs.powerIs[power]
  return power === 'mains' ? <>{text}</> : <span class="chip worst">{text}</span>
}

/** What does not fit into the row. */
export const HubDetail = ({ hub, day }: DayCellProps): JSX.Element => {
  const words = useApp().wordsWith(hubsWords)
  const text = words.hubs
  const telemetry = day?.delays.telemetry ?? null
  return (
    <dl class="hub-detail">
      <div>
        <dt>{text.ports}</dt>
        <dd>
          {hub.ports.length === 0 && words.notReported}
          {hub.ports.map((port) => (
            <span key={port.name} class="port">
              {port.name} <b>{text.port[port.link]}</b>
              {port.reason !== null && <span class="second">{port.reason}</span>}
            </span>
          ))}
        </dd>
      </div>
      <div>
        <dt>
          {text.delays}, {text.lanes.telemetry}
        </dt>
        <dd>
          {telemetry === null
            ? text.delayNone
            : text.delay(took(telemetry.p50Ms), took(telemetry.p95Ms), took(telemetry.maxMs))}
        </dd>
      </div>
      <div>
        <dt>{text.network}</dt>
        <dd>{day?.network ?? words.notReported}</dd>
      </div>
      <div>
        <dt>{text.version}</dt>
        <dd>{hub.gatewayVersion ?? words.notReported}</dd>
      </div>
    </dl>
  )
}
