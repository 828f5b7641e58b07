import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { factorWords } from '#dashboard/core/factor-words.ts'
import { FactorNotice } from './factor-notice.tsx'
import { useApp } from './state/app-state.ts'
import { FactorsModel } from './state/factors-model.ts'

/** Nothing to type: the passkey says who it is. */
export const PasskeySignIn = (): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(factorWords).factors
  const model = useMemo(() => new FactorsModel(app.link, app.passkeys), [app])
  const signIn = async (): Promise<void> => {
    app.audio.arm()
    const me = await model.signInByPasskey()
    if (me !== null) app.signedIn(me)
  }
  return (
    <>
      <FactorNotice failure={model.failure.value} />
      <button
        type="button"
        class="btn wide"
        disabled={model.busy.value}
        onClick={() => void signIn()}
        data-testid="passkey-sign-in"
      >
        {text.second.passkey}
      </button>
    </>
  )
}
