import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { isPublicAddress } from '#server/adapters/outgoing/addresses.ts'
import { createHttpOutgoing } from '#server/adapters/outgoing/http-outgoing.ts'
import { nodeClock, nodeScheduler } from '#server/adapters/node-clock.ts'
import type { OutgoingAnswer } from '#server/core/outgoing.ts'
import { Authority } from '#test/support/certificates.ts'
import { eventually } from '#test/support/eventually.ts'
import { FakeOutgoing } from '#test/support/fake-outgoing.ts'
import { FailingService } from '#test/support/failing-service.ts'
import type { Behaviour } from '#test/support/failing-service.ts'
import { ManualClock, flushMicrotasks } from '#test/support/manual-clock.ts'
import { outgoingContract } from './outgoing.contract.ts'

outgoingContract('over HTTP', async () => {
  const service = await FailingService.start()
  const clock = new ManualClock()
  return {
    outgoing: createHttpOutgoing({ clock, scheduler: clock, trustedHosts: [service.host] }),
    url: service.url,
    clock,
    becomes: (behaviour) => {
      service.behaviour =
        typeof behaviour === 'string'
          ? behaviour
          : {
              status: behaviour.status,
              headers: behaviour.retryAfterS === undefined ? {} : { 'retry-after': String(behaviour.retryAfterS) },
            }
    },
    asked: () => service.received.length,
    close: () => service[Symbol.asyncDispose](),
  }
})

outgoingContract('under a test’s control', async () => {
  const outgoing = new FakeOutgoing()
  return {
    outgoing,
    url: 'https://service.example.org/in',
    clock: new ManualClock(),
    becomes: (behaviour) => {
      if (behaviour === 'reset') outgoing.answer = { is: 'failed', reason: 'reset' }
      else if (behaviour === 'black hole') outgoing.answer = { is: 'timed-out' }
      else outgoing.answer = answered(behaviour.status, (behaviour.retryAfterS ?? Number.NaN) * 1000 || null)
    },
    asked: () => outgoing.asked.length,
    close: async () => undefined,
  }
})

const post = (url: string) => ({ method: 'POST' as const, url, headers: { 'x-own': 'yes' }, body: 'words' })

const answered = (status: number, retryAfterMs: number | null = null): OutgoingAnswer => ({
  is: 'answered',
  status,
  retryAfterMs,
})

