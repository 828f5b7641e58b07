import type { JSX } from 'preact'
import { peopleWords } from '#dashboard/core/people-words.ts'
import { useApp } from './state/app-state.ts'
import type { PeopleModel } from './state/people-model.ts'

/** Why the last act came to nothing, in the server's own words where it gave some. */
export const PeopleFailure = ({ model }: { readonly model: PeopleModel }): JSX.Element | null => {
  const words = useApp().wordsWith(peopleWords)
  const failed = model.failure.value
  if (failed === null) return null
  return (
    <p class="notice" role="alert" data-testid="people-failure">
      {words.people.failed(failed.detail ?? words.failure[failed.failure])}
    </p>
  )
}
