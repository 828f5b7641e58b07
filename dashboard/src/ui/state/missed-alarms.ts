import { effect } from '@preact/signals'
import type { Return } from '#dashboard/core/absence.ts'
import type { ServerLink } from '#dashboard/core/worker-protocol.ts'
import type { LiveStore } from './live-store.ts'

const closedLimit = 200

/** An alarm that began and closed while this screen was away is in no picture it had: the server is asked for those. */
export const completeReturns = (link: ServerLink, live: LiveStore): void => {
  const asked = new WeakSet<Return>()
  effect(() => {
    const returned = live.returned.value
    if (returned === null || returned.from === null || asked.has(returned)) return
    asked.add(returned)
    void complete(link, live, returned, returned.from)
  })

  const complete = async (from: ServerLink, to: LiveStore, returned: Return, since: number): Promise<void> => {
    const answer = await from.request<'closed-alarms'>({ what: 'closed-alarms', pumpId: null, limit: closedLimit })
    if (!answer.ok || to.returned.peek() !== returned) return
    const known = new Set(returned.alarms.map(({ episodeId }) => episodeId))
    const missed = answer.body.filter(({ episodeId, startedAt }) => startedAt >= since && !known.has(episodeId))
    if (missed.length === 0) return
    const whole = { ...returned, alarms: [...returned.alarms, ...missed] }
    asked.add(whole)
    to.returned.value = whole
  }
}
