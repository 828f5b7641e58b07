import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { PasskeyView } from '#domain/people/factors.ts'
import { factorWords } from '#dashboard/core/factor-words.ts'
import { useApp } from './state/app-state.ts'
import type { FactorsModel } from './state/factors-model.ts'

interface Props {
  readonly model: FactorsModel
  readonly passkey: PasskeyView
  readonly now: number
  /** It stays: nothing but a password would be left. */
  readonly isLast: boolean
}

/** One passkey of hers, with the name by which she knows it. */
export const PasskeyRow = ({ model, passkey, now, isLast }: Props): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(factorWords).factors.passkey
  const { moment } = app.formats.value
  const { credentialId, name, addedAt, usedAt } = passkey
  const renaming = useSignal(false)
  return (
    <li data-testid="passkey">
      {renaming.value ? (
        <Rename model={model} passkey={passkey} close={() => (renaming.value = false)} />
      ) : (
        <>
          <b>{name}</b>
          <span class="passkey-facts">
            {text.added(moment(addedAt, now))}, {usedAt === null ? text.unused : text.used(moment(usedAt, now))}
          </span>
          <span class="passkey-acts">
            <button
              type="button"
              class="btn"
              aria-label={text.renameOf(name)}
              onClick={() => (renaming.value = true)}
              data-testid="passkey-rename"
            >
              {text.rename}
            </button>
            {!isLast && (
              <button
                type="button"
                class="btn"
                aria-label={text.removeOf(name)}
                onClick={() => void model.removePasskey(credentialId)}
                data-testid="passkey-remove"
              >
                {text.remove}
              </button>
            )}
          </span>
        </>
      )}
    </li>
  )
}

const Rename = ({ model, passkey, close }: Pick<Props, 'model' | 'passkey'> & { close: () => void }): JSX.Element => {
  const text = useApp().wordsWith(factorWords).factors.passkey
  const name = useSignal(passkey.name)
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const wanted = name.value.trim()
    if (wanted === '' || model.busy.value) return
    if (wanted === passkey.name || (await model.renamePasskey(passkey.credentialId, wanted))) close()
  }
  return (
    <form class="passkey-rename" onSubmit={(event) => void submit(event)}>
      <label class="field">
        <span>{text.name}</span>
        <input
          name="passkey-name"
          required
          maxLength={64}
          autocomplete="off"
          value={name.value}
          onInput={(event) => (name.value = event.currentTarget.value)}
        />
      </label>
      <button class="btn" disabled={model.busy.value} data-testid="passkey-save">
        {text.save}
      </button>
    </form>
  )
}
