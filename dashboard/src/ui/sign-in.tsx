import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useApp } from './state/app-state.ts'

export const SignIn = (): JSX.Element => {
  const app = useApp()
  const { words } = app
  const text = words.signIn
  const session = app.session.value
  const shown = useSignal(false)
  const form = useRef<HTMLFormElement>(null)
  const error = useRef<HTMLParagraphElement>(null)
  const failure = session.step === 'signed-out' ? session.failure : null
  const waiting = session.step === 'signing-in'

  useEffect(() => {
    document.title = `${text.title} – ${words.product}`
  }, [text.title, words.product])
  useEffect(() => {
    if (failure !== null) error.current?.focus()
  }, [failure])

  const submit = (event: Event): void => {
    event.preventDefault()
    if (form.current === null || waiting) return
    const data = new FormData(form.current)
    const field = (name: string): string => {
      const value = data.get(name)
      return typeof value === 'string' ? value : ''
    }
    void app.signIn(field('name'), field('password'))
  }

  return (
    <main class="sign-in">
      <div class="sign-in-column">
        <p class="product">{words.product}</p>
        <h1>{text.title}</h1>
        <p class="lead">{text.lead}</p>
        {failure !== null && (
          <p class="notice" role="alert" tabIndex={-1} ref={error}>
            {failure === 'wrong-credentials'
              ? text.wrong
              : failure === 'unreachable'
                ? text.unreachable
                : words.failure[failure]}
          </p>
        )}
        <form ref={form} onSubmit={submit} data-testid="sign-in-form">
          <label class="field">
            <span>{text.name}</span>
            <input
              name="name"
              autocomplete="username"
              autocapitalize="none"
              spellcheck={false}
              required
              maxLength={64}
            />
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
        <p class="hint">{text.soundNote}</p>
        <p class="statement">{words.notMedicalDevice}</p>
      </div>
    </main>
  )
}
