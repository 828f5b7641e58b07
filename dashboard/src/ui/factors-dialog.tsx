import './styles/factors.css'
import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import type { FactorsView } from '#domain/people/factors.ts'
import { factorWords } from '#dashboard/core/factor-words.ts'
import { FactorNotice } from './factor-notice.tsx'
import { Modal } from './modal.tsx'
import { PasskeyAdd } from './passkey-add.tsx'
import { PasskeyRow } from './passkey-row.tsx'
import { PasswordForm } from './password-form.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { useApp } from './state/app-state.ts'
import { FactorsModel } from './state/factors-model.ts'
import { TotpSetUp } from './totp-set-up.tsx'

/** How one signs in: passkeys, app, recovery codes, password. */
export const FactorsDialog = ({ close }: { readonly close: () => void }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(factorWords).factors
  const model = useMemo(() => new FactorsModel(app.link, app.passkeys), [app])
  useEffect(() => void model.ask(), [model])
  const told = model.told.value
  const codes = model.codes.value
  return (
    <Modal title={text.title} close={close}>
      <div class="factors" data-testid="factors">
        <FactorNotice failure={model.failure.value} />
        {app.me.value?.demo === true && told?.required === false && <p class="hint">{text.demo}</p>}
        {told !== null && told.reset !== null && (
          <p class="notice">{text.reset(told.reset.by, app.formats.value.moment(told.reset.at, told.serverTime))}</p>
        )}
        {told === null && model.failure.value === null && <p class="empty">{text.loading}</p>}
        {codes !== null && <RecoveryCodes codes={codes} kept={() => (model.codes.value = null)} />}
        {told !== null && codes === null && <Parts told={told} model={model} />}
      </div>
    </Modal>
  )
}

interface PartsProps {
  readonly told: FactorsView
  readonly model: FactorsModel
}

const Parts = ({ told, model }: PartsProps): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(factorWords).factors
  const { moment } = app.formats.value
  const now = told.serverTime
  const changing = useSignal(false)
  const count = told.passkeys.length + (told.totpSince === null ? 0 : 1)
  const isLast = told.required && count === 1
  return (
    <>
      <Passkeys told={told} model={model} isLast={isLast} />
      <section class="factor-part">
        <h3>{text.totp.title}</h3>
        <p>{told.totpSince === null ? text.totp.off : text.totp.on(moment(told.totpSince, now))}</p>
        {model.newTotp.value !== null && <TotpSetUp model={model} done={() => void model.ask()} />}
        {model.newTotp.value === null && (
          <div class="factor-acts">
            <button type="button" class="btn" onClick={() => void model.beginTotp()} data-testid="totp-begin">
              {told.totpSince === null ? text.totp.setUp : text.totp.another}
            </button>
            {told.totpSince !== null && !isLast && (
              <button type="button" class="btn" onClick={() => void model.removeTotp()} data-testid="totp-remove">
                {text.totp.remove}
              </button>
            )}
          </div>
        )}
      </section>
      {count > 0 && (
        <section class="factor-part">
          <h3>{text.recovery.title}</h3>
          <p>{text.recovery.left(told.recoveryLeft)}</p>
          <div class="factor-acts">
            <button type="button" class="btn" onClick={() => void model.newCodes()} data-testid="recovery-new">
              {text.recovery.make}
            </button>
            <small class="hint">{text.recovery.makeHint}</small>
          </div>
        </section>
      )}
      {isLast && <p class="hint">{text.last}</p>}
      <section class="factor-part">
        <h3>{text.password.title}</h3>
        {changing.value ? (
          <PasswordForm />
        ) : (
          <button type="button" class="btn" onClick={() => (changing.value = true)} data-testid="password-change">
            {text.password.change}
          </button>
        )}
      </section>
    </>
  )
}

const Passkeys = ({ told, model, isLast }: PartsProps & { readonly isLast: boolean }): JSX.Element => {
  const text = useApp().wordsWith(factorWords).factors.passkey
  const adding = useSignal(false)
  const done = (): void => {
    adding.value = false
    void model.ask()
  }
  return (
    <section class="factor-part">
      <h3>{text.title}</h3>
      {told.passkeys.length === 0 && <p>{text.none}</p>}
      <ul class="passkey-rows">
        {told.passkeys.map((passkey) => (
          <PasskeyRow
            key={passkey.credentialId}
            model={model}
            passkey={passkey}
            now={told.serverTime}
            isLast={isLast}
          />
        ))}
      </ul>
      {adding.value ? (
        <PasskeyAdd model={model} done={done} />
      ) : (
        <button type="button" class="btn" onClick={() => (adding.value = true)} data-testid="passkey-begin">
          {text.add}
        </button>
      )}
    </section>
  )
}
