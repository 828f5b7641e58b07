import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { registryWords } from '#dashboard/core/registry-words.ts'
import { AdminFailure } from './admin-failure.tsx'
import { Modal } from './modal.tsx'
import { useApp } from './state/app-state.ts'
import type { RegistryModel, ShownClaim } from './state/registry-model.ts'

interface AddProps {
  readonly model: RegistryModel
  readonly close: () => void
}

/** A name: what comes of it is a code for whoever installs the hub. */
export const RegistryAdd = ({ model, close }: AddProps): JSX.Element => {
  const text = useApp().wordsWith(registryWords).registry
  const name = useSignal('')
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (!model.busy.value && (await model.add(name.value.trim()))) close()
  }
  return (
    <Modal title={text.addTitle} close={close}>
      <form onSubmit={(event) => void submit(event)} data-testid="registry-add-form">
        <p class="hint">{text.addHint}</p>
        <AdminFailure model={model} />
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
          <span class="hint">{text.nameHint}</span>
        </label>
        <div class="modal-foot">
          <button type="button" class="btn" onClick={close}>
            {text.cancel}
          </button>
          <button type="submit" class="btn primary" disabled={model.busy.value}>
            {model.busy.value ? text.making : text.make}
          </button>
        </div>
      </form>
    </Modal>
  )
}

interface ClaimProps {
  readonly model: RegistryModel
  readonly claim: ShownClaim
}

/** The code, once; then the key that came by it, as words to compare. */
export const RegistryClaim = ({ model, claim }: ClaimProps): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(registryWords).registry
  const close = (): void => void (model.claim.value = null)
  const until = app.formats.value.moment(claim.expiresAt, model.told.value?.serverTime ?? claim.expiresAt)
  const came = model.came.value
  return (
    <Modal title={text.claimTitle(claim.name)} close={close}>
      <div class="registry-claim" data-testid="registry-claim">
        <AdminFailure model={model} />
        {came === null && (
          <>
            <dl>
              <dt>{text.code}</dt>
              <dd class="registry-code" data-testid="registry-code">
                {claim.code}
              </dd>
              <dt>{text.claim}</dt>
              <dd>{claim.claimId}</dd>
              <dt>{text.command}</dt>
              <dd>
                <code>{text.enrolCommand(location.origin, claim.claimId, claim.code)}</code>
              </dd>
            </dl>
            <p class="hint">{text.claimHint(until)}</p>
          </>
        )}
        <div role="status" data-testid="registry-came">
          {came === null ? (
            <p class="hint">{text.waits}</p>
          ) : (
            <>
              <p>{text.came}</p>
              <p class="registry-code" data-testid="key-words">
                {came.words ?? came.keyId}
              </p>
              <p class="hint">{text.compare}</p>
            </>
          )}
        </div>
        <div class="modal-foot">
          {came !== null && (
            <button
              type="button"
              class="btn"
              disabled={model.busy.value}
              onClick={() => void model.revoke(claim.hubId)}
            >
              {text.differ}
            </button>
          )}
          <button type="button" class="btn primary" onClick={close}>
            {came === null ? text.done : text.same}
          </button>
        </div>
      </div>
    </Modal>
  )
}
