import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { ApiFailure } from '#dashboard/core/worker-protocol.ts'
import { useApp } from './state/app-state.ts'

interface SignInFormProps {
  readonly submit: (name: string, password: string) => void
  readonly waiting: boolean
  readonly failure: ApiFailure | null
}

/** Name and password. The same words for an unknown name and a wrong password; pasting is allowed. */
export const SignInForm = ({ submit, waiting, failure }: SignInFormProps): JSX.Element => {
  const app = useApp()
  const text = app.words.signIn
  const shown = useSignal(false)
  const form = useRef<HTMLFormElement>(null)
  const error = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    if (failure !== null) error.current?.focus()
  }, [failure])
  const send = (event: Event): void => {
    event.preventDefault()
    if (form.current === null || waiting) return
    const data = new FormData(form.current)
    const field = (name: string): string => {
      const value = data.get(name)
      return typeof value === 'string' ? value : ''
    }
    submit(field('name'), field('password'))
  }
  return (
    <>
      {failure !== null && (
        <p class="notice" role="alert" tabIndex={-1} ref={error}>
          {failureText(app, failure)}
        </p>
      )}
      <form ref={form} onSubmit={send} data-testid="sign-in-form">
        <label class="field">
          <span>{text.name}</span>
          <input name="name" autocomplete="username" autocapitalize="none" spellcheck={false} required maxLength={64} />
        </label>
        <div class="field">
          <label for="password">{text.password}</label>
          <div class="with-button">
            {/* One element whose type changes: what was typed stays. */}
            <input
              ref={(input) => void (input !== null && (input.type = shown.value ? 'text' : 'password'))}
              id="password"
              name="password"
              type="password"
              autocomplete="current-password"
              required
              maxLength={256}
            />
            <button
              type="button"
              class="btn"
              aria-controls="password"
              aria-pressed={shown.value}
              onClick={() => (shown.value = !shown.value)}
            >
              {shown.value ? text.hide : text.show}
            </button>
          </div>
        </div>
        <button class="btn primary wide" type="submit" disabled={waiting}>
          {waiting ? text.waiting : text.submit}
        </button>
      </form>
    </>
  )
}

const failureText = ({ words, urgentPhone }: ReturnType<typeof useApp>, failure: ApiFailure): string => {
  if (failure === 'wrong-credentials') return words.signIn.wrong
  return failure === 'unreachable' ? words.signIn.unreachable(urgentPhone.value) : words.failure[failure]
}
