import type { ReadonlySignal } from '@preact/signals'
import type { JSX } from 'preact'
import { mapWords } from '#dashboard/core/map-words.ts'
import { alarmLook } from '#dashboard/core/alarm-look.ts'
import { valueLook } from '#dashboard/core/freshness.ts'
import { age, nbsp } from '#dashboard/core/format.ts'
import type { AppState } from './state/app-state.ts'
import { useApp } from './state/app-state.ts'

/** Says which pump the named cell is and what it does; without one, how to ask. */
export const FleetName = ({ named }: { readonly named: ReadonlySignal<number | null> }): JSX.Element => {
  const app = useApp()
  const id = named.value === null ? undefined : app.live.fleet.value.ids[named.value]
  return (
    <p class="fleet-name" id="fleet-name" role="status" data-testid="fleet-name">
      {id === undefined ? <span class="hint">{app.wordsWith(mapWords).map.how}</span> : <Words app={app} id={id} />}
    </p>
  )
}

type Id = AppState['live']['fleet']['value']['ids'][number]

const Words = ({ app, id }: { readonly app: AppState; readonly id: Id }): JSX.Element => {
  const { live } = app
  const words = app.wordsWith(mapWords)
  const pump = live.known(id)
  const alarm = live.urgent.value.get(id)
  const hub = pump === null ? null : words.wall.hub(live.hubs.value.get(pump.hubId)?.name ?? pump.hubId)
  return (
    <>
      <b>{pump?.label ?? id}</b>
      <span>{[pump?.label == null ? null : id, hub].filter((part) => part !== null).join(', ')}</span>
      <span>
        {alarm === undefined
          ? doing(app, id)
          : words.map.alarm(
              words.alarm[alarm.code].name,
              words.priority[alarm.priority],
              alarm.owner?.name ?? words.row.state[alarmLook(alarm, null).status],
            )}
      </span>
    </>
  )
}

const doing = (app: AppState, id: Id): string => {
  const { live } = app
  const words = app.wordsWith(mapWords)
  const pump = live.pump(id)
  const now = live.now.value
  const sample = pump?.sample.value ?? null
  const sampledAt = pump?.sampledAt.value ?? null
  if (pump === null || sample === null || sampledAt === null) return words.row.noData
  const ageMs = now === null ? null : now - sampledAt
  const look = live.frozen.value ? 'stale' : valueLook(ageMs, pump.identity.value.statusIntervalMs)
  if (look === 'stale' || look === 'never' || ageMs === null)
    return words.map.notHeard(app.formats.value.moment(sampledAt, now ?? sampledAt))
  const { operatingState, rateMlPerHour } = sample
  const rate = rateMlPerHour === null ? '' : `, ${app.formats.value.rate(rateMlPerHour)}${nbsp}mL/h`
  return `${words.operatingState[operatingState]}${rate}, ${words.row.dataAge(age(ageMs))}`
}
