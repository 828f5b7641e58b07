import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { ssoRefusalIn } from '#dashboard/core/sso-place.ts'
import { ssoWords } from '#dashboard/core/sso-words.ts'
import { useApp } from './state/app-state.ts'

/** Signing in by the provider of the house, where there is one; and why it came to nothing. `invitation`: a link that it uses up. */
export const SsoButton = ({ invitation }: { readonly invitation: string | null }): JSX.Element | null => {
  const app = useApp()
  const words = app.wordsWith(ssoWords)
  const text = words.sso
  const label = useSignal<string | null>(null)
  const waiting = useSignal(false)
  const problem = useSignal(ssoRefusalIn(location.hash))
  useEffect(() => {
    void app.link
      .request<'people-ways'>({ what: 'people-ways' })
      .then((answer) => (label.value = answer.ok ? (answer.body.sso?.label ?? null) : null))
  }, [app])
  const go = async (): Promise<void> => {
    if (waiting.value) return
    waiting.value = true
    const answer = await app.link.request<'people-sso'>({ what: 'people-sso', invitation })
    if (answer.ok) return location.assign(answer.body.url)
    waiting.value = false
    problem.value = 'unavailable'
  }
  return (
    <>
      {problem.value !== null && (
        <p class="notice" role="alert" data-testid="sso-problem">
          {text.refused[problem.value]}
        </p>
      )}
      {label.value !== null && (
        <>
          <p class="hint sso-or">{text.or}</p>
          <button type="button" class="btn wide" onClick={() => void go()} disabled={waiting.value} data-testid="sso">
            {waiting.value ? text.waiting : label.value}
          </button>
        </>
      )}
    </>
  )
}
