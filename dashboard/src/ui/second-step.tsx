import './styles/factors.css'
import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import type { Me } from '#domain/live/api.ts'
import type { HalfSignedIn } from '#domain/people/half-signed-in.ts'
import { factorWords } from '#dashboard/core/factor-words.ts'
import { CodeField } from './code-field.tsx'
import { FactorNotice } from './factor-notice.tsx'
import { PasskeyAdd } from './passkey-add.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { useApp } from './state/app-state.ts'
import { FactorsModel } from './state/factors-model.ts'
import { TotpSetUp } from './totp-set-up.tsx'

/** After the password, full screen. */
export const SecondStep = (): JSX.Element | null => {
  const app = useApp()
  const words = app.wordsWith(factorWords)
  const session = app.session.value
  const half = session.step === 'half' ? session.half : null
  const title = half?.needs === 'enrol' ? words.factors.enrol.title : words.factors.second.title
  useEffect(() => {
    document.title = `${title} – ${words.product}`
  }, [title, words.product])
  if (half === null) return null
  return (
    <main class="sign-in">
      <div class="sign-in-column factors">
        <p class="product">{words.product}</p>
        <h1>{title}</h1>
        <SecondForm
          half={half}
          entered={(me) => app.signedIn(me)}
          back={() => (app.session.value = { step: 'signed-out', failure: null })}
        />
        <p class="statement">{words.notMedicalDevice}</p>
      </div>
    </main>
  )
}

interface SecondFormProps {
  readonly half: HalfSignedIn
  readonly entered: (me: Me) => void
  readonly back: () => void
}

/** The same in a dialog, for who signs in again while the old session still watches. */
export const SecondForm = ({ half, entered, back }: SecondFormProps): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(factorWords).factors
  const model = useMemo(() => new FactorsModel(app.link, app.passkeys), [app])
  const isOver = model.failure.value === 'signed-out'
  return (
    <>
      {isOver ? (
        <p class="notice" role="alert">
          {text.second.expired}
        </p>
      ) : (
        <FactorNotice failure={model.failure.value} />
      )}
      {!isOver && half.needs === 'factor' && <Show half={half} model={model} entered={entered} />}
      {!isOver && half.needs === 'enrol' && <Enrol half={half} model={model} entered={entered} />}
      {model.codes.value === null && (
        <button type="button" class="btn quiet" onClick={back}>
          {text.second.back}
        </button>
      )}
    </>
  )
}

type StepProps = { readonly model: FactorsModel; readonly entered: (me: Me) => void }

/** What she has. */
const Show = ({ half: { ways }, model, entered }: StepProps & { readonly half: HalfSignedIn }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(factorWords).factors.second
  const recovering = useSignal(!ways.includes('totp') && !ways.includes('passkey'))
  const busy = model.busy.value
  const send = async (proof: Parameters<FactorsModel['second']>[0] | null): Promise<void> => {
    const me = proof === null ? null : await model.second(proof)
    if (me !== null) entered(me)
  }
  if (recovering.value)
    return (
      <CodeField
        name="recovery-code"
        label={text.recoveryCode}
        hint={text.recoveryHint}
        submitText={text.submit}
        busy={busy}
        submit={(code) => void send({ way: 'recovery', code })}
      />
    )
  return (
    <>
      {ways.includes('passkey') && app.passkeys.isHere && (
        <button
          type="button"
          class="btn primary wide"
          disabled={busy}
          onClick={() => void model.showPasskey().then(send)}
          data-testid="second-passkey"
        >
          {text.passkey}
        </button>
      )}
      {ways.includes('totp') && (
        <CodeField
          name="second-code"
          label={text.code}
          hint={text.codeHint}
          digits
          submitText={busy ? text.waiting : text.submit}
          busy={busy}
          submit={(code) => void send({ way: 'totp', code })}
        />
      )}
      {ways.includes('recovery') && (
        <button type="button" class="btn" onClick={() => (recovering.value = true)} data-testid="use-recovery">
          {text.recovery}
        </button>
      )}
    </>
  )
}

/** She has none yet: one of two, then the codes for the day it is lost. */
const Enrol = ({ half, model, entered }: StepProps & { readonly half: HalfSignedIn }): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(factorWords).factors
  const text = words.enrol
  const enter = async (): Promise<void> => {
    const answer = await app.link.request<'me'>({ what: 'me' })
    if (answer.ok) entered(answer.body)
    else model.failure.value = answer.failure
  }
  const codes = model.codes.value
  if (codes !== null) return <RecoveryCodes codes={codes} kept={() => void enter()} />
  const done = (): void => {
    if (model.codes.peek() === null) void enter()
  }
  return (
    <>
      {half.reset !== undefined && (
        <p class="notice" data-testid="factors-reset">
          {words.reset(half.reset.by, app.formats.value.moment(half.reset.at, 0))}
        </p>
      )}
      <p class="lead">{text.lead}</p>
      <section class="factor-choice">
        <h2>{text.passkeyTitle}</h2>
        <p>{text.passkeyLead}</p>
        <PasskeyAdd model={model} done={done} />
      </section>
      <section class="factor-choice">
        <h2>{text.totpTitle}</h2>
        <p>{text.totpLead}</p>
        {model.newTotp.value === null ? (
          <button type="button" class="btn" onClick={() => void model.beginTotp()} data-testid="totp-begin">
            {text.totpStart}
          </button>
        ) : (
          <TotpSetUp model={model} done={done} />
        )}
      </section>
    </>
  )
}
