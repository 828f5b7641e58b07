import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { passwordLength } from '#domain/people/password-length.ts'
import { faultText } from '#dashboard/core/password-fault.ts'
import { passwordWords } from '#dashboard/core/password-words.ts'
import { factorWords } from '#dashboard/core/factor-words.ts'
import type { ApiFailure } from '#dashboard/core/worker-protocol.ts'
import { useApp } from './state/app-state.ts'

/** The old one and the new one. Pasting is allowed, and nothing is asked of it but length and that not everybody would try it. */
export const PasswordForm = (): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(factorWords, passwordWords)
  const text = words.factors.password
  const current = useSignal('')
  const next = useSignal('')
  const busy = useSignal(false)
  const notice = useSignal<string | null>(null)
  const changed = useSignal(false)
  const why = (failure: ApiFailure, detail?: string): string => {
    const fault = faultText(words.passwordFaults, detail)
    if (fault !== null) return fault
    return failure === 'wrong-credentials' ? words.factors.wrong : words.failure[failure]
  }
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (busy.value) return
    busy.value = true
    const request = { what: 'password-change', current: current.value, next: next.value } as const
    const answer = await app.link.request<'password-change'>(request)
    busy.value = false
    changed.value = answer.ok
    if (answer.ok) {
      notice.value = null
      current.value = next.value = ''
      app.session.value = { step: 'signed-in', me: answer.body }
    } else notice.value = why(answer.failure, answer.detail)
  }
  return (
    <form class="password-form" onSubmit={(event) => void submit(event)} data-testid="password-form">
      {notice.value !== null && (
        <p class="notice" role="alert">
          {notice.value}
        </p>
      )}
      {changed.value && <p role="status">{text.changed}</p>}
      <input hidden autocomplete="username" value={app.me.value?.name ?? ''} readOnly />
      <label class="field">
        <span>{text.current}</span>
        <input
          name="current"
          type="password"
          autocomplete="current-password"
          required
          value={current.value}
          onInput={(event) => (current.value = event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>{text.next}</span>
        <input
          name="next"
          type="password"
          autocomplete="new-password"
          required
          minLength={passwordLength.least}
          value={next.value}
          onInput={(event) => (next.value = event.currentTarget.value)}
        />
        <small class="hint">{text.hint}</small>
      </label>
      <button class="btn primary" type="submit" disabled={busy.value}>
        {text.submit}
      </button>
    </form>
  )
}
