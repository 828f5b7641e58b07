import { useSignal } from '@preact/signals'
import type { Signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { TriageRecord } from '#domain/alarm/triage.ts'
import type { EpisodeId } from '#domain/ids.ts'
import { useApp } from './state/app-state.ts'
import { emptyTriage } from './triage-fields.tsx'

export interface TriageDraft {
  readonly record: Signal<TriageRecord>
  readonly failed: Signal<boolean>
  /** True: stored, or there was nothing new to store. */
  readonly store: (part: Partial<TriageRecord>) => Promise<boolean>
}

/** What is being written down about an alarm, begun with what is stored of it; a save is the next version. */
export const useTriageDraft = (episodeId: EpisodeId): TriageDraft => {
  const app = useApp()
  const record = useSignal<TriageRecord>(emptyTriage)
  const stored = useSignal<{ readonly version: number; readonly record: TriageRecord }>({
    version: 0,
    record: emptyTriage,
  })
  const failed = useSignal(false)
  useEffect(() => {
    const ask = async (): Promise<void> => {
      const answer = await app.link.request<'alarm'>({ what: 'alarm', episodeId })
      const last = answer.ok ? answer.body.triage.at(-1) : undefined
      if (last === undefined) return
      stored.value = last
      // What somebody has begun to write stays.
      if (record.peek() === emptyTriage) record.value = last.record
    }
    void ask()
  }, [app, episodeId, record, stored])
  const store = async (part: Partial<TriageRecord>): Promise<boolean> => {
    const next = { ...record.peek(), ...part }
    if (JSON.stringify(next) === JSON.stringify(stored.peek().record)) return true
    const answer = await app.link.request<'triage'>({
      what: 'triage',
      episodeId,
      requestId: crypto.randomUUID(),
      expectedVersion: stored.peek().version,
      record: next,
    })
    failed.value = !answer.ok
    const last = answer.ok ? answer.body.at(-1) : undefined
    if (last !== undefined) stored.value = last
    return answer.ok
  }
  return { record, failed, store }
}
