import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { pinOf } from '#gateway/adapters/http-uplink/chain-check.ts'
import { Channel } from '#gateway/adapters/http-uplink/exchange.ts'
import { ServerTime } from '#gateway/adapters/http-uplink/server-time.ts'
import { Authority } from '#test/support/certificates.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import { reachFor } from '#test/support/server-trust.ts'
import { findService, missingService, servicesRequired } from '#test/support/services.ts'
import { startTlsTerminator } from '#test/support/tls-terminator.ts'
import type { AddressInfo } from 'node:net'
import type { Made } from '#test/support/certificates.ts'
import type { ServerTrust } from '#gateway/adapters/http-uplink/server-trust.ts'

// Node judges dates by the clock of this process, which is right. So a hub with a wrong clock is shown certificates whose dates look
// wrong to this process, and a server whose time makes them right.

const openssl = findService('openssl')
const dayMs = 86_400_000
const now = Date.now()
const lastYear = { from: now - 400 * dayMs, to: now - 330 * dayMs }
/** Inside `lastYear`. */
const thatTime = now - 365 * dayMs
const nextYear = { from: now + 300 * dayMs, to: now + 400 * dayMs }

const pin = (made: Made): string => pinOf(new X509Certificate(made.certificate))

const serving = async (made: Made, serverTime = now) => {
  const bodies: string[] = []
  const plain = createServer((request, response) => {
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => bodies.push(chunk))
    request.on('end', () => response.end(JSON.stringify({ serverTime })))
  })
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
  const terminator = await startTlsTerminator(() => (plain.address() as AddressInfo).port, made)
  onTestFinished(async () => {
    await terminator[Symbol.asyncDispose]()
    plain.closeAllConnections()
    plain.close()
  })
  return { terminator, bodies }
}

const wrongClock = { isSuspect: () => true, lowerBound: () => now - 390 * dayMs }
/** Of a hub whose clock is wrong. */
const trust = (more: Partial<ServerTrust> = {}): Partial<ServerTrust> => ({
  hubClock: wrongClock,
  ...more,
})

if (openssl === null && servicesRequired()) throw new Error(missingService('openssl'))
if (openssl === null) console.warn(missingService('openssl'))

