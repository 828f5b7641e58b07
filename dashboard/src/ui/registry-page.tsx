import './styles/registry.css'
import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import type { HubRegister, RegisteredHub } from '#domain/live/hub-registry.ts'
import { age } from '#dashboard/core/format.ts'
import { registryWords } from '#dashboard/core/registry-words.ts'
import { AdminFailure } from './admin-failure.tsx'
import { AdminName, AdminTable } from './admin-list.tsx'
import { RegistryAdd, RegistryClaim } from './registry-claim.tsx'
import { RegistryHub } from './registry-hub.tsx'
import { useApp } from './state/app-state.ts'
import { RegistryModel } from './state/registry-model.ts'

/** Which hubs may come in, by which key, and when each was heard. */
export const RegistryPage = (): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(registryWords).registry
  const model = useMemo(() => new RegistryModel(app.link), [app])
  const adding = useSignal(false)
  useEffect(() => model.start(), [model])
  const told = model.told.value
  const active = told?.hubs.filter(({ state }) => state === 'active').length ?? 0
  const nothingOpen = model.hub.value === null && !adding.value && model.claim.value === null
  return (
    <div class="admin-list">
      <div class="admin-bar">
        {told !== null && <p>{text.count(active, told.hubs.length)}</p>}
        <button
          type="button"
          class="btn primary at-end"
          onClick={() => (adding.value = true)}
          data-testid="registry-add"
        >
          {text.add}
        </button>
      </div>
      {nothingOpen && <AdminFailure model={model} />}
      {told === null ? (
        model.failure.value === null && <p class="empty">{text.loading}</p>
      ) : (
        <Rows model={model} told={told} />
      )}
      {adding.value && <RegistryAdd model={model} close={() => (adding.value = false)} />}
      {model.hub.value !== null && <RegistryHub model={model} hub={model.hub.value} />}
      {model.claim.value !== null && <RegistryClaim model={model} claim={model.claim.value} />}
    </div>
  )
}

const Rows = ({ model, told }: { readonly model: RegistryModel; readonly told: HubRegister }): JSX.Element => {
  const text = useApp().wordsWith(registryWords).registry
  if (told.hubs.length === 0)
    return (
      <p class="empty" data-testid="admin-empty">
        {text.empty}
      </p>
    )
  const hubs = told.hubs.toSorted((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))
  return (
    <AdminTable name="registry" title={text.title} columns={text.columns}>
      {hubs.map((hub) => (
        <Row key={hub.hubId} hub={hub} now={told.serverTime} choose={() => model.choose(hub.hubId)} />
      ))}
    </AdminTable>
  )
}

interface RowProps {
  readonly hub: RegisteredHub
  readonly now: number
  readonly choose: () => void
}

const Row = ({ hub, now, choose }: RowProps): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(registryWords)
  const text = words.registry
  const { gatewayVersion, nodeVersion, lastHeardAt } = hub
  const key = hub.keys.find(({ active, validUntil }) => active && validUntil === null)
  return (
    <tr class={hub.state} data-testid="registered-hub" data-hub={hub.hubId} data-state={hub.state}>
      <th scope="row" data-column="name">
        <AdminName name={hub.name} label={text.change(hub.name)} open={choose} />
        <span class="second">{hub.hubId}</span>
      </th>
      <td data-column="state" data-label={text.columns.state}>
        {hub.state === 'revoked' ? <b class="mark">{text.states.revoked}</b> : text.states[hub.state]}
      </td>
      <td data-column="heard" data-label={text.columns.heard}>
        {lastHeardAt === null ? text.never : text.ago(age(now - lastHeardAt))}
      </td>
      <td data-column="versions" data-label={text.columns.versions}>
        {gatewayVersion === null ? words.notReported : text.versions(gatewayVersion, nodeVersion ?? '–')}
      </td>
      <td data-column="pumps" data-label={text.columns.pumps}>
        {app.formats.value.count(hub.pumps)}
      </td>
      <td data-column="key" data-label={text.columns.key}>
        {key === undefined ? (
          text.none
        ) : (
          <>
            {key.words ?? key.keyId}
            <span class="second">{text.made(age(now - key.createdAt))}</span>
          </>
        )}
      </td>
    </tr>
  )
}
