import { useSignal } from '@preact/signals'
import type { Signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { ApiFailure, ApiResults, RequestOf } from '#dashboard/core/worker-protocol.ts'
import { useApp } from './app-state.ts'

/** What was asked and what came of it. The last answer stays while a new one is on its way, and when it does not come. */
export interface Asked<T> {
  readonly body: T | null
  readonly failure: ApiFailure | null
  readonly waiting: boolean
}

const nothingYet = { body: null, failure: null, waiting: true }

/** Asks when `request` changes, and again with `again()`. Another question forgets the answer to the one before. */
export const useAsked = <W extends keyof ApiResults>(
  request: RequestOf<W>,
): { readonly asked: Signal<Asked<ApiResults[W]>>; readonly again: () => void } => {
  const app = useApp()
  const asked = useSignal<Asked<ApiResults[W]>>(nothingYet)
  const key = JSON.stringify(request)
  const current = useRef('')
  const ask = async (): Promise<void> => {
    asked.value = { ...asked.peek(), waiting: true }
    const answer = await app.link.request<W>(request)
    if (current.current !== key) return
    asked.value = answer.ok
      ? { body: answer.body, failure: null, waiting: false }
      : { body: asked.peek().body, failure: answer.failure, waiting: false }
  }
  useEffect(() => {
    current.current = key
    asked.value = nothingYet
    void ask()
    return () => {
      current.current = ''
    }
  }, [key])
  return { asked, again: () => void ask() }
}
