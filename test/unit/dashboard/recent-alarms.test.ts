import { expect, it } from 'vitest'
import type { ServerLink } from '#dashboard/core/worker-protocol.ts'
import { LiveStore } from '#dashboard/ui/state/live-store.ts'
import { recallRecent } from '#dashboard/ui/state/recent-alarms.ts'
import { eventuallyPasses } from '#test/support/eventually.ts'
import { alarmOf, someTime } from '#test/support/live-fixtures.ts'

const at = (id: string, minutesAgo: number) => alarmOf(id, { observedAt: someTime - minutesAgo * 60_000 })

it('counts what was over before the page was opened among the alarms of the last ten minutes, each once', async () => {
  const live = new LiveStore()
  live.start(0)
  const closed = [at('over', 3), at('open', 1), at('long-ago', 11)]
  const link: ServerLink = {
    listen: () => () => undefined,
    post: () => undefined,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- asked for nothing else
    request: (async () => ({ ok: true, body: closed })) as ServerLink['request'],
  }
  recallRecent(link, live)
  live.take({ kind: 'beat', serverAt: someTime, build: '1' }, 0)
  const empty = { pumps: [], hubs: [], paged: [], changed: [] }
  live.take({ kind: 'snapshot', serverAt: someTime, alarms: [at('open', 1)], ...empty }, 0)
  await eventuallyPasses(async () => expect(live.lastTenMinutes.value).toBe(2))
  expect(live.flood.value).toBeNull()
})
