import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { lazyPage } from './lazy-page.tsx'
import { SignInForm } from './sign-in-form.tsx'
import { useApp } from './state/app-state.ts'

const SsoButton = lazyPage<{ readonly invitation: string | null }>(
  async () => (await import('./sso-button.tsx')).SsoButton,
  { quiet: true },
)
const PasskeySignIn = lazyPage(async () => (await import('./passkey-sign-in.tsx')).PasskeySignIn, { quiet: true })

export const SignIn = (): JSX.Element => {
  const app = useApp()
  const { words } = app
  const text = words.signIn
  const session = app.session.value
  useEffect(() => {
    document.title = `${text.title} – ${words.product}`
  }, [text.title, words.product])
  return (
    <main class="sign-in">
      <div class="sign-in-column">
        <p class="product">{words.product}</p>
        <h1>{text.title}</h1>
        <p class="lead">{text.lead}</p>
        <SignInForm
          submit={(name, password) => void app.signIn(name, password)}
          waiting={session.step === 'signing-in'}
          failure={session.step === 'signed-out' ? session.failure : null}
        />
        {app.passkeys.isHere && <PasskeySignIn />}
        <SsoButton invitation={null} />
        <p class="hint">{text.soundNote}</p>
        <p class="statement">{words.notMedicalDevice}</p>
      </div>
    </main>
  )
}
