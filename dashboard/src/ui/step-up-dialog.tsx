import './styles/factors.css'
import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import type { Me } from '#domain/live/api.ts'
import { factorWords } from '#dashboard/core/factor-words.ts'
import { stepUpWords } from '#dashboard/core/step-up-words.ts'
import { CodeField } from './code-field.tsx'
import { FactorNotice } from './factor-notice.tsx'
import { Modal } from './modal.tsx'
import { useApp } from './state/app-state.ts'
import { FactorsModel } from './state/factors-model.ts'

const askEveryMs = 2000

type Proof = Parameters<FactorsModel['prove']>[0]

/** Asks for a fresh proof by whatever she has, then lets the act go on that needed one. */
export const StepUpDialog = (): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(stepUpWords, factorWords)
  const text = words.stepUp
  const model = useMemo(() => new FactorsModel(app.link, app.passkeys), [app])
  useEffect(() => {
    void model.ask()
    void model.askWays()
  }, [model])
  const told = model.told.value
  const proven = (me: Me | null): void => {
    if (me === null) return
    app.session.value = { step: 'signed-in', me }
    app.stepUp.answered(true)
  }
  const prove = async (proof: Proof | null): Promise<void> => proven(proof === null ? null : await model.prove(proof))
  const ways = model.ways.value
  const busy = model.busy.value
  return (
    <Modal title={text.title} close={() => app.stepUp.answered(false)}>
      <div class="factors">
        <p>{text.why}</p>
        <FactorNotice failure={model.failure.value} />
        {told !== null && told.passkeys.length > 0 && app.passkeys.isHere && (
          <button
            type="button"
            class="btn primary wide"
            disabled={busy}
            onClick={() => void model.showPasskey().then(prove)}
            data-testid="step-up-passkey"
          >
            {words.factors.second.passkey}
          </button>
        )}
        {told !== null && told.totpSince !== null && (
          <CodeField
            name="step-up-code"
            label={words.factors.second.code}
            digits
            submitText={text.submit}
            busy={busy}
            submit={(code) => void prove({ way: 'totp', code })}
          />
        )}
        {ways !== null && ways.sso !== null && <BySso label={ways.sso} model={model} proven={proven} />}
        {ways?.password !== false && (
          <ByPassword busy={busy} submit={(password) => void prove({ way: 'password', password })} />
        )}
      </div>
    </Modal>
  )
}

interface BySsoProps {
  readonly label: string
  readonly model: FactorsModel
  readonly proven: (me: Me | null) => void
}

/** At the provider, in a window of its own: this page goes on watching meanwhile. */
const BySso = ({ label, model, proven }: BySsoProps): JSX.Element => {
  const text = useApp().wordsWith(stepUpWords).stepUp
  const elsewhere = useSignal<'opened' | 'blocked' | null>(null)
  useEffect(() => {
    if (elsewhere.value !== 'opened') return undefined
    const timer = setInterval(() => void model.provenBySso().then(proven), askEveryMs)
    return () => clearInterval(timer)
  }, [elsewhere.value])
  const go = async (): Promise<void> => {
    // Opened by the press itself, or the browser takes it for an advertisement.
    const beside = window.open('', '_blank')
    elsewhere.value = beside === null ? 'blocked' : null
    if (beside === null) return
    const url = await model.beginSso()
    if (url === null) return beside.close()
    beside.location.assign(url)
    elsewhere.value = 'opened'
  }
  return (
    <>
      <button type="button" class="btn wide" onClick={() => void go()} data-testid="step-up-sso">
        {text.sso(label)}
      </button>
      {elsewhere.value !== null && <p role="status">{elsewhere.value === 'opened' ? text.elsewhere : text.blocked}</p>}
    </>
  )
}

interface ByPasswordProps {
  readonly busy: boolean
  readonly submit: (password: string) => void
}

const ByPassword = ({ busy, submit }: ByPasswordProps): JSX.Element => {
  const text = useApp().wordsWith(stepUpWords).stepUp
  const password = useSignal('')
  const send = (event: Event): void => {
    event.preventDefault()
    if (!busy) submit(password.value)
  }
  return (
    <form class="password-form" onSubmit={send} data-testid="step-up-form">
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
      <button class="btn" type="submit" disabled={busy}>
        {busy ? text.waiting : text.submit}
      </button>
    </form>
  )
}
