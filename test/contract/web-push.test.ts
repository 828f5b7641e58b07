import { createECDH, randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pino } from 'pino'
import { EpisodeId } from '#domain/ids.ts'
import { maxPushBytes, PushMessage } from '#domain/paging/push-message.ts'
import { instant } from '#domain/time.ts'
import { nodeScheduler } from '#server/adapters/node-clock.ts'
import { createHttpOutgoing } from '#server/adapters/outgoing/http-outgoing.ts'
import { createReceiptSeal } from '#server/adapters/receipt-seal.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { createSqlitePushDevices } from '#server/adapters/sqlite-push-devices.ts'
import { createWebPushSealer } from '#server/adapters/web-push-sealer.ts'
import { WebPushChannel } from '#server/core/channels/web-push-channel.ts'
import type { Outcome } from '#server/core/channels/outcome.ts'
import { eventually } from '#test/support/eventually.ts'
import { FailingService } from '#test/support/failing-service.ts'
import type { Behaviour } from '#test/support/failing-service.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import { lindId, oseiId, pageOf } from '#test/support/page-fixtures.ts'
import { PushSubscriber, readVapid } from '#test/support/push-subscriber.ts'

const contact = 'mailto:it@example.org'

const open = async () => {
  const service = await FailingService.start()
  const clock = new ManualClock(Date.now())
  const journal = openJournal(':memory:')
  const devices = createSqlitePushDevices(journal.database, journal.change)
  const sealer = createWebPushSealer(randomBytes(32), contact)
  const receipts = createReceiptSeal(randomBytes(32))
  const scheduler = { after: (ms: number, task: () => void) => (manual ? clock : nodeScheduler).after(ms, task) }
  let manual = false
  const outgoing = createHttpOutgoing({ clock, scheduler, trustedHosts: [service.host] })
  const channel = new WebPushChannel({
    devices,
    sealer,
    receipts,
    outgoing,
    start: () => 'https://watch.hospital.org/#/urgent',
    clock,
    log: pino({ level: 'silent' }),
  })
  const subscribe = async (name: string, path: string, userId = oseiId) => {
    const subscriber = PushSubscriber.make()
    await devices.put({
      deviceId: `d-${name}`,
      userId,
      name,
      createdAt: instant(clock.now()),
      endpoint: `${service.url}/${path}`,
      ...subscriber.keys,
    })
    return subscriber
  }
  return {
    service,
    clock,
    devices,
    sealer,
    receipts,
    channel,
    subscribe,
    manualTime: () => (manual = true),
    close: async () => {
      await service[Symbol.asyncDispose]()
      await journal.alarms[Symbol.asyncDispose]()
    },
  }
}

let bench: Awaited<ReturnType<typeof open>>
beforeEach(async () => {
  bench = await open()
})
afterEach(() => bench.close())

