import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { factorWords } from '#dashboard/core/factor-words.ts'
import { useApp } from './state/app-state.ts'
import type { FactorsModel } from './state/factors-model.ts'

/** A name, then the browser's own question. */
export const PasskeyAdd = ({
  model,
  done,
}: {
  readonly model: FactorsModel
  readonly done: () => void
}): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(factorWords).factors
  const name = useSignal('')
  if (!app.passkeys.isHere) return <p class="hint">{text.enrol.passkeyNone}</p>
  const add = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (!model.busy.value && (await model.addPasskey(name.value.trim()))) done()
  }
  return (
    <form class="code-field" onSubmit={(event) => void add(event)} data-testid="passkey-add">
      <label class="field">
        <span>{text.passkey.name}</span>
        <input
          name="passkey-name"
          autocomplete="off"
          required
          pattern=".*\S.*"
          maxLength={64}
          value={name.value}
          onInput={(event) => (name.value = event.currentTarget.value)}
        />
        <small class="hint">{text.passkey.nameHint}</small>
      </label>
      <button class="btn primary" type="submit" disabled={model.busy.value}>
        {text.passkey.add}
      </button>
    </form>
  )
}
