import type { JSX } from 'preact'
import { useSignal } from '@preact/signals'

interface CodeFieldProps {
  readonly name: string
  readonly label: string
  readonly hint?: string
  /** Six digits of an app; else letters and digits of a recovery code. */
  readonly digits?: boolean
  readonly submitText: string
  readonly busy: boolean
  readonly submit: (code: string) => void
}

/** A code as it stands on paper or in an app: blanks and hyphens are of no account. */
export const CodeField = ({
  name,
  label,
  hint,
  digits = false,
  submitText,
  busy,
  submit,
}: CodeFieldProps): JSX.Element => {
  const code = useSignal('')
  return (
    <form
      class="code-field"
      data-testid={name}
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy) submit(code.value)
      }}
    >
      <label class="field">
        <span>{label}</span>
        <input
          name={name}
          autocomplete={digits ? 'one-time-code' : 'off'}
          inputMode={digits ? 'numeric' : 'text'}
          autocapitalize="characters"
          spellcheck={false}
          required
          maxLength={40}
          value={code.value}
          onInput={(event) => (code.value = event.currentTarget.value)}
        />
        {hint !== undefined && <small class="hint">{hint}</small>}
      </label>
      <button class="btn primary" type="submit" disabled={busy}>
        {submitText}
      </button>
    </form>
  )
}
