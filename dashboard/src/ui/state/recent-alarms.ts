import { effect } from '@preact/signals'
import type { ServerLink } from '#dashboard/core/worker-protocol.ts'
import type { LiveStore } from './live-store.ts'

const closedLimit = 200

/** Alarms that were over before this page was opened belong to the last ten minutes, too: opened anew in a flood, it knows of it. */
export const recallRecent = (link: ServerLink, live: LiveStore): void => {
  effect(() => {
    if (live.loaded.value) void recall()
  })

  const recall = async (): Promise<void> => {
    const answer = await link.request<'closed-alarms'>({ what: 'closed-alarms', pumpId: null, limit: closedLimit })
    if (answer.ok) live.recall(answer.body)
  }
}
