import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { factorWords } from '#dashboard/core/factor-words.ts'
import { useApp } from './state/app-state.ts'

/** The only time they are shown. */
export const RecoveryCodes = ({
  codes,
  kept,
}: {
  readonly codes: readonly string[]
  readonly kept: () => void
}): JSX.Element => {
  const text = useApp().wordsWith(factorWords).factors.recovery
  const copied = useSignal(false)
  return (
    <section class="recovery-codes" aria-label={text.title}>
      <h2>{text.title}</h2>
      <p>
        <b>{text.once}</b> {text.what}
      </p>
      <ol data-testid="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div class="factor-acts">
        <button
          type="button"
          class="btn"
          onClick={() => void navigator.clipboard?.writeText(codes.join('\n')).then(() => (copied.value = true))}
        >
          {copied.value ? text.copied : text.copy}
        </button>
        <button type="button" class="btn primary" onClick={kept} data-testid="codes-kept">
          {text.kept}
        </button>
      </div>
    </section>
  )
}
