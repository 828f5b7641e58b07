import type { ReadonlySignal } from '@preact/signals'
import type { JSX } from 'preact'
import { adminWords } from '#dashboard/core/admin-words.ts'
import type { ApiAnswer } from '#dashboard/core/worker-protocol.ts'
import { useApp } from './state/app-state.ts'

interface Props {
  readonly model: { readonly failure: ReadonlySignal<Extract<ApiAnswer, { ok: false }> | null> }
}

/** Why an administrator's last act came to nothing, in the server's own words where it gave some. */
export const AdminFailure = ({ model }: Props): JSX.Element | null => {
  const words = useApp().wordsWith(adminWords)
  const failed = model.failure.value
  if (failed === null) return null
  return (
    <p class="notice" role="alert" data-testid="admin-failure">
      {words.admin.failed(failed.detail ?? words.failure[failed.failure])}
    </p>
  )
}