describe.skipIf(openssl === null)('a server that has to prove who it is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'))
  let authority: Authority
  let good: Made
  let passed: Made
  beforeAll(() => {
    authority = new Authority(join(folder, 'own'))
    good = authority.make('good')
    passed = authority.make('passed', lastYear)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const asking = async (url: URL, trust: Partial<ServerTrust> = {}) => {
    const clock = new ManualClock(now)
    const learned: string[] = []
    const book = { serverPins: [], sawServerPin: async (seen: string) => void learned.push(seen) }
    const serverTime = new ServerTime(clock)
    const reach = reachFor(url, clock, { roots: [authority.root], book, serverTime, ...trust })
    /** On a connection of its own. */
    const connect = () => {
      const channel = new Channel(reach)
      onTestFinished(() => channel[Symbol.dispose]())
      return () => channel.post(new URL('/hub/v1/alarm', url), {}, Buffer.from('secret'), new AbortController().signal)
    }
    const ask = connect()
    return { ask, connect, learned, serverTime }
  }

  it('is believed with a good certificate, and its key is remembered', async () => {
    const { terminator, bodies } = await serving(good)
    const { ask, learned } = await asking(terminator.url)
    expect((await ask()).status).toBe(200)
    await ask()
    expect([bodies, learned, terminator.handshakes()]).toEqual([['secret', 'secret'], [pin(good)], 1])
  })

  const wrong: [name: string, make: () => Made, word: RegExp][] = [
    ['that has expired', () => passed, /expired/],
    ['that is not valid yet', () => authority.make('future', nextYear), /not valid yet/],
    ['for another name', () => authority.make('other', { names: 'DNS:other.test' }), /another name/],
    ['signed by itself', () => authority.selfSigned('self'), /signed by itself/],
    ['of an unknown root', () => new Authority(join(folder, 'foreign')).make('foreign'), /no root/],
    ['that is not for servers', () => authority.make('client', { purpose: 'clientAuth' }), /not one for servers/],
  ]
  it.each(wrong)('is told nothing when it shows a certificate %s', async (_name, make, word) => {
    const { terminator, bodies } = await serving(make())
    const { ask } = await asking(terminator.url)
    await expect(ask()).rejects.toMatchObject({
      code: 'GW_SERVER_UNPROVEN',
      message: expect.stringMatching(word) as string,
    })
    expect([bodies, terminator.seen]).toEqual([[], []])
  })

  it('has to have the pinned key, or stand below an authority that has it', async () => {
    const { terminator, bodies } = await serving(good)
    const pinned = async (...pins: readonly string[]) => (await asking(terminator.url, { pins })).ask()
    expect((await pinned(pin(good))).status).toBe(200)
    expect((await pinned(pinOf(new X509Certificate(authority.root)))).status).toBe(200)
    await expect(pinned(pin(passed))).rejects.toMatchObject({ code: 'GW_SERVER_UNPROVEN' })
    expect(bodies).toEqual(['secret', 'secret'])
  })

  it('has to speak TLS 1.3, and TLS at all', async () => {
    const plain = createServer((_request, response) => response.end())
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void plain.close())
    const { ask } = await asking(new URL(`https://localhost:${(plain.address() as AddressInfo).port}`))
    await expect(ask()).rejects.toMatchObject({
      code: 'GW_SERVER_UNPROVEN',
      message: expect.stringContaining('TLS') as string,
    })
  })

  describe('to a hub whose clock is wrong', () => {
    it('is asked for its time first, with nothing but that, and judged by it', async () => {
      const { terminator, bodies } = await serving(passed, thatTime)
      const { ask, connect, serverTime } = await asking(terminator.url, trust({ pins: [pin(passed)] }))
      expect((await ask()).status).toBe(200)
      expect(terminator.seen).toEqual(['/hub/v1/time', '/hub/v1/alarm'])
      expect(bodies).toEqual(['secret'])
      expect(serverTime.now()).toBe(thatTime)
      await connect()()
      expect(terminator.seen).toEqual(['/hub/v1/time', '/hub/v1/alarm', '/hub/v1/alarm'])
    })

    it('is known by the key that a verified connection showed before', async () => {
      const { terminator } = await serving(passed, thatTime)
      const book = { serverPins: [pin(passed)], sawServerPin: async () => {} }
      const { ask } = await asking(terminator.url, trust({ pins: [], book }))
      expect((await ask()).status).toBe(200)
    })

    it('below an authority of its own, named by that authority’s key', async () => {
      authority.make('between', { ...lastYear, authority: true })
      const below = authority.make('below', { ...lastYear, signedBy: 'between' })
      const { terminator } = await serving(below, thatTime)
      const [, between = ''] = below.certificate.split(/(?<=-----END CERTIFICATE-----\n)/)
      const { ask } = await asking(terminator.url, trust({ pins: [pinOf(new X509Certificate(between))] }))
      expect((await ask()).status).toBe(200)
    })

    // Node reports each of these as a wrong date, because that is the last thing it finds.
    const masked: [name: string, make: () => Made, word: RegExp][] = [
      ['for another name', () => authority.make('m-other', { ...lastYear, names: 'DNS:other.test' }), /another name/],
      ['of an unknown root', () => new Authority(join(folder, 'masked')).make('foreign', lastYear), /no root/],
      [
        'that is not for servers',
        () => authority.make('m-client', { ...lastYear, purpose: 'clientAuth' }),
        /not one for servers/,
      ],
      [
        'signed by a certificate that is no authority',
        () => authority.make('m-below', { ...lastYear, signedBy: 'passed' }),
        /no root/,
      ],
      ['with another key than the pinned one', () => authority.make('m-key', lastYear), /does not show the key/],
    ]
    it.each(masked)('is told nothing when its certificate is also %s', async (_name, make, word) => {
      const made = make()
      const { terminator, bodies } = await serving(made, thatTime)
      const pins = made.name === 'm-key' ? [pin(passed)] : [pin(made)]
      const { ask } = await asking(terminator.url, trust({ pins }))
      await expect(ask()).rejects.toMatchObject({
        code: 'GW_SERVER_UNPROVEN',
        message: expect.stringMatching(word) as string,
      })
      expect([bodies, terminator.seen]).toEqual([[], []])
    })

    it('is refused without any pinned key: nobody could vouch for its time', async () => {
      const { terminator, bodies } = await serving(passed, thatTime)
      const { ask } = await asking(terminator.url, trust({ pins: [] }))
      await expect(ask()).rejects.toMatchObject({ code: 'GW_SERVER_UNPROVEN' })
      expect([bodies, terminator.seen]).toEqual([[], []])
    })

    it('is refused when its certificate is out of date by its own time too', async () => {
      const { terminator, bodies } = await serving(passed, now)
      const { ask } = await asking(terminator.url, trust({ pins: [pin(passed)] }))
      await expect(ask()).rejects.toMatchObject({
        code: 'GW_SERVER_UNPROVEN',
        message: expect.stringContaining('own time') as string,
      })
      expect(bodies).toEqual([])
    })

    it('is refused when its certificate ended before what is certainly past, whatever time it tells', async () => {
      const { terminator, bodies } = await serving(passed, thatTime)
      const known = { isSuspect: () => true, lowerBound: () => now - 300 * dayMs }
      const { ask } = await asking(terminator.url, trust({ hubClock: known, pins: [pin(passed)] }))
      await expect(ask()).rejects.toMatchObject({ code: 'GW_SERVER_UNPROVEN' })
      expect([bodies, terminator.seen]).toEqual([[], []])
    })

    it('is refused when it tells a time before what is certainly past', async () => {
      const { terminator, bodies } = await serving(passed, now - 395 * dayMs)
      const { ask } = await asking(terminator.url, trust({ pins: [pin(passed)] }))
      await expect(ask()).rejects.toMatchObject({ code: 'GW_UPLINK_UNREACHABLE' })
      expect(bodies).toEqual([])
    })

    it('is verified by Node again as soon as the clock is right', async () => {
      const { terminator } = await serving(passed, thatTime)
      const clock = { suspect: true }
      const { ask, connect } = await asking(
        terminator.url,
        trust({ pins: [pin(passed)], hubClock: { ...wrongClock, isSuspect: () => clock.suspect } }),
      )
      await ask()
      clock.suspect = false
      await expect(connect()()).rejects.toMatchObject({
        code: 'GW_SERVER_UNPROVEN',
        message: expect.stringContaining('expired') as string,
      })
    })
  })
})
