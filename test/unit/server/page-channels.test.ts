import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { ChannelHealth } from '#server/core/channels/channel-health.ts'
import { DashboardChannel } from '#server/core/channels/dashboard-channel.ts'
import { FanOut } from '#server/core/channels/fan-out.ts'
import { undeliverable } from '#server/core/channels/outcome.ts'
import type { Outcome } from '#server/core/channels/outcome.ts'
import type { PageChannel, SelfTest } from '#server/core/channels/page-channel.ts'
import { isPushService } from '#server/core/push-services.ts'
import type { Delivery } from '#server/core/page-channels.ts'
import { ManualClock, flushMicrotasks } from '#test/support/manual-clock.ts'
import { oseiId, pageOf } from '#test/support/page-fixtures.ts'

const log = pino({ level: 'silent' })
const blind = (thread: string): string => `blind ${thread.length}`

const channel = (
  name: Delivery['channel'],
  send: () => Promise<readonly Delivery[]>,
  selfTest: () => Promise<SelfTest | null> = async () => null,
): PageChannel => ({ channel: name, send, over: send, selfTest })

const delivery = (name: Delivery['channel'], outcome: Outcome, address = 'a'): Delivery => ({
  channel: name,
  address,
  outcome,
})
const never = () => new Promise<readonly Delivery[]>(() => undefined)

const tested = (found: { now: string | null }) => {
  const clock = new ManualClock()
  const one = channel(
    'webhook',
    async () => [delivery('webhook', { is: 'sent' })],
    async () => (found.now === 'nothing to test' ? null : { reason: found.now }),
  )
  const all = new FanOut([one], { clock, scheduler: clock, blind, log })
  all.start()
  return { clock, all }
}

describe('all channels together', () => {
  it('a person without any address is an empty list', async () => {
    const clock = new ManualClock()
    const all = new FanOut([channel('web-push', async () => []), channel('webhook', async () => [])], {
      clock,
      scheduler: clock,
      blind,
      log,
    })
    expect(await all.send(pageOf(), oseiId)).toEqual([])
    expect(clock.pending).toBe(0)
  })

  it('answer within 10 s whatever one of them does, and no one hides another', async () => {
    const clock = new ManualClock()
    const all = new FanOut(
      [
        channel('web-push', never),
        channel('webhook', () => Promise.reject(new Error('broken'))),
        channel('dashboard', async () => [delivery('dashboard', { is: 'sent' })]),
      ],
      { clock, scheduler: clock, blind, log },
    )
    let answer: readonly Delivery[] | null = null
    void all.send(pageOf(), oseiId).then((value) => (answer = value))
    await flushMicrotasks()
    expect(answer).toBeNull()
    await clock.advanceAsync(10_000)
    expect(answer).toEqual([
      delivery('web-push', { is: 'timed-out' }, 'all'),
      delivery('webhook', undeliverable('failed'), 'all'),
      delivery('dashboard', { is: 'sent' }),
    ])
  })

  it('see of the root cause only a name that says nothing', async () => {
    const clock = new ManualClock()
    const seen: (string | undefined)[] = []
    const open: PageChannel = {
      channel: 'webhook',
      send: async ({ thread }) => (seen.push(thread), []),
      over: async ({ thread }) => (seen.push(thread), []),
      selfTest: async () => null,
    }
    const all = new FanOut([open], { clock, scheduler: clock, blind, log })
    await all.send(pageOf({ thread: 'pump/P-1' }), oseiId)
    await all.over(pageOf({ thread: 'pump/P-1' }), oseiId, 'ended')
    await all.send(pageOf(), oseiId)
    expect(seen).toEqual(['blind 8', 'blind 8', undefined])
  })

  it('are looked at now and every 10 min, until the server ends', async () => {
    const clock = new ManualClock()
    let looked = 0
    const hanging = channel('webhook', never, async () => {
      looked += 1
      return { reason: looked > 1 ? 'tls' : null }
    })
    const all = new FanOut([hanging, channel('web-push', never, () => Promise.reject(new Error('x')))], {
      clock,
      scheduler: clock,
      blind,
      log,
    })
    all.start()
    await clock.advanceAsync(0)
    expect(all.health()).toMatchObject([
      { channel: 'webhook', okSince: clock.now(), failingSince: null },
      { channel: 'web-push', failingSince: clock.now(), lastReason: 'failed' },
    ])
    all[Symbol.dispose]()
    expect(clock.pending).toBe(0)
    await clock.advanceAsync(600_000)
    expect(looked).toBe(1)
  })

  const down = [{ channel: 'webhook', reason: 'tls' }]

  it('one that fails its test is tested again after a minute: only then it is down', async () => {
    const found = { now: 'tls' as string | null }
    const { clock, all } = tested(found)
    expect(all.down()).toEqual({ down: [], isSettled: false })
    await clock.advanceAsync(0)
    expect(all.down()).toEqual({ down: [], isSettled: false })
    await clock.advanceAsync(60_000)
    expect(all.down()).toEqual({ down, isSettled: true })
    found.now = null
    await clock.advanceAsync(60_000)
    expect(all.down()).toEqual({ down: [], isSettled: true })
    found.now = 'tls'
    // Nothing fails, so it is looked at every 10 min again.
    await clock.advanceAsync(599_000)
    expect(all.health()[0]).toMatchObject({ testsFailed: 2, testsFailedInARow: 0 })
    await clock.advanceAsync(1_000)
    found.now = null
    await clock.advanceAsync(60_000)
    expect(all.health()[0]).toMatchObject({ testsFailed: 3, testsFailedInARow: 0, testReason: null })
  })

  it('one that is down is tested at once when a page goes through it', async () => {
    const found = { now: 'tls' as string | null }
    const { clock, all } = tested(found)
    await clock.advanceAsync(60_000)
    expect(all.down().down).toEqual(down)
    await all.send(pageOf(), oseiId)
    await flushMicrotasks()
    expect(all.down().down).toEqual(down)
    found.now = null
    all.note(pageOf({ kind: 'test' }), oseiId, [delivery('webhook', { is: 'sent' })])
    await flushMicrotasks()
    expect(all.down()).toEqual({ down: [], isSettled: true })
  })

  it('one without any address any more is not down', async () => {
    const found = { now: 'tls' as string }
    const { clock, all } = tested(found)
    await clock.advanceAsync(60_000)
    found.now = 'nothing to test'
    await clock.advanceAsync(60_000)
    expect(all.down()).toEqual({ down: [], isSettled: true })
  })

  it('a test that hangs or throws has failed', async () => {
    const clock = new ManualClock()
    const hangs = channel('webhook', never, () => new Promise(() => undefined))
    const throws = channel('web-push', never, () => Promise.reject(new Error('x')))
    const all = new FanOut([hangs, throws], { clock, scheduler: clock, blind, log })
    all.start()
    await clock.advanceAsync(200_000)
    expect(all.down().down).toEqual([
      { channel: 'webhook', reason: 'timed-out' },
      { channel: 'web-push', reason: 'failed' },
    ])
  })
})

