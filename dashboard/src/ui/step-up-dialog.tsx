import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { ProofBody } from '#domain/people/factors.ts'
import { stepUpWords } from '#dashboard/core/step-up-words.ts'
import type { ApiFailure } from '#dashboard/core/worker-protocol.ts'
import { Modal } from './modal.tsx'
import { useApp } from './state/app-state.ts'

/** Asks for a fresh proof, then lets the act go on that needed one. */
export const StepUpDialog = (): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(stepUpWords)
  const text = words.stepUp
  const password = useSignal('')
  const waiting = useSignal(false)
  const failure = useSignal<ApiFailure | null>(null)
  const prove = async (proof: ProofBody): Promise<void> => {
    if (waiting.value) return
    waiting.value = true
    const answer = await app.link.request<'prove'>({ what: 'prove', proof })
    waiting.value = false
    failure.value = answer.ok ? null : answer.failure
    if (!answer.ok) return
    app.session.value = { step: 'signed-in', me: answer.body }
    app.stepUp.answered(true)
  }
  const submit = (event: Event): void => {
    event.preventDefault()
    void prove({ way: 'password', password: password.value })
  }
  return (
    <Modal title={text.title} close={() => app.stepUp.answered(false)}>
      <p>{text.why}</p>
      {failure.value !== null && (
        <p class="notice" role="alert">
          {failure.value === 'wrong-credentials' ? text.wrong : words.failure[failure.value]}
        </p>
      )}
      <form onSubmit={submit} data-testid="step-up-form">
        <label class="field">
          <span>{text.password}</span>
          <input
            name="password"
            type="password"
            autocomplete="current-password"
            required
            maxLength={256}
            value={password.value}
            onInput={(event) => (password.value = event.currentTarget.value)}
          />
        </label>
        <button class="btn primary wide" type="submit" disabled={waiting.value}>
          {waiting.value ? text.waiting : text.submit}
        </button>
      </form>
    </Modal>
  )
}
