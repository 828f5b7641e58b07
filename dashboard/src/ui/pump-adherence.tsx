import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { useSignal } from '@preact/signals'
import type { PumpAdherence as Told } from '#domain/live/adherence.ts'
import type { PumpId } from '#domain/ids.ts'
import { keptWords } from '#dashboard/core/kept-words.ts'
import { KeptRuns } from './kept-runs.tsx'
import { useApp } from './state/app-state.ts'

const askEveryMs = 300_000

/** Was the plan kept? For those who may know what the pump is used for; nothing where nothing was planned. */
export const PumpAdherence = ({ pumpId }: { readonly pumpId: PumpId }): JSX.Element | null => {
  const app = useApp()
  const { link } = app
  const { kept } = app.wordsWith(keptWords)
  const told = useSignal<Told | null>(null)
  const failed = useSignal(false)
  useEffect(() => {
    let isShown = true
    const ask = async (): Promise<void> => {
      const answer = await link.request<'pump-adherence'>({ what: 'pump-adherence', pumpId, weeksAgo: 0 })
      if (!isShown) return
      if (answer.ok) told.value = answer.body
      failed.value = !answer.ok
    }
    void ask()
    const timer = setInterval(() => void ask(), askEveryMs)
    return () => {
      isShown = false
      clearInterval(timer)
    }
  }, [link, pumpId, told, failed])
  if (told.value === null && !failed.value) return null
  if (told.value !== null && told.value.runs.length === 0) return null
  return (
    <section class="card kept-card" aria-labelledby="kept-title" data-testid="pump-adherence">
      <h3 id="kept-title">{kept.title}</h3>
      {failed.value && <p class="hint">{kept.failed}</p>}
      {told.value !== null && <KeptRuns runs={told.value.runs} timeZone={told.value.timeZone} />}
    </section>
  )
}