describe('the health of a channel', () => {
  it('remembers since when it works or fails, why, and how often', () => {
    const clock = new ManualClock()
    const health = new ChannelHealth(['webhook'])
    const start = clock.now()
    const tell = (outcome: Outcome): void => {
      health.delivered(delivery('webhook', outcome), clock.now())
      clock.advance(1000)
    }
    tell({ is: 'sent' })
    tell({ is: 'sent' })
    expect(health.reports()[0]).toMatchObject({ sent: 2, okSince: start, failingSince: null })
    tell(undeliverable('server-error'))
    tell({ is: 'timed-out' })
    expect(health.reports()[0]).toMatchObject({
      sent: 2,
      undeliverable: 1,
      timedOut: 1,
      reasons: { 'server-error': 1, 'timed-out': 1 },
      okSince: null,
      failingSince: start + 2000,
      lastReason: 'timed-out',
    })
    tell({ is: 'sent' })
    expect(health.reports()[0]).toMatchObject({ okSince: start + 4000, failingSince: null, lastTriedAt: start + 4000 })
  })

  it('one device that is gone is counted and is no fault of the channel', () => {
    const clock = new ManualClock()
    const health = new ChannelHealth(['web-push'])
    health.delivered(delivery('web-push', { is: 'sent' }), clock.now())
    health.delivered(delivery('web-push', undeliverable('gone', { gone: true })), clock.now())
    expect(health.reports()[0]).toMatchObject({ undeliverable: 1, reasons: { gone: 1 }, failingSince: null })
  })
})

const pages = (open: number, answered: number) =>
  new DashboardChannel(() => ({ page: async () => ({ open, answered }) }))

describe('open pages of the dashboard', () => {
  it('one that says it has the page is enough; none open is no address; none that answers is timed out', async () => {
    expect(await pages(2, 1).send(pageOf(), oseiId)).toEqual([delivery('dashboard', { is: 'sent' }, '2 open pages')])
    expect(await pages(1, 0).send(pageOf(), oseiId)).toEqual([
      delivery('dashboard', { is: 'timed-out' }, 'one open page'),
    ])
    expect(await pages(0, 0).send(pageOf(), oseiId)).toEqual([])
    expect(await new DashboardChannel(() => null).send(pageOf(), oseiId)).toEqual([])
  })
})

describe('the address of a push service', () => {
  it.each([
    ['https://fcm.googleapis.com/fcm/send/abc', true],
    ['https://updates.push.services.mozilla.com/wpush/v2/abc', true],
    ['https://web.push.apple.com/abc', true],
    ['https://wns2-par02p.notify.windows.com/w/?token=abc', true],
    ['https://fcm.googleapis.com.example.org/x', false],
    ['https://evilnotify.windows.com.example.org/x', false],
    ['https://xpush.apple.com/x', false],
    ['https://fcm.googleapis.com:8443/x', false],
    ['https://example.org/x', false],
    ['words', false],
  ])('%s: %s', (endpoint, known) => {
    expect(isPushService(endpoint, [])).toBe(known)
  })

  it('may be one of the hosts that are trusted', () => {
    expect(isPushService('http://127.0.0.1:9/x', ['127.0.0.1'])).toBe(true)
    expect(isPushService('http://127.0.0.1:9/x', ['127.0.0.1:9'])).toBe(true)
    expect(isPushService('http://127.0.0.1:9/x', ['127.0.0.1:8'])).toBe(false)
  })
})
