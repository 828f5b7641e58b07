import type { JSX } from 'preact'
import type { HubView } from '#domain/live/views.ts'
import { age, nbsp } from '#dashboard/core/format.ts'
import { useApp } from './state/app-state.ts'

/** Is the way from the homes open? Never shows a pump's value. */
export const HubsPage = (): JSX.Element => {
  const app = useApp()
  const { words, live } = app
  const hubs = [...live.hubs.value.values()].toSorted((a, b) => a.name.localeCompare(b.name))
  if (hubs.length === 0) return <p class="empty">{words.hubs.empty}</p>
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={words.hubs.title}>
      <table class="data-table">
        <thead>
          <tr>
            <th scope="col">{words.hubs.name}</th>
            <th scope="col">{words.hubs.lastHeard}</th>
            <th scope="col">{words.path.hub.title}</th>
            <th scope="col">{words.hubs.outbox}</th>
            <th scope="col">{words.hubs.clock}</th>
            <th scope="col">{words.hubs.ports}</th>
            <th scope="col">{words.hubs.pumps}</th>
            <th scope="col">{words.hubs.version}</th>
          </tr>
        </thead>
        <tbody>
          {hubs.map((hub) => (
            <HubRow key={hub.hubId} hub={hub} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

const HubRow = ({ hub }: { readonly hub: HubView }): JSX.Element => {
  const app = useApp()
  const { words } = app
  const now = app.live.now.value
  const heard =
    hub.lastHeardAt === null
      ? words.hubs.never
      : now === null
        ? app.formats.value.time(hub.lastHeardAt)
        : words.hubs.ago(age(now - hub.lastHeardAt))
  const silent = hub.state === 'lost' || hub.state === 'never-heard'
  return (
    <tr class={silent ? 'silent' : ''} data-testid="hub-row" data-hub={hub.hubId} data-state={hub.state}>
      <th scope="row">
        {hub.name}
        <span class="second">{hub.hubId}</span>
      </th>
      <td class={silent ? 'hatch' : ''}>
        <span class="plate">
          <b>{words.hubs.state[hub.state]}</b>
          <span class="second">{heard}</span>
        </span>
      </td>
      <td>
        <Path hub={hub} />
      </td>
      <td>
        <Outbox hub={hub} />
      </td>
      <td>
        {hub.clockErrorMs === null
          ? words.notReported
          : `${(Math.round(hub.clockErrorMs / 100) / 10 + 0).toFixed(1)}${nbsp}s`}
      </td>
      <td>
        {hub.ports.map((port) => (
          <span key={port.name} class="port">
            {port.name} <b>{words.hubs.port[port.link]}</b>
            {port.reason !== null && <span class="second">{port.reason}</span>}
          </span>
        ))}
      </td>
      <td>{app.formats.value.count(hub.pumpIds.length)}</td>
      <td>{hub.gatewayVersion ?? words.notReported}</td>
    </tr>
  )
}

/** How far test alarms of this hub come: as far as the server's journal. */
const Path = ({ hub: { path } }: { readonly hub: HubView }): JSX.Element => {
  const { words, live } = useApp()
  const now = live.now.value
  if (path === undefined) return <>{words.notReported}</>
  if (path.everyMs === null) return <>{words.path.hub.off}</>
  const { provenAt, tookMs, overdue } = path
  const ago = provenAt === null || now === null ? words.hubs.never : words.hubs.ago(age(Math.max(0, now - provenAt)))
  return (
    <span class="port" data-testid="hub-path" data-overdue={overdue}>
      {overdue ? <span class="chip worst">{words.path.hub.unproven}</span> : <b>{words.path.hub.proven}</b>}
      <span class="second">
        {ago}
        {tookMs !== null && words.path.hub.took((tookMs / 1000).toFixed(1))}
      </span>
    </span>
  )
}

const Outbox = ({ hub }: { readonly hub: HubView }): JSX.Element => {
  const { words } = useApp()
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
