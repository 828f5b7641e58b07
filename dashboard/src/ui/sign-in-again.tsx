import type { JSX } from 'preact'
import { useSignal } from '@preact/signals'
import type { HalfSignedIn } from '#domain/people/half-signed-in.ts'
import type { ApiFailure } from '#dashboard/core/worker-protocol.ts'
import { age } from '#dashboard/core/format.ts'
import { endsSoon } from '#dashboard/core/session-warning.ts'
import { lazyPage } from './lazy-page.tsx'
import { Modal } from './modal.tsx'
import { SignInForm } from './sign-in-form.tsx'
import { useApp } from './state/app-state.ts'

const SecondAgain = lazyPage(async () => (await import('./second-step.tsx')).SecondForm)

/** Five minutes before the session ends: a bar, and a way to go on without a gap in the watch. */
export const SessionBar = (): JSX.Element | null => {
  const app = useApp()
  const { sessionOver } = app.words
  const open = useSignal(false)
  const me = app.me.value
  const now = app.live.clock.value
  if (me === null || now === null) return null
  if (!endsSoon(me.sessionEndsAt, now)) return null
  return (
    <aside class="ink-bar" aria-label={sessionOver.again} data-testid="session-bar">
      <strong>{sessionOver.soon(age(me.sessionEndsAt - now))}</strong>
      <button type="button" class="btn" onClick={() => (open.value = true)}>
        {sessionOver.stay}
      </button>
      {open.value && <SignInAgain close={() => (open.value = false)} />}
    </aside>
  )
}

const SignInAgain = ({ close }: { readonly close: () => void }): JSX.Element => {
  const app = useApp()
  const waiting = useSignal(false)
  const failure = useSignal<ApiFailure | null>(null)
  const half = useSignal<HalfSignedIn | null>(null)
  const submit = async (name: string, password: string): Promise<void> => {
    waiting.value = true
    const outcome = await app.renew(name, password)
    waiting.value = false
    half.value = typeof outcome === 'string' ? null : outcome
    failure.value = typeof outcome === 'string' ? outcome : null
    if (outcome === null) close()
  }
  return (
    <Modal title={app.words.sessionOver.again} close={close}>
      {half.value === null ? (
        <SignInForm
          submit={(name, password) => void submit(name, password)}
          waiting={waiting.value}
          failure={failure.value}
        />
      ) : (
        <SecondAgain
          half={half.value}
          entered={(me) => {
            app.renewed(me)
            close()
          }}
          back={() => (half.value = null)}
        />
      )}
    </Modal>
  )
}