describe('requests to services outside', () => {
  let service: FailingService
  beforeEach(async () => {
    service = await FailingService.start()
  })
  afterEach(() => service[Symbol.asyncDispose]())

  const outgoing = () =>
    createHttpOutgoing({ clock: nodeClock, scheduler: nodeScheduler, trustedHosts: [service.host] })

  it.each([200, 201, 202, 400, 401, 403, 404, 410, 413, 500, 503])('%i is the answer', async (status) => {
    service.behaviour = { status }
    expect(await outgoing().send(post(`${service.url}/a/b?c=d`))).toEqual(answered(status))
    const [got] = service.received
    expect(got).toMatchObject({ method: 'POST', path: '/a/b?c=d', headers: { 'x-own': 'yes', 'content-length': '5' } })
    expect(got?.body.toString()).toBe('words')
  })

  it.each([
    ['120', 120_000],
    ['0', 0],
    ['999999', 3_600_000],
    ['soon', null],
    ['-5', null],
  ])('429 with Retry-After %s waits for %s ms', async (header, ms) => {
    service.behaviour = { status: 429, headers: { 'retry-after': header } }
    const answer = await outgoing().send(post(service.url))
    expect(answer).toEqual(answered(429, ms))
  })

  it('Retry-After may be a date', async () => {
    const clock = new ManualClock()
    const hour = createHttpOutgoing({ clock, scheduler: nodeScheduler, trustedHosts: [service.host] })
    service.behaviour = { status: 503, headers: { 'retry-after': new Date(clock.now() + 90_000).toUTCString() } }
    expect(await hour.send(post(service.url))).toEqual(answered(503, 90_000))
    service.behaviour = { status: 503, headers: { 'retry-after': new Date(clock.now() - 90_000).toUTCString() } }
    expect(await hour.send(post(service.url))).toEqual(answered(503, 0))
  })

  it('a redirect is an answer and is not followed', async () => {
    service.behaviour = { status: 307, headers: { location: `${service.url}/elsewhere` } }
    expect(await outgoing().send(post(service.url))).toEqual(answered(307))
    expect(service.received).toHaveLength(1)
  })

  it('a giant answer is not read', async () => {
    service.behaviour = 'giant answer'
    expect(await outgoing().send(post(service.url))).toEqual(answered(200))
    await eventually(() => service.received.length === 1)
    expect(service.written).toBeLessThan(32 * 1024 * 1024)
  })

  it.each([
    ['reset', 'reset'],
    ['not HTTP', 'bad-answer'],
    ['giant head', 'bad-answer'],
  ] as const)('%s: %s', async (behaviour: Behaviour, reason) => {
    service.behaviour = behaviour
    expect(await outgoing().send(post(service.url))).toEqual({ is: 'failed', reason })
  })

  it.each(['black hole', 'trickle'] as const)(
    '%s: timed out after 5 s, and the connection is closed',
    async (behaviour) => {
      const clock = new ManualClock()
      const patient = createHttpOutgoing({ clock, scheduler: clock, trustedHosts: [service.host] })
      service.behaviour = behaviour
      let answer: OutgoingAnswer | null = null
      void patient.send(post(service.url)).then((value) => (answer = value))
      await eventually(() => service.received.length === 1)
      clock.advance(4_999)
      await flushMicrotasks()
      expect(answer).toBeNull()
      clock.advance(1)
      await flushMicrotasks()
      expect(answer).toEqual({ is: 'timed-out' })
      expect(clock.pending).toBe(0)
    },
  )

  it('a service that accepts and is never heard ends the look at it, too', async () => {
    const deaf = createServer(() => undefined)
    await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void deaf.close())
    const url = `https://127.0.0.1:${(deaf.address() as AddressInfo).port}`
    const clock = new ManualClock()
    const patient = createHttpOutgoing({ clock, scheduler: clock, trustedHosts: ['127.0.0.1'] })
    const [look, answer] = [patient.reach(url), patient.send(post(url))]
    await eventually(() => clock.pending === 2)
    await clock.advanceAsync(5_000)
    expect([await look, await answer]).toEqual(['timed-out', { is: 'timed-out' }])
  })

  it('nobody listens: unreachable; no such name: no such host', async () => {
    const { port } = service
    await service[Symbol.asyncDispose]()
    const to = createHttpOutgoing({ clock: nodeClock, scheduler: nodeScheduler, trustedHosts: ['127.0.0.1'] })
    expect(await to.send(post(`http://127.0.0.1:${port}`))).toEqual({ is: 'failed', reason: 'unreachable' })
    expect(await to.reach(`http://127.0.0.1:${port}`)).toBe('unreachable')
    expect(await to.send(post('https://nobody.invalid/x'))).toEqual({ is: 'failed', reason: 'no-such-host' })
    service = await FailingService.start()
  })

  it('only hosts that are named may be spoken to by http or on private addresses', async () => {
    const stranger = createHttpOutgoing({ clock: nodeClock, scheduler: nodeScheduler, trustedHosts: ['ntfy.lan'] })
    const secure = `https://127.0.0.1:${service.port}`
    expect(await stranger.send(post(service.url))).toEqual({ is: 'failed', reason: 'bad-address' })
    expect(await stranger.send(post(secure))).toEqual({ is: 'failed', reason: 'private-address' })
    expect(await stranger.send(post(`https://localhost:${service.port}`))).toEqual({
      is: 'failed',
      reason: 'private-address',
    })
    expect(await stranger.reach(secure)).toBe('private-address')
    expect(service.received).toEqual([])
    expect(stranger.allows('http://ntfy.lan/x')).toBe(true)
    for (const url of [
      'http://example.org',
      'ftp://example.org',
      'https://a:b@example.org',
      'words',
      'file:///etc/passwd',
    ])
      expect([url, stranger.allows(url)]).toEqual([url, false])
  })
})

describe('certificates of services outside', () => {
  const folder = mkdtempSync(join(tmpdir(), 'outgoing-'))
  const authority = new Authority(folder)
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('are verified: ours is taken; of nobody, for another name, out of date are not', async () => {
    const to = createHttpOutgoing({
      clock: nodeClock,
      scheduler: nodeScheduler,
      trustedHosts: ['localhost'],
      ca: authority.root,
    })
    const dayMs = 86_400_000
    const identities = [
      [authority.make('good'), 201],
      [authority.selfSigned('nobody'), 'tls'],
      [authority.make('other', { names: 'DNS:other.example.org' }), 'tls'],
      [authority.make('old', { from: Date.now() - 9 * dayMs, to: Date.now() - dayMs }), 'tls'],
    ] as const
    for (const [identity, wanted] of identities) {
      await using service = await FailingService.start(identity)
      const answer = await to.send(post(service.url))
      const reached = await to.reach(service.url)
      if (wanted === 201) expect([answer, reached]).toEqual([{ is: 'answered', status: 201, retryAfterMs: null }, null])
      else expect([answer, reached]).toEqual([{ is: 'failed', reason: 'tls' }, 'tls'])
      expect(service.received).toHaveLength(wanted === 201 ? 1 : 0)
    }
    await using plain = await FailingService.start()
    expect(await to.send(post(`https://localhost:${plain.port}`))).toEqual({ is: 'failed', reason: 'tls' })
  })
})

describe('a public address', () => {
  it.each(['1.1.1.1', '8.8.8.8', '172.15.0.1', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001::1'])(
    '%s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true)
    },
  )
  it.each([
    '127.0.0.1',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    'fe80::1',
    'fd00::1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    'ff02::1',
    'localhost',
    '',
  ])('not %s', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })
})
