import { createPublicKey, createHash, verify } from 'node:crypto'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BootId, HubId } from '#domain/ids.ts'
import { enrolMessage } from '#domain/uplink/envelope.ts'
import { parseSignature, parseSignatureInput, signatureBase } from '#domain/uplink/signature.ts'
import { traceOf } from '#domain/uplink/trace.ts'
import { traceOfError } from '#gateway/core/errors.ts'
import { enrol } from '#gateway/adapters/http-uplink/enrol.ts'
import { HttpUplink } from '#gateway/adapters/http-uplink/http-uplink.ts'
import { KeyStore } from '#gateway/adapters/key-store.ts'
import { conditionRecord } from '#test/support/gateway-records.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import { reachFor } from '#test/support/server-trust.ts'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { OutboxRecord } from '#gateway/core/ports.ts'

interface Asked {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  readonly remotePort: number | undefined
}
type Reply = { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> }

/** A server that answers what the test says and keeps what it was asked. */
const startServer = async (answer: (asked: Asked) => Reply | 'hang up') => {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      const one = { path: request.url ?? '', headers: request.headers, body, remotePort: request.socket.remotePort }
      asked.push(one)
      const reply = answer(one)
      if (reply === 'hang up') {
        request.socket.destroy()
        return
      }
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers })
      response.end(JSON.stringify(reply.body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { asked, url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) }
}

const newKeys = async (): Promise<{ keys: KeyStore; folder: string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'keys-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return { keys: await KeyStore.open(join(folder, 'identity')), folder: join(folder, 'identity') }
}

const publicKeyOf = (keys: KeyStore) =>
  createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(keys.key.publicKey, 'base64').toString('base64url') },
    format: 'jwk',
  })

const never = new AbortController().signal
const bootId = BootId.parse('boot-1')
const record: OutboxRecord = { ...conditionRecord(), seq: 7, bootId }
const serverTime = Date.UTC(2026, 0, 5, 8)
const allStored: Reply = { status: 200, body: { serverTime, verdicts: [{ seq: 7, verdict: 'stored' }] } }

const uplinkTo = async (answer: (asked: Asked) => Reply | 'hang up') => {
  const server = await startServer(answer)
  const { keys } = await newKeys()
  await keys.paired({ hubId: HubId.parse('hub-1'), keyId: 'key-1', server: server.url.origin })
  const clock = new ManualClock(serverTime)
  const uplink = new HttpUplink({ ...reachFor(server.url, clock), bootId, identity: keys })
  onTestFinished(() => uplink[Symbol.asyncDispose]())
  return { ...server, keys, clock, uplink }
}

