import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { HubKeyView, RegisteredHub } from '#domain/live/hub-registry.ts'
import { age } from '#dashboard/core/format.ts'
import { registryWords } from '#dashboard/core/registry-words.ts'
import { AdminFailure } from './admin-failure.tsx'
import { HubLedger } from './hub-ledger.tsx'
import { Modal } from './modal.tsx'
import { useApp } from './state/app-state.ts'
import type { RegistryModel } from './state/registry-model.ts'

interface Props {
  readonly model: RegistryModel
  readonly hub: RegisteredHub
}

/** Everything that is done to one hub; each act by itself. */
export const RegistryHub = ({ model, hub }: Props): JSX.Element => {
  const text = useApp().wordsWith(registryWords).registry
  const done = model.done.value
  return (
    <Modal title={hub.name} close={() => model.choose(null)}>
      <div class="registry-hub" data-testid="registry-hub">
        <AdminFailure model={model} />
        <p role="status" class="registry-done" data-testid="registry-done">
          {done === null ? '' : done === 'registry-revoke' ? text.revoked : text.saved}
        </p>
        <Name model={model} hub={hub} />
        <Keys model={model} hub={hub} />
        <section>
          <button
            type="button"
            class="btn"
            disabled={model.busy.value}
            onClick={() => void model.again(hub)}
            data-testid="registry-again"
          >
            {text.again}
          </button>
          <p class="hint">{text.againHint}</p>
        </section>
        {hub.lastHeardAt !== null && <HubLedger hubId={hub.hubId} />}
        {hub.state !== 'revoked' && <Revoke model={model} hub={hub} />}
      </div>
    </Modal>
  )
}

const Name = ({ model, hub }: Props): JSX.Element => {
  const text = useApp().wordsWith(registryWords).registry
  const name = useSignal(hub.name)
  const isOff = model.busy.value || name.value.trim() === '' || name.value.trim() === hub.name
  const submit = (event: Event): void => {
    event.preventDefault()
    if (!isOff) void model.rename(hub.hubId, name.value.trim())
  }
  return (
    <form class="registry-rename" onSubmit={submit}>
      <label class="field">
        <span>{text.name}</span>
        <input
          name="name"
          required
          maxLength={64}
          autocomplete="off"
          value={name.value}
          onInput={(event) => (name.value = event.currentTarget.value)}
        />
      </label>
      <button class="btn" disabled={isOff}>
        {text.rename}
      </button>
    </form>
  )
}

const Keys = ({ model, hub }: Props): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(registryWords).registry
  const now = model.told.value?.serverTime ?? 0
  const standing = ({ active, validUntil }: HubKeyView): string =>
    !active || (validUntil !== null && validUntil <= now)
      ? text.keyEnded
      : validUntil === null
        ? text.keyGood
        : text.keyGoodUntil(app.formats.value.moment(validUntil, now))
  return (
    <section>
      <h3>{text.keys}</h3>
      {hub.keys.length === 0 && <p>{text.states.waiting}</p>}
      <ul class="registry-keys">
        {hub.keys.map((key) => (
          <li key={key.keyId}>
            <b>{key.words ?? key.keyId}</b>
            <span class="second">
              {standing(key)}, {text.made(age(now - key.createdAt))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Asked twice: its pumps are no longer watched. */
const Revoke = ({ model, hub }: Props): JSX.Element => {
  const text = useApp().wordsWith(registryWords).registry
  const sure = useSignal(false)
  return (
    <section>
      <h3>{text.lock}</h3>
      {sure.value ? (
        <>
          <p>
            <b>{text.revokeSure(hub.name, hub.pumps)}</b>
          </p>
          <div class="registry-row">
            <button
              type="button"
              class="btn primary"
              disabled={model.busy.value}
              onClick={() => void model.revoke(hub.hubId)}
              data-testid="registry-revoke-now"
            >
              {text.revokeNow}
            </button>
            <button type="button" class="btn" onClick={() => (sure.value = false)}>
              {text.cancel}
            </button>
          </div>
        </>
      ) : (
        <button type="button" class="btn" onClick={() => (sure.value = true)} data-testid="registry-revoke">
          {text.revoke}
        </button>
      )}
      <p class="hint">{text.revokeHint}</p>
    </section>
  )
}
