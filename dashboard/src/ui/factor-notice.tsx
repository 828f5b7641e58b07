import type { JSX } from 'preact'
import { factorWords } from '#dashboard/core/factor-words.ts'
import { useApp } from './state/app-state.ts'
import type { FactorFailure } from './state/factors-model.ts'

/** Why nothing came of it. */
export const FactorNotice = ({ failure }: { readonly failure: FactorFailure | null }): JSX.Element | null => {
  const words = useApp().wordsWith(factorWords)
  if (failure === null) return null
  return (
    <p class="notice" role="alert">
      {textOf(words, failure)}
    </p>
  )
}

const textOf = (words: ReturnType<typeof wordsOf>, failure: FactorFailure): string => {
  const text = words.factors
  switch (failure) {
    case 'gone':
    case 'known':
    case 'unsupported':
      return text.passkey[failure]
    case 'wrong-credentials':
      return text.wrong
    case 'too-many-attempts':
      return text.wait
    case 'unreachable':
    case 'part-missing':
    case 'needs-https':
    case 'signed-out':
    case 'forbidden':
    case 'step-up-needed':
    case 'not-found':
    case 'invalid':
    case 'server-error':
    case 'unreadable':
      return text.failed(words.failure[failure])
  }
}

const wordsOf = () => useApp().wordsWith(factorWords)
