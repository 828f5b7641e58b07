import type { JSX } from 'preact'
import { registryWords } from '#dashboard/core/registry-words.ts'
import { useApp } from './state/app-state.ts'
import type { RegistryModel } from './state/registry-model.ts'

/** Why the last act came to nothing, in the server's own words where it gave some. */
export const RegistryFailure = ({ model }: { readonly model: RegistryModel }): JSX.Element | null => {
  const words = useApp().wordsWith(registryWords)
  const failed = model.failure.value
  if (failed === null) return null
  return (
    <p class="notice" role="alert" data-testid="registry-failure">
      {words.registry.failed(failed.detail ?? words.failure[failed.failure])}
    </p>
  )
}
