import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FastifyPluginAsync } from 'fastify'
import type { Outcome } from '#server/core/channels/outcome.ts'
import { undeliverable } from '#server/core/channels/outcome.ts'
import type { PageShown } from '#server/core/page-receipts.ts'
import { PushDesk } from '#server/core/push-desk.ts'
import { pagingChannelRoutes } from '#server/http/routes/paging-channels.ts'
import { pushRoutes } from '#server/http/routes/push.ts'
import { MemoryPushDevices } from '#test/support/memory-push-devices.ts'
import { openServerBench, testOrigin } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

const keys = { p256dh: 'B'.padEnd(87, 'x'), auth: 'a'.repeat(22) }
const subscription = (path: string) => ({
  endpoint: `https://fcm.googleapis.com/${path}`,
  keys,
  name: 'Chrome on Android',
})

let bench: ServerBench
let app: ServerBench['app']
let outcome: Outcome
let shown: PageShown[]
const tested: string[] = []

beforeEach(async () => {
  bench = await openServerBench()
  outcome = { is: 'sent' }
  shown = []
  tested.length = 0
  let id = 0
  const desk = new PushDesk({
    devices: new MemoryPushDevices(),
    sealer: {
      publicKey: 'the-public-key',
      usable: ({ p256dh }) => !p256dh.endsWith('bad'),
      seal: () => ({ headers: {}, body: new Uint8Array() }),
    },
    seal: {
      isGood: (page, device, token) => token === `${page}/${device}`,
    },
    channel: {
      sendTo: async (device, page) => {
        tested.push(`${device.deviceId} ${page.kind}`)
        return { channel: 'web-push', address: device.name, outcome }
      },
    },
    tested: () => undefined,
    receipts: { shown: async (receipt) => void shown.push(receipt) },
    allowsEndpoint: (url) => url.startsWith('https://fcm.googleapis.com/'),
    clock: bench.clock,
    newId: () => `id-${(id += 1)}`,
    log: bench.log,
  })
  const routes: readonly FastifyPluginAsync[] = [
    pushRoutes(desk, bench.clock),
    pagingChannelRoutes(
      () => [
        {
          channel: 'webhook',
          sent: 1,
          undeliverable: 2,
          timedOut: 0,
          testsFailed: 0,
          testsFailedInARow: 0,
          testReason: null,
          reasons: { refused: 2 },
          okSince: null,
          failingSince: bench.clock.now(),
          lastReason: 'refused',
          lastTriedAt: bench.clock.now(),
        },
      ],
      () => ({ pings: 3, unanswered: 0, withheld: 1, lastPingAt: null, failing: ['journal'] }),
      bench.clock,
    ),
  ]
  app = await bench.appWithPeople(routes)
})
afterEach(async () => {
  await app.close()
  await bench.close()
})

const ask = (method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, cookie = '', payload?: object) =>
  app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { origin: testOrigin, ...(cookie === '' ? {} : { cookie }) },
    ...(payload === undefined ? {} : { payload }),
  })