const isSigned = ({ path, headers, body }: Asked, keys: KeyStore): boolean => {
  const input = String(headers['signature-input'])
  const params = parseSignatureInput(input)
  const signature = parseSignature(String(headers['signature']))
  const contentDigest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`
  if (params === null || signature === null || headers['content-digest'] !== contentDigest) return false
  const base = signatureBase(
    {
      method: 'POST',
      authority: String(headers.host),
      path,
      query: '',
      contentType: String(headers['content-type']),
      contentDigest,
    },
    params,
  )
  return verify(null, Buffer.from(base), publicKeyOf(keys), Buffer.from(signature, 'base64'))
}

describe('the signed uplink', () => {
  it('delivers a batch whose signature covers its bytes, and gives the verdicts', async () => {
    const { uplink, asked, keys } = await uplinkTo(() => allStored)
    expect(await uplink.deliver('alarm', [record], never)).toEqual([{ seq: 7, verdict: 'stored' }])
    expect(asked[0]?.path).toBe('/hub/v1/alarm')
    expect(isSigned(asked[0]!, keys)).toBe(true)
    expect(JSON.parse(asked[0]!.body)).toEqual({ v: 1, bootId: 'boot-1', anchor: null, records: [record] })
    expect(isSigned({ ...asked[0]!, body: asked[0]!.body.replace('high', 'low') }, keys)).toBe(false)
  })

  it('has one trace for each exchange, another span for each try, and tells it of what failed', async () => {
    let answers: readonly Reply[] = []
    const { uplink, asked } = await uplinkTo(() => {
      const [next = allStored, ...rest] = answers
      answers = rest
      return next
    })
    const parents = () => asked.map(({ headers }) => String(headers['traceparent']))
    await uplink.deliver('alarm', [record], never)
    answers = [{ status: 403, body: { code: 'revoked' } }]
    await uplink.deliver('alarm', [record], never)
    const [first = '', second = '', third = ''] = parents()
    expect(new Set([first, second].map(traceOf)).size).toBe(2)
    expect(traceOf(third)).toBe(traceOf(second))
    expect(third).not.toBe(second)
    answers = [{ status: 503, body: { code: 'busy' } }]
    const failed = await uplink.deliver('alarm', [record], never).catch((error: unknown) => error)
    expect(traceOfError(failed)).toBe(traceOf(parents().at(-1)))
    expect(traceOfError(failed)).toMatch(/^[0-9a-f]{32}$/)
  })

  it('uses a new nonce for each attempt, and one connection per lane', async () => {
    const { uplink, asked } = await uplinkTo(() => allStored)
    await uplink.deliver('alarm', [record], never)
    await uplink.deliver('alarm', [record], never)
    await uplink.deliver('telemetry', [record], never)
    const nonces = asked.map(({ headers }) => parseSignatureInput(String(headers['signature-input']))?.nonce)
    expect(nonces).toEqual(['boot-1:1', 'boot-1:2', 'boot-1:3'])
    expect(asked[0]?.remotePort).toBe(asked[1]?.remotePort)
    expect(asked[2]?.remotePort).not.toBe(asked[0]?.remotePort)
  })

  it('corrects a wrong clock by the server’s word and signs again once', async () => {
    const dayMs = 86_400_000
    const { uplink, asked, clock } = await uplinkTo(({ headers }) => {
      const created = parseSignatureInput(String(headers['signature-input']))?.created ?? 0
      return Math.abs(created * 1_000 - serverTime) > 300_000
        ? { status: 401, body: { code: 'clock_skew', serverTime } }
        : allStored
    })
    clock.stepWall(-dayMs)
    expect(await uplink.deliver('alarm', [record], never)).toHaveLength(1)
    expect(asked).toHaveLength(2)
    await uplink.deliver('alarm', [record], never)
    expect(asked).toHaveLength(3)
  })

  it('gives up a clock that stays wrong instead of asking for ever', async () => {
    const { uplink, asked } = await uplinkTo(() => ({ status: 401, body: { code: 'clock_skew', serverTime: 5 } }))
    await expect(uplink.deliver('alarm', [record], never)).rejects.toMatchObject({ code: 'GW_UPLINK_HUB_REFUSED' })
    expect(asked).toHaveLength(2)
  })

  it('anchors its monotonic clock in the server’s time and sends the anchor along', async () => {
    const { uplink, asked } = await uplinkTo(() => allStored)
    expect(uplink.anchor).toBeNull()
    await uplink.deliver('alarm', [record], never)
    expect(uplink.anchor).toEqual({ monotonicMs: 1_000, serverAt: serverTime, errorMs: 0 })
    await uplink.deliver('alarm', [record], never)
    expect(JSON.parse(asked[1]!.body).anchor).toEqual(uplink.anchor)
  })

  it.each([
    [401, { code: 'revoked' }, 'GW_UPLINK_HUB_REFUSED'],
    [403, {}, 'GW_UPLINK_HUB_REFUSED'],
    [401, { code: 'bad_digest' }, 'GW_UPLINK_BUSY'],
    [400, { code: 'bad_request' }, 'GW_UPLINK_BATCH_REFUSED'],
    [400, {}, 'GW_UPLINK_BUSY'],
    [413, {}, 'GW_UPLINK_BATCH_REFUSED'],
    [429, {}, 'GW_UPLINK_BUSY'],
    [500, {}, 'GW_UPLINK_BUSY'],
    [404, {}, 'GW_UPLINK_BUSY'],
    [200, { hello: 1 }, 'GW_UPLINK_BAD_REPLY'],
  ])('answers %i %j as %s', async (status, body, code) => {
    const { uplink } = await uplinkTo(() => ({ status, body }))
    await expect(uplink.deliver('alarm', [record], never)).rejects.toMatchObject({ code })
  })

  it('hears how long it shall wait', async () => {
    const { uplink } = await uplinkTo(() => ({ status: 503, body: {}, headers: { 'retry-after': '3' } }))
    await expect(uplink.deliver('alarm', [record], never)).rejects.toMatchObject({
      code: 'GW_UPLINK_BUSY',
      retryAfterMs: 3_000,
    })
  })

  it('takes a connection that breaks for a server that cannot be reached', async () => {
    const { uplink } = await uplinkTo(() => 'hang up')
    await expect(uplink.deliver('alarm', [record], never)).rejects.toMatchObject({ code: 'GW_UPLINK_UNREACHABLE' })
  })

  it('sends nothing while the hub is not paired', async () => {
    const server = await startServer(() => allStored)
    const { keys } = await newKeys()
    await using uplink = new HttpUplink({
      ...reachFor(server.url, new ManualClock()),
      bootId,
      identity: keys,
    })
    await expect(uplink.deliver('alarm', [record], never)).rejects.toMatchObject({ code: 'GW_NOT_PAIRED' })
    expect(server.asked).toEqual([])
  })
})

describe('pairing', () => {
  it('proves possession of the new key over claim, code and nonce', async () => {
    const server = await startServer(({ path }) =>
      path === '/hub/v1/enrol-nonce'
        ? { status: 200, body: { nonce: 'nonce-0123456789ab', expiresAt: 1 } }
        : { status: 200, body: { hubId: 'hub-9', keyId: 'key-9', serverTime } },
    )
    const { keys } = await newKeys()
    const reply = await enrol(
      reachFor(server.url, new ManualClock()),
      { claimId: 'c-1', code: 'abcd-efgh jkmn' },
      keys.key,
      never,
    )
    expect(reply).toMatchObject({ hubId: 'hub-9', keyId: 'key-9' })
    const body = JSON.parse(server.asked[1]!.body)
    expect(body).toMatchObject({ v: 1, claimId: 'c-1', code: 'ABCDEFGHJKMN', publicKey: keys.key.publicKey })
    const message = Buffer.from(enrolMessage('c-1', 'ABCDEFGHJKMN', 'nonce-0123456789ab'))
    expect(verify(null, message, publicKeyOf(keys), Buffer.from(body.signature, 'base64'))).toBe(true)
  })

  it('tells a wrong code from a server that is busy', async () => {
    const { keys } = await newKeys()
    const claim = { claimId: 'c-1', code: 'ABCDEFGHJKMN' }
    const wrong = await startServer(() => ({ status: 403, body: {} }))
    await expect(enrol(reachFor(wrong.url, new ManualClock()), claim, keys.key, never)).rejects.toMatchObject({
      code: 'GW_PAIRING_REFUSED',
    })
    const busy = await startServer(() => ({ status: 503, body: {} }))
    await expect(enrol(reachFor(busy.url, new ManualClock()), claim, keys.key, never)).rejects.toMatchObject({
      code: 'GW_UPLINK_BUSY',
    })
  })

  it('keeps one key and its pairing over restarts, for its owner alone', async () => {
    const { keys, folder } = await newKeys()
    await keys.paired({ hubId: HubId.parse('hub-1'), keyId: 'key-1', server: 'http://s' })
    const again = await KeyStore.open(folder)
    expect(again.key.publicKey).toBe(keys.key.publicKey)
    expect(again.pairing).toEqual({ hubId: 'hub-1', keyId: 'key-1', server: 'http://s', keyFile: 'hub-key.pem' })
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    for (const file of ['hub-key.pem', 'pairing.json'])
      expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600)
  })
})
