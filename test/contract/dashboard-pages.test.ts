import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UserId } from '#domain/ids.ts'
import { liveEvents } from '#domain/live/messages.ts'
import { Page } from '#domain/paging/page.ts'
import { DashboardChannel } from '#server/core/channels/dashboard-channel.ts'
import { eventually } from '#test/support/eventually.ts'
import { openLiveBench } from '#test/support/live-bench.ts'
import type { LiveBench, LiveClient } from '#test/support/live-bench.ts'
import { pageOf } from '#test/support/page-fixtures.ts'

const osei = UserId.parse('u-osei')

/** What this client is paged with; it answers unless it is `deaf`. */
const pagesOf = (client: LiveClient, deaf = false): Page[] => {
  const pages: Page[] = []
  client.socket.on(liveEvents.page, (body: unknown, answer: () => void) => {
    pages.push(Page.parse(body))
    if (!deaf) answer()
  })
  return pages
}

describe('a page on open dashboards', () => {
  let bench: LiveBench
  let channel: DashboardChannel
  beforeEach(async () => {
    bench = await openLiveBench()
    channel = new DashboardChannel(() => bench.feed)
  })
  afterEach(() => bench.close())

  it('reaches every open page of that person and nobody else', async () => {
    const cookie = await bench.signIn('nurse', 'osei')
    const [first, second] = [await bench.follow(cookie), await bench.follow(cookie)]
    const other = await bench.follow(await bench.signIn('lead', 'lind'))
    const seen = [first, second, other].map((client) => pagesOf(client))
    expect(await channel.send(pageOf(), osei)).toEqual([
      { channel: 'dashboard', address: '2 open pages', outcome: { is: 'sent' } },
    ])
    expect(seen).toEqual([[pageOf()], [pageOf()], []])
  })

  it('that never says it has the page is timed out', async () => {
    const client = await bench.follow(await bench.signIn('nurse', 'osei'))
    const seen = pagesOf(client, true)
    const sending = channel.send(pageOf(), osei)
    await eventually(() => seen.length === 1)
    await bench.clock.advanceAsync(5_000)
    expect((await sending)[0]?.outcome).toEqual({ is: 'timed-out' })
  })

  it('with none open there is no address', async () => {
    expect(await channel.send(pageOf(), osei)).toEqual([])
    const client = await bench.follow(await bench.signIn('nurse', 'osei'))
    client.socket.disconnect()
    await eventually(() => bench.feed.clients === 0)
    expect(await channel.send(pageOf(), osei)).toEqual([])
  })
})
