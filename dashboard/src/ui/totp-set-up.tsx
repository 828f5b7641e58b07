import type { JSX } from 'preact'
import { factorWords } from '#dashboard/core/factor-words.ts'
import { CodeField } from './code-field.tsx'
import { QrCode } from './qr-code.tsx'
import { useApp } from './state/app-state.ts'
import type { FactorsModel } from './state/factors-model.ts'

/** The key for the app as a picture and as text, then the first code that shows it has arrived. */
export const TotpSetUp = ({
  model,
  done,
}: {
  readonly model: FactorsModel
  readonly done: () => void
}): JSX.Element | null => {
  const text = useApp().wordsWith(factorWords).factors.totp
  const totp = model.newTotp.value
  if (totp === null) return null
  const confirm = async (code: string): Promise<void> => {
    if (await model.confirmTotp(code)) done()
  }
  return (
    <div class="totp-set-up" data-testid="totp-set-up">
      <p>{text.scan}</p>
      <QrCode text={totp.uri} label={text.picture} />
      <p class="totp-key">
        <span>{text.key}</span> <code data-testid="totp-key">{totp.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code>
      </p>
      <CodeField
        name="totp-confirm"
        label={text.confirm}
        digits
        submitText={text.submit}
        busy={model.busy.value}
        submit={(code) => void confirm(code)}
      />
    </div>
  )
}
