import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import type { InvitationView } from '#domain/people/people-api.ts'
import { invitedWords } from '#dashboard/core/invited-words.ts'
import { faultText } from '#dashboard/core/password-fault.ts'
import { passwordWords } from '#dashboard/core/password-words.ts'
import type { ApiAnswer } from '#dashboard/core/worker-protocol.ts'
import { SsoButton } from './sso-button.tsx'
import { useApp } from './state/app-state.ts'

/** Behind a link that an administrator sent: its owner chooses a password, and is signed in. */
export const InvitedPage = ({ token }: { readonly token: string }): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(invitedWords)
  const text = words.invited
  const found = useSignal<ApiAnswer<'people-link'> | null>(null)
  useEffect(() => {
    document.title = `${text.title} – ${words.product}`
    void app.link.request<'people-link'>({ what: 'people-link', token }).then((answer) => (found.value = answer))
  }, [app, token])
  const answer = found.value
  return (
    <main class="sign-in">
      <div class="sign-in-column">
        <p class="product">{words.product}</p>
        <h1>{text.title}</h1>
        {answer === null && <p class="lead">{text.loading}</p>}
        {answer?.ok === false && (
          <>
            <p class="notice" role="alert" data-testid="invited-over">
              {answer.failure === 'unreachable' ? words.failure.unreachable : text.over}
            </p>
            <a class="btn" href="#/">
              {text.toSignIn}
            </a>
          </>
        )}
        {answer?.ok === true && (
          <>
            <Choose token={token} invited={answer.body} />
            <SsoButton invitation={token} />
          </>
        )}
        <p class="statement">{words.notMedicalDevice}</p>
      </div>
    </main>
  )
}

const Choose = ({ token, invited }: { readonly token: string; readonly invited: InvitationView }): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(invitedWords, passwordWords)
  const text = words.invited
  const password = useSignal('')
  const again = useSignal('')
  const waiting = useSignal(false)
  const problem = useSignal<string | null>(null)
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (waiting.value) return
    if (password.value !== again.value) return void (problem.value = text.differ)
    // In the press, so that the alarms of the page that comes can be heard.
    app.audio.arm()
    waiting.value = true
    const answer = await app.link.request<'people-link-use'>({
      what: 'people-link-use',
      token,
      password: password.value,
    })
    waiting.value = false
    if (!answer.ok)
      return void (problem.value =
        faultText(words.passwordFaults, answer.detail) ?? text.failed(answer.detail ?? words.failure[answer.failure]))
    history.replaceState(null, '', '#/')
    await app.signIn(invited.name, password.value)
  }
  return (
    <>
      <p class="lead" data-testid="invited-as">
        {text.welcome(invited.name, words.user.roles[invited.role], invited.site)}
      </p>
      {problem.value !== null && (
        <p class="notice" role="alert">
          {problem.value}
        </p>
      )}
      <form onSubmit={(event) => void submit(event)} data-testid="invited-form">
        <input type="hidden" name="username" autocomplete="username" value={invited.name} />
        {(
          [
            ['password', text.password, password],
            ['again', text.again, again],
          ] as const
        ).map(([name, label, value]) => (
          <label class="field" key={name}>
            <span>{label}</span>
            <input
              name={name}
              type="password"
              autocomplete="new-password"
              required
              minLength={8}
              maxLength={256}
              value={value.value}
              onInput={(event) => (value.value = event.currentTarget.value)}
            />
            {name === 'password' && <small class="hint">{text.hint}</small>}
          </label>
        ))}
        <button type="submit" class="btn primary wide" disabled={waiting.value}>
          {waiting.value ? text.waiting : text.submit}
        </button>
      </form>
    </>
  )
}