describe('the reader of pushes in these tests', () => {
  it('reads the example of RFC 8291 5', () => {
    const pair = createECDH('prime256v1')
    pair.setPrivateKey(Buffer.from('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94', 'base64url'))
    expect(pair.getPublicKey('base64url')).toBe(
      'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    )
    const subscriber = new PushSubscriber(pair, Buffer.from('BTBZMqHH6r4Tts7J_aSIgg', 'base64url'))
    const body =
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN'
    expect(subscriber.decrypt(Buffer.from(body, 'base64url'))).toBe('When I grow up, I want to be a watermelon')
  })
})

describe('a page by web push', () => {
  it('is readable by the device alone, and holds the page and nothing else', async () => {
    const phone = await bench.subscribe('phone', 'p/1')
    await bench.subscribe('of another nurse', 'p/2', lindId)
    const page = pageOf()
    expect(await bench.channel.send(page, oseiId)).toEqual([
      { channel: 'web-push', address: 'phone (d-phone)', outcome: { is: 'sent' } },
    ])
    expect(bench.service.received.map(({ method, path }) => [method, path])).toEqual([['POST', '/p/1']])
    const [{ body, headers } = { body: Buffer.alloc(0), headers: {} }] = bench.service.received
    const message = JSON.parse(phone.decrypt(body)) as unknown
    expect(message).toEqual({
      web_push: 8030,
      mutable: true,
      notification: expect.any(Object),
      page,
      alarms: 1,
      over: null,
      deviceId: 'd-phone',
      receipt: bench.receipts.tokenFor('n-1', 'd-phone'),
    })
    expect(PushMessage.safeParse(message).success).toBe(true)
    const onTheWire = `${JSON.stringify(headers)}${body.toString('latin1')}`
    for (const word of ['North', 'n-1', 'e-1', 'phone']) expect(onTheWire).not.toContain(word)
    expect(() => PushSubscriber.make().decrypt(body)).toThrow()
    expect((await bench.devices.ofUser(oseiId))[0]).toMatchObject({ lastOkAt: bench.clock.now(), lastFailure: null })
  })

  it('W19: a browser that knows declarative pushes can show it and open the start page without a service worker', async () => {
    const phone = await bench.subscribe('phone', 'p/1')
    const root = pageOf({ thread: 'root-1' })
    await bench.channel.send(root, oseiId)
    await bench.channel.over(root, oseiId, 'accepted')
    const [sent, over] = bench.service.received.map(({ body }) => JSON.parse(phone.decrypt(body)) as unknown)
    const receipt = { notificationId: 'n-1', deviceId: 'd-phone', receipt: bench.receipts.tokenFor('n-1', 'd-phone') }
    // The members that the W3C Push API reads of a declarative push message; title and navigate are those it cannot do without.
    expect(sent).toMatchObject({
      web_push: 8030,
      mutable: true,
      notification: {
        title: 'High alarm',
        body: 'North 12. You are on call.',
        navigate: 'https://watch.hospital.org/#/urgent',
        lang: 'en',
        dir: 'ltr',
        tag: 'root-1',
        renotify: true,
        requireInteraction: true,
        silent: false,
        timestamp: root.at,
        data: receipt,
      },
    })
    expect(over).toMatchObject({
      notification: {
        title: 'Somebody has taken it',
        tag: 'root-1',
        silent: true,
        renotify: false,
        requireInteraction: false,
      },
    })
  })

  it('W20: is signed by this server for that push service (RFC 8292)', async () => {
    await bench.subscribe('phone', 'p/1')
    await bench.channel.send(pageOf(), oseiId)
    const vapid = readVapid(bench.service.received[0]?.headers.authorization)
    expect(vapid).toMatchObject({
      signed: true,
      key: bench.sealer.publicKey,
      header: { alg: 'ES256' },
      claims: { aud: bench.service.url, sub: contact },
    })
    const lastsSeconds = Number(vapid.claims['exp']) - Date.now() / 1000
    expect(lastsSeconds).toBeGreaterThan(3600)
    expect(lastsSeconds).toBeLessThanOrEqual(24 * 3600)
  })

  it.each([
    ['high', '120', 'high'],
    ['medium', '600', 'high'],
    ['low', '1800', 'normal'],
  ] as const)('W21: of %s priority waits %s s at the push service, urgency %s', async (priority, ttl, urgency) => {
    await bench.subscribe('phone', 'p/1')
    await bench.channel.send(pageOf({ priority }), oseiId)
    expect(bench.service.received[0]?.headers).toMatchObject({ ttl, urgency, 'content-encoding': 'aes128gcm' })
  })

  it('W21: repetitions and the end of a page share a topic, other pages do not', async () => {
    const phone = await bench.subscribe('phone', 'p/1')
    const root = { thread: 'root-1' }
    await bench.channel.send(pageOf(root), oseiId)
    await bench.channel.send(pageOf({ ...root, notificationId: 'n-2', attempt: 2 }), oseiId)
    await bench.channel.over(pageOf({ ...root, notificationId: 'n-2', attempt: 2 }), oseiId, 'accepted')
    await bench.channel.send(pageOf(), oseiId)
    const topics = bench.service.received.map(({ headers }) => headers['topic'])
    expect(topics[0]).toMatch(/^[\w-]{32}$/)
    expect(topics.slice(1, 3)).toEqual([topics[0], topics[0]])
    expect(topics[3]).not.toBe(topics[0])
    const over = bench.service.received[2]
    expect(over?.headers).toMatchObject({ urgency: 'normal' })
    expect(JSON.parse(phone.decrypt(over?.body ?? Buffer.alloc(0)))).toMatchObject({ over: 'accepted' })
  })

  it('of ten thousand alarms fits, and tells their number', async () => {
    const phone = await bench.subscribe('phone', 'p/1')
    const episodeIds = Array.from({ length: 10_000 }, (_, index) => EpisodeId.parse(`e-${index}`.padEnd(38, 'x')))
    const [delivery] = await bench.channel.send(
      pageOf({ episodeIds, ward: 'W'.repeat(64), thread: 't'.repeat(22) }),
      oseiId,
    )
    expect(delivery?.outcome).toEqual({ is: 'sent' })
    const body = bench.service.received[0]?.body ?? Buffer.alloc(0)
    expect(body.length).toBeLessThanOrEqual(4096)
    const plain = phone.decrypt(body)
    expect(plain.length).toBeLessThanOrEqual(maxPushBytes)
    expect(JSON.parse(plain)).toMatchObject({ alarms: 10_000 })
  })

  it('that cannot be made to fit is refused, not cut', async () => {
    await bench.subscribe('phone', 'p/1')
    const [delivery] = await bench.channel.send(pageOf({ ward: 'ä'.repeat(2000) }), oseiId)
    expect(delivery?.outcome).toMatchObject({ is: 'undeliverable', reason: 'too-large' })
    expect(bench.service.received).toEqual([])
  })
})

const undeliverable = (reason: string, gone = false, retryAfterMs: number | null = null): Outcome => ({
  is: 'undeliverable',
  reason,
  gone,
  retryAfterMs,
})

describe('a push service that fails', () => {
  const cases: readonly (readonly [string, Behaviour, Outcome])[] = [
    ['200', { status: 200 }, { is: 'sent' }],
    ['201', { status: 201 }, { is: 'sent' }],
    ['202', { status: 202 }, { is: 'sent' }],
    ['204', { status: 204 }, { is: 'sent' }],
    ['301', { status: 301, headers: { location: 'http://127.0.0.1:1/' } }, undeliverable('redirected')],
    ['400', { status: 400 }, undeliverable('refused')],
    ['401', { status: 401 }, undeliverable('not-allowed')],
    ['403', { status: 403 }, undeliverable('not-allowed')],
    ['404', { status: 404 }, undeliverable('gone', true)],
    ['410', { status: 410 }, undeliverable('gone', true)],
    ['413', { status: 413 }, undeliverable('too-large')],
    ['429', { status: 429, headers: { 'retry-after': '7' } }, undeliverable('too-many', false, 7_000)],
    ['500', { status: 500 }, undeliverable('server-error')],
    ['503', { status: 503, headers: { 'retry-after': '3' } }, undeliverable('server-error', false, 3_000)],
    ['reset', 'reset', undeliverable('reset')],
    ['not HTTP', 'not HTTP', undeliverable('bad-answer')],
    ['giant head', 'giant head', undeliverable('bad-answer')],
    ['giant answer', 'giant answer', { is: 'sent' }],
  ]

  it.each(cases)('%s', async (_, behaviour, outcome) => {
    await bench.subscribe('phone', 'p/1')
    bench.service.behaviour = behaviour
    expect((await bench.channel.send(pageOf(), oseiId)).map((delivery) => delivery.outcome)).toEqual([outcome])
    const [device] = await bench.devices.ofUser(oseiId)
    expect(device?.lastFailure).toBe(outcome.is === 'undeliverable' ? outcome.reason : null)
    expect(device?.goneAt !== null).toBe(outcome.is === 'undeliverable' && outcome.gone)
  })

  it.each(['black hole', 'trickle'] as const)('%s: timed out after 5 s', async (behaviour) => {
    await bench.subscribe('phone', 'p/1')
    await bench.subscribe('tablet', 'p/2')
    bench.service.behaviour = behaviour
    bench.manualTime()
    const sending = bench.channel.send(pageOf(), oseiId)
    await eventually(() => bench.service.received.length === 2)
    await bench.clock.advanceAsync(5_000)
    expect((await sending).map(({ outcome }) => outcome)).toEqual([{ is: 'timed-out' }, { is: 'timed-out' }])
    expect(await bench.devices.device('d-phone')).toMatchObject({ lastFailure: 'timed-out', goneAt: null })
  })

  it('W22: a device that is gone is sent nothing more, and stays on its owner’s list until she turns it on again', async () => {
    const phone = await bench.subscribe('phone', 'p/1')
    bench.service.behaviour = { status: 410 }
    await bench.channel.send(pageOf(), oseiId)
    expect(await bench.channel.send(pageOf({ attempt: 2 }), oseiId)).toEqual([])
    expect(bench.service.received).toHaveLength(1)
    expect(await bench.devices.ofUser(oseiId)).toMatchObject([{ lastFailure: 'gone', goneAt: bench.clock.now() }])
    const endpoint = `${bench.service.url}/p/1`
    const again = {
      deviceId: 'd-new',
      userId: lindId,
      name: 'desk',
      createdAt: bench.clock.now(),
      endpoint,
      ...phone.keys,
    }
    expect(await bench.devices.put(again)).toMatchObject({ deviceId: 'd-phone', userId: lindId, goneAt: null })
    expect(await bench.devices.ofUser(oseiId)).toEqual([])
  })

  it('W22: one bad device harms no other one', async () => {
    await bench.subscribe('phone', 'p/1')
    const lost = createSubscriberAt('http://127.0.0.1:1/gone')
    await bench.devices.put({ ...lost, deviceId: 'd-lost', userId: oseiId, name: 'lost', createdAt: bench.clock.now() })
    const outcomes = (await bench.channel.send(pageOf(), oseiId)).map(({ outcome }) => outcome)
    expect(outcomes).toContainEqual({ is: 'sent' })
    expect(outcomes).toContainEqual(undeliverable('bad-address'))
  })

  it('is left alone for as long as it asked', async () => {
    await bench.subscribe('phone', 'p/1')
    bench.service.behaviour = { status: 429, headers: { 'retry-after': '40' } }
    await bench.channel.send(pageOf(), oseiId)
    bench.service.behaviour = { status: 201 }
    bench.clock.advance(15_000)
    const [held] = await bench.channel.send(pageOf({ attempt: 2 }), oseiId)
    expect(held?.outcome).toEqual(undeliverable('too-many', false, 25_000))
    expect(bench.service.received).toHaveLength(1)
    bench.clock.advance(25_000)
    const [free] = await bench.channel.send(pageOf({ attempt: 3 }), oseiId)
    expect(free?.outcome).toEqual({ is: 'sent' })
  })

  it('is found by looking at it, without paging anybody', async () => {
    expect(await bench.channel.selfTest()).toBeNull()
    await bench.subscribe('phone', 'p/1')
    await bench.subscribe('tablet', 'p/2')
    expect(await bench.channel.selfTest()).toEqual({ reason: null })
    await bench.service[Symbol.asyncDispose]()
    expect(await bench.channel.selfTest()).toEqual({ reason: 'unreachable' })
    expect(bench.service.received).toEqual([])
  })
})

const createSubscriberAt = (endpoint: string) => ({ endpoint, ...PushSubscriber.make().keys })

describe('keys of a subscription', () => {
  it('can be encrypted to or are refused', () => {
    const good = createSubscriberAt('https://fcm.googleapis.com/x')
    expect(bench.sealer.usable(good)).toBe(true)
    const offCurve = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 7)]).toString('base64url')
    expect(bench.sealer.usable({ ...good, p256dh: offCurve })).toBe(false)
    expect(bench.sealer.usable({ ...good, p256dh: '' })).toBe(false)
    expect(bench.sealer.usable({ ...good, auth: 'c2hvcnQ' })).toBe(false)
  })

  it('a receipt is good for its page on its device alone', () => {
    const { receipts } = bench
    const token = receipts.tokenFor('n-1', 'd-1')
    expect(receipts.isGood('n-1', 'd-1', token)).toBe(true)
    for (const [page, device, given] of [
      ['n-2', 'd-1', token],
      ['n-1', 'd-2', token],
      ['n-1', 'd-1', ''],
      ['n-1', 'd-1', `${token}x`],
      ['n-1', 'd-1', createReceiptSeal(randomBytes(32)).tokenFor('n-1', 'd-1')],
    ] as const)
      expect(receipts.isGood(page, device, given)).toBe(false)
  })
})