describe('own devices over HTTP', () => {
  it('are turned on, listed without address and keys, tested and turned off', async () => {
    const cookie = await bench.signIn('nurse')
    const made = await ask('PUT', '/push/devices', cookie, subscription('a'))
    expect([made.statusCode, made.json()]).toMatchObject([
      200,
      { deviceId: 'id-1', name: 'Chrome on Android', gone: false },
    ])
    const list = await ask('GET', '/push', cookie)
    expect(list.json()).toMatchObject({ publicKey: 'the-public-key', devices: [{ deviceId: 'id-1' }] })
    expect(list.body).not.toMatch(/fcm\.googleapis|Bxxx|aaaa/)
    expect((await ask('POST', '/push/devices/id-1/test', cookie)).json()).toMatchObject({
      outcome: 'sent',
      reason: null,
    })
    expect(tested).toEqual(['id-1 test'])
    expect((await ask('DELETE', '/push/devices/id-1', cookie)).statusCode).toBe(204)
    expect((await ask('GET', '/push', cookie)).json()).toMatchObject({ devices: [] })
  })

  it('a test says what the push service said', async () => {
    const cookie = await bench.signIn('nurse')
    await ask('PUT', '/push/devices', cookie, subscription('a'))
    outcome = undeliverable('gone', { gone: true })
    const answer = await ask('POST', '/push/devices/id-1/test', cookie)
    expect(answer.json()).toMatchObject({ outcome: 'undeliverable', reason: 'gone', gone: true })
    outcome = { is: 'timed-out' }
    expect((await ask('POST', '/push/devices/id-1/test', cookie)).json()).toMatchObject({ outcome: 'timed-out' })
  })

  it('belong to whoever is signed in there: nobody sees, tests or removes somebody else’s', async () => {
    const [osei, lind] = [await bench.signIn('nurse', 'osei'), await bench.signIn('lead', 'lind')]
    await ask('PUT', '/push/devices', osei, subscription('a'))
    expect((await ask('GET', '/push', lind)).json()).toMatchObject({ devices: [] })
    expect((await ask('POST', '/push/devices/id-1/test', lind)).statusCode).toBe(404)
    expect((await ask('DELETE', '/push/devices/id-1', lind)).statusCode).toBe(404)
    // The same browser, now with another person at it.
    await ask('PUT', '/push/devices', lind, subscription('a'))
    expect((await ask('GET', '/push', osei)).json()).toMatchObject({ devices: [] })
    expect((await ask('GET', '/push', lind)).json()).toMatchObject({ devices: [{ deviceId: 'id-1' }] })
  })

  it.each([
    ['a foreign address', { ...subscription('a'), endpoint: 'https://example.org/a' }],
    ['this machine', { ...subscription('a'), endpoint: 'http://127.0.0.1/a' }],
    ['unusable keys', { ...subscription('a'), keys: { ...keys, p256dh: 'B'.padEnd(84, 'x').concat('bad') } }],
    ['short keys', { ...subscription('a'), keys: { ...keys, auth: 'a' } }],
    ['no name', { ...subscription('a'), name: ' ' }],
    ['an unknown field', { ...subscription('a'), userId: 'u-lead' }],
  ])('%s is refused', async (_, body) => {
    const answer = await ask('PUT', '/push/devices', await bench.signIn('nurse'), body)
    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-type']).toBe('application/problem+json')
  })

  it('the eleventh device takes the place of the one that worked longest ago', async () => {
    const cookie = await bench.signIn('nurse')
    for (let index = 0; index < 11; index += 1) {
      bench.clock.advance(1000)
      await ask('PUT', '/push/devices', cookie, subscription(`p${index}`))
    }
    const { devices } = (await ask('GET', '/push', cookie)).json<{ devices: { deviceId: string }[] }>()
    expect(devices.map(({ deviceId }) => deviceId)).toEqual(Array.from({ length: 10 }, (_, index) => `id-${index + 2}`))
  })

  it.each([
    ['GET', '/push', [200, 200, 403, 403]],
    ['PUT', '/push/devices', [400, 400, 403, 403]],
    ['DELETE', '/push/devices/x', [404, 404, 403, 403]],
    ['POST', '/push/devices/x/test', [404, 404, 403, 403]],
    ['GET', '/paging/channels', [403, 200, 403, 200]],
  ] as const)('%s %s by role', async (method, url, statuses) => {
    expect((await ask(method, url)).statusCode).toBe(401)
    const body = method === 'PUT' ? {} : undefined
    const roles = ['nurse', 'lead', 'engineer', 'admin'] as const
    const found = []
    for (const role of roles) found.push((await ask(method, url, await bench.signIn(role), body)).statusCode)
    expect(found).toEqual(statuses)
  })
})

describe('what a device says of a page', () => {
  const receipt = { notificationId: 'n-1', deviceId: 'id-1', receipt: 'n-1/id-1', step: 'shown' }
  beforeEach(async () => void (await ask('PUT', '/push/devices', await bench.signIn('nurse'), subscription('a'))))

  it('is taken with nobody signed in, and goes to paging under its owner', async () => {
    expect((await ask('POST', '/push/receipts', '', receipt)).statusCode).toBe(204)
    expect((await ask('POST', '/push/receipts', '', { ...receipt, step: 'viewed' })).statusCode).toBe(204)
    expect(shown).toMatchObject([
      { notificationId: 'n-1', userId: 'u-nurse', channel: 'web-push', step: 'shown' },
      { step: 'viewed' },
    ])
  })

  it.each([
    ['for another page', { ...receipt, notificationId: 'n-2' }, 404],
    ['of another device', { ...receipt, deviceId: 'id-2' }, 404],
    ['of a device that was turned off', { ...receipt, deviceId: 'id-9', receipt: 'n-1/id-9' }, 404],
    ['of another step', { ...receipt, step: 'accepted' }, 400],
  ])('%s it is refused', async (_, body, status) => {
    expect((await ask('POST', '/push/receipts', '', body)).statusCode).toBe(status)
    expect(shown).toEqual([])
  })

  it('is refused from a foreign page', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/push/receipts',
      headers: { origin: 'https://example.org' },
      payload: receipt,
    })
    expect(answer.statusCode).toBe(403)
  })
})

it('leads and admins see whether the ways to reach people work', async () => {
  const answer = await ask('GET', '/paging/channels', await bench.signIn('lead'))
  expect(answer.json()).toMatchObject({
    channels: [{ channel: 'webhook', lastReason: 'refused', reasons: { refused: 2 } }],
    watchdog: { pings: 3, failing: ['journal'] },
  })
})
