import { request } from 'node:http'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { Heartbeat } from '#domain/uplink/envelope.ts'
import { nodeHubCrypto } from '#server/adapters/node-hub-crypto.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import { Enrolment } from '#server/core/enrolment.ts'
import { HubGate } from '#server/core/pressure/hub-gate.ts'
import { openHubBench as bench } from '#test/support/hub-bench.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import { SigningHub, type Deviation } from '#test/support/signing-hub.ts'
import { batch, condition, pumpId, telemetry } from '#test/support/uplink-records.ts'
import { byAdmin, serverAdmin } from '#test/support/acts.ts'

const pumpReport = {
  pumpId,
  port: 'tty-1',
  protocol: 'ip1',
  link: 'up',
  silentMs: 100,
  statusIntervalMs: 1000,
  maker: null,
  model: null,
  firmware: null,
  serial: 'PUMP-0001',
  experimental: false,
  simulated: true,
} as const
const lane = { rows: 0, oldestAgeMs: null }
const manifest = (firstSeq: number) => ({ firstSeq, lastSeq: firstSeq })

const heartbeat = (change: Partial<Record<keyof Heartbeat, unknown>> = {}) => ({
  v: 1,
  bootId: 'boot-1',
  monotonicMs: 5000,
  wallAt: 0,
  clockQuality: 'none',
  anchor: null,
  versions: { gateway: '0.1.0', node: 'v24.21.0' },
  manifest: { firstSeq: 1, lastSeq: 2 },
  outbox: { alarm: lane, telemetry: lane, quarantined: 0, tombstoned: 0, diskFreeBytes: null },
  ports: [],
  pumps: [pumpReport],
  ...change,
})

const trace = '4bf92f3577b34da6a3ce929d0e0e4736'

describe('a signed batch', () => {
  it('has the trace of its exchange in every line that the server logs about it, over a real connection', async () => {
    const { app, hub, hubId, clock, logged, uplink } = await bench()
    const origin = await app.listen({ host: '127.0.0.1', port: 0 })
    const post = (traceparent: string, deviation: Deviation = {}): Promise<number> => {
      const sent = hub.request('/hub/v1/alarm', batch([condition(1)]), clock.now(), deviation)
      const { promise, resolve, reject } = Promise.withResolvers<number>()
      const headers = { ...sent.headers, traceparent, 'content-length': Buffer.byteLength(sent.payload) }
      const asked = request(`${origin}/hub/v1/alarm`, { method: 'POST', headers }, (reply) => {
        reply.resume()
        resolve(reply.statusCode ?? 0)
      })
      asked.on('error', reject)
      asked.end(sent.payload)
      return promise
    }
    expect(await post(`00-${trace}-00f067aa0ba902b7-01`)).toBe(200)
    expect(logged).toContainEqual([{ trace, hubId, lane: 'alarm', count: 1, ms: 0 }, 'A batch was answered.'])
    expect(await post('00-nonsense')).toBe(200)
    expect(logged.at(-1)).toEqual([{ hubId, lane: 'alarm', count: 1, ms: 0 }, 'A batch was answered.'])
    expect(uplink.figures).toMatchObject({ lanes: { alarm: { batches: 2, records: { stored: 2 } } } })
    expect(await post(`00-${trace}-00f067aa0ba902b7-01`, { sentBody: '{}' })).toBe(401)
    expect(logged.at(-1)).toEqual([expect.objectContaining({ trace }), 'A hub request was refused.'])
  })

  it('is stored and answered with a verdict per record and the server time', async () => {
    const { send, taken, stored, clock } = await bench()
    const alarm = await send('alarm', batch([condition(1), 'broken']))
    expect(alarm.statusCode).toBe(200)
    expect(alarm.json()).toEqual({
      serverTime: clock.now(),
      verdicts: [
        { seq: 1, verdict: 'stored' },
        { seq: 0, verdict: 'refused', reason: 'schema at ' },
      ],
    })
    expect((await send('telemetry', batch([telemetry(2)]))).json()).toMatchObject({
      verdicts: [{ seq: 2, verdict: 'stored' }],
    })
    expect([taken.length, stored.length]).toEqual([1, 1])
  })

  const refusals: [name: string, deviation: Deviation, status: number, code: string][] = [
    ['with an unknown key', { keyId: 'nobody' }, 401, 'unknown_key'],
    ['with another body than signed', { sentBody: '{"v":1}' }, 401, 'bad_digest'],
    ['with another digest than signed', { headers: { 'content-digest': 'sha-256=:AAAA:' } }, 401, 'bad_digest'],
    ['sent to another path than signed', { sentUrl: '/hub/v1/telemetry' }, 401, 'bad_signature'],
    ['sent with a query that was not signed', { sentUrl: '/hub/v1/alarm?a=1' }, 401, 'bad_signature'],
    ['for another server', { authority: 'evil.test' }, 401, 'bad_signature'],
    ['signed 301 s ago', { createdAt: Date.UTC(2026, 0, 5, 8) - 301_000 }, 401, 'clock_skew'],
    ['signed 301 s ahead', { createdAt: Date.UTC(2026, 0, 5, 8) + 301_000 }, 401, 'clock_skew'],
    [
      'with two signature labels',
      { headers: { 'signature-input': 'hub=();created=1, other=();created=1' } },
      401,
      'bad_signature',
    ],
    ['without a signature', { headers: { signature: '' } }, 401, 'bad_signature'],
    ['with a nonce that is no request number', { nonce: 'no-number' }, 401, 'bad_signature'],
    ['as text', { contentType: 'text/plain' }, 415, 'unsupported_media_type'],
    ['compressed', { headers: { 'content-encoding': 'gzip' } }, 415, 'unsupported_media_type'],
    [
      'as JSON with another charset',
      { contentType: 'application/json; charset=latin1' },
      415,
      'unsupported_media_type',
    ],
  ]
  it.each(refusals)('%s is refused, stores nothing and names the reason', async (_name, deviation, status, code) => {
    const { send, taken, clock } = await bench()
    const reply = await send('alarm', batch([condition(1)]), deviation)
    expect(reply.statusCode).toBe(status)
    expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(reply.json()).toMatchObject({ status, code, serverTime: clock.now() })
    expect(taken).toEqual([])
  })

  it('is good up to 300 s from the server time', async () => {
    const { send, clock } = await bench()
    expect((await send('alarm', batch([condition(1)]), { createdAt: clock.now() - 300_000 })).statusCode).toBe(200)
  })

  it('is refused when its number was used before, also when the first was refused by its schema', async () => {
    const { send, app, hub, clock, taken } = await bench()
    const request = hub.request('/hub/v1/alarm', batch([condition(1)]), clock.now())
    expect((await app.inject(request)).statusCode).toBe(200)
    expect((await app.inject(request)).json()).toMatchObject({ code: 'replayed' })
    await send('alarm', { v: 1 }, { nonce: 'boot-1:99' })
    expect((await send('alarm', batch([condition(2)]), { nonce: 'boot-1:99' })).json()).toMatchObject({
      code: 'replayed',
    })
    expect(taken).toHaveLength(1)
  })

  it('reveals a clone when its number comes again with another body, and not when the same is repeated', async () => {
    const { send, app, hub, clock, clones } = await bench()
    const request = hub.request('/hub/v1/alarm', batch([condition(1)]), clock.now(), { nonce: 'boot-1:7' })
    await app.inject(request)
    await app.inject(request)
    expect(clones).toEqual([])
    expect((await send('alarm', batch([condition(2)]), { nonce: 'boot-1:7' })).json()).toMatchObject({
      code: 'replayed',
    })
    expect(clones).toEqual(['request of boot-1'])
  })

  it('does not use its number up when the signature is wrong', async () => {
    const { send, app, hub, clock } = await bench()
    const thief = new SigningHub()
    thief.keyId = hub.keyId
    expect(
      (
        await app.inject(thief.request('/hub/v1/alarm', batch([condition(1)]), clock.now(), { nonce: 'boot-1:50' }))
      ).json(),
    ).toMatchObject({ code: 'bad_signature' })
    expect((await send('alarm', batch([condition(1)]), { nonce: 'boot-1:50' })).statusCode).toBe(200)
  })

  it('is refused within 5 s of a revocation, and at once where the revocation happened', async () => {
    const { send, journal, hubId, clock, uplink } = await bench()
    expect((await send('alarm', batch([condition(1)]))).statusCode).toBe(200)
    await journal.hubs.revoke(hubId, byAdmin)
    clock.advance(5000)
    const reply = await send('alarm', batch([condition(2)]))
    expect([reply.statusCode, reply.json<{ code: string }>().code]).toEqual([403, 'revoked'])
    uplink.keys.forget(hubId)
    expect((await send('alarm', batch([condition(2)]))).statusCode).toBe(403)
  })

  it.each([
    ['no JSON', '{'],
    ['an unknown version', { ...batch([condition(1)]), v: 2 }],
    ['no record', { ...batch([]), records: [] }],
    ['501 records', batch(Array.from({ length: 501 }, () => 0))],
    ['__proto__', '{"v":1,"bootId":"b","anchor":null,"records":[{"__proto__":{"seq":1}}]}'],
    ['constructor', '{"v":1,"bootId":"b","anchor":null,"records":[{"constructor":{"prototype":{}}}]}'],
    ['an empty body', ''],
  ])('with %s is a bad request', async (_name, body) => {
    const { send } = await bench()
    const reply = await send('alarm', body)
    expect([reply.statusCode, reply.json<{ code: string }>().code]).toEqual([400, 'bad_request'])
  })

  it('over 256 KiB is refused, by its announced length or while it is read', async () => {
    const { send, app, hub, clock } = await bench()
    const large = JSON.stringify({ ...batch([condition(1)]), filler: 'x'.repeat(256 * 1024) })
    expect((await send('alarm', large)).json()).toMatchObject({ status: 413, code: 'too_large' })
    const streamed = {
      ...hub.request('/hub/v1/alarm', large, clock.now()),
      payload: Readable.from([Buffer.from(large)]),
    }
    expect((await app.inject(streamed)).json()).toMatchObject({ status: 413, code: 'too_large' })
  })

  it('gets 503 and a time to come back when the journal does not commit', async () => {
    const { send, state } = await bench()
    state.journalDown = true
    const reply = await send('alarm', batch([condition(1)]))
    expect(reply.statusCode).toBe(503)
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0)
    expect(reply.json()).toMatchObject({ code: 'unavailable' })
    expect(reply.body).not.toContain('disk full')
    state.journalDown = false
    expect((await send('alarm', batch([condition(1)]))).statusCode).toBe(200)
  })
})

describe('too much to do', () => {
  it('turns samples away with a time to come back, before anything is checked, and takes alarms and heartbeats', async () => {
    const hubs = await bench({ gateOf: (clock) => new HubGate({ sheds: () => 'event-loop' }, clock) })
    const away = await hubs.send('telemetry', batch([telemetry(1)]))
    expect(away.json()).toMatchObject({ status: 503, code: 'overloaded' })
    expect(Number(away.headers['retry-after'])).toBeGreaterThanOrEqual(2)
    expect(Number(away.headers['retry-after'])).toBeLessThanOrEqual(6)
    expect((await hubs.send('alarm', batch([condition(2)]))).statusCode).toBe(200)
    expect((await hubs.send('heartbeat', heartbeat())).statusCode).toBe(200)
  })

  it('limits strangers at an address and what is written about them, and never the alarms of a hub there', async () => {
    const hubs = await bench()
    const forged = () => hubs.send('telemetry', batch([telemetry(1)]), { keyId: 'nobody' })
    const codes: string[] = []
    for (let n = 0; n < 150; n += 1) codes.push((await forged()).json<{ code: string }>().code)
    expect(codes.indexOf('too_many_requests')).toBeGreaterThan(100)
    expect(new Set(codes)).toEqual(new Set(['unknown_key', 'too_many_requests']))
    const away = await hubs.send('telemetry', batch([telemetry(1)]))
    expect([away.statusCode, Number(away.headers['retry-after']) > 0]).toEqual([429, true])
    expect((await hubs.send('alarm', batch([condition(2)]))).statusCode).toBe(200)
    expect((await hubs.send('heartbeat', heartbeat())).statusCode).toBe(200)
    for (let n = 0; n < 50; n += 1) await hubs.send('alarm', batch([condition(3)]), { keyId: 'nobody' })
    expect(hubs.logged.filter(([, sentence]) => sentence === 'A hub request was refused.').length).toBeLessThan(130)
    expect(hubs.uplink.gate.refusals.get('unknown_key')).toBeGreaterThan(150)
  })
})

it('that is forged is refused before its body is read, where many came that could not be proven', async () => {
  const { app, hub, clock, send } = await bench()
  const thief = new SigningHub()
  thief.keyId = hub.keyId
  const forged = async (): Promise<string> => {
    const request = thief.request('/hub/v1/alarm', batch([condition(1)]), clock.now())
    return (await app.inject({ ...request, payload: '{}' })).json<{ code: string }>().code
  }
  expect(await forged()).toBe('bad_digest')
  for (let n = 0; n < 120; n += 1) await send('telemetry', batch([telemetry(1)]), { keyId: 'nobody' })
  expect(await forged()).toBe('bad_signature')
  expect((await send('alarm', batch([condition(1)]), { sentBody: '{}' })).json()).toMatchObject({ code: 'bad_digest' })
  expect((await send('alarm', batch([condition(1)]))).statusCode).toBe(200)
})

describe('a heartbeat', () => {
  it('reaches the link watch and is answered with accepted alarms and the snapshots wanted', async () => {
    const { send, heard, hubId, clock } = await bench()
    const reply = await send('heartbeat', heartbeat())
    expect(reply.json()).toEqual({
      serverTime: clock.now(),
      snapshotsWanted: [pumpId],
      acceptedHigh: ['episode-9'],
      closedOut: ['episode-7'],
    })
    expect(heard).toEqual([hubId])
  })

  it('asks for a snapshot until one is journalled, and again after the next boot', async () => {
    const { send } = await bench()
    const wanted = async (bootId: string) => {
      const reply = await send('heartbeat', heartbeat({ bootId }))
      return reply.json<{ snapshotsWanted: string[] }>().snapshotsWanted
    }
    expect(await wanted('boot-1')).toEqual([pumpId])
    expect(await wanted('boot-1')).toEqual([pumpId])
    const body = { reason: 'requested', alarms: [], measurementStatus: ['demo'] }
    await send('alarm', batch([{ ...condition(1), kind: 'snapshot', body }]))
    expect(await wanted('boot-1')).toEqual([])
    expect(await wanted('boot-2')).toEqual([pumpId])
  })

  it('is remembered over a restart: hub, time, pumps', async () => {
    const { send, journal, hubId, clock } = await bench()
    await send('heartbeat', heartbeat())
    expect(await journal.hubs.hubs()).toMatchObject([
      { hubId, name: 'Kitchen', state: 'active', lastHeardAt: clock.now(), lastHeartbeat: { bootId: 'boot-1' } },
    ])
    expect(await journal.hubs.pumps()).toEqual([{ hubId, report: pumpReport, reportedAt: clock.now() }])
    const [{ enrolledAt } = { enrolledAt: null }] = await journal.hubs.hubs()
    expect(await journal.hubs.names()).toEqual([{ hubId, name: 'Kitchen', state: 'active', enrolledAt }])
  })

  it('counts what it says of the hub only when it is the newest, also after a restart of the server', async () => {
    const { send, conditions, journal, hubId } = await bench()
    const disk = [{ code: 'storage-degraded', priority: 'low', text: 'nearly full' }]
    await send('heartbeat', heartbeat({ monotonicMs: 20_000 }))
    await send('heartbeat', heartbeat({ monotonicMs: 10_000, conditions: disk }))
    expect(conditions).toEqual([[]])
    await send('heartbeat', heartbeat({ monotonicMs: 30_000, conditions: disk }))
    await send('heartbeat', heartbeat({ monotonicMs: 20_000 }))
    expect(conditions).toEqual([[], ['storage-degraded']])
    const [hub] = await journal.hubs.hubs()
    expect([hub?.hubId, hub?.lastHeartbeat?.monotonicMs]).toEqual([hubId, 30_000])
  })

  it('of an older boot counts for nothing, and reveals a clone when it was built after the newer boot spoke', async () => {
    const { send, clock, conditions, clones } = await bench()
    const anchored = (bootId: string) => {
      const anchor = { monotonicMs: 0, serverAt: clock.now() - 5000, errorMs: 5 }
      return heartbeat({ bootId, monotonicMs: 5000, anchor })
    }
    await send('heartbeat', anchored('boot-1'))
    const waited = anchored('boot-1')
    clock.advance(1000)
    await send('heartbeat', anchored('boot-2'))
    clock.advance(60_000)
    await send('heartbeat', waited)
    expect([conditions.length, clones]).toEqual([2, []])
    const anchor = { monotonicMs: 61_000, serverAt: clock.now() - 5000, errorMs: 5 }
    await send('heartbeat', { ...anchored('boot-1'), monotonicMs: 66_000, anchor })
    expect([conditions.length, clones]).toEqual([2, ['boot-1']])
  })

  it('reveals a clone also when the clock of the server was put back, and never by what the old clock dated', async () => {
    const { send, clock, clones } = await bench()
    const built = (monotonicMs: number) =>
      heartbeat({ bootId: 'boot-1', monotonicMs, anchor: { monotonicMs, serverAt: clock.now(), errorMs: 5 } })
    await send('heartbeat', built(1000))
    const waited = built(2000)
    clock.stepWall(-3_600_000)
    await send('heartbeat', heartbeat({ bootId: 'boot-2' }))
    await send('heartbeat', waited)
    expect(clones).toEqual([])
    clock.stepWall(-3_600_000)
    await send('heartbeat', built(3000))
    expect(clones).toEqual([])
    clock.advance(60_000)
    await send('heartbeat', built(63_000))
    expect(clones).toEqual(['boot-1'])
  })

  it('of a boot that a later one names is that of an older one, whenever it comes', async () => {
    const { send, clock, conditions } = await bench()
    await send('heartbeat', heartbeat({ bootId: 'boot-3', manifest: manifest(30), earlierBoots: ['boot-2', 'boot-1'] }))
    clock.advance(1000)
    await send('heartbeat', heartbeat({ bootId: 'boot-2', manifest: manifest(20), earlierBoots: ['boot-1'] }))
    expect(conditions).toHaveLength(1)
  })

  it('of a later boot is the newest, whatever the clock of the server says and wherever its numbers begin', async () => {
    const { send, clock, conditions } = await bench()
    for (const [bootId, firstSeq] of [
      ['a', 500],
      ['b', 900],
      ['c', 1],
      ['d', 40],
    ] as const) {
      await send('heartbeat', heartbeat({ bootId, manifest: { firstSeq, lastSeq: firstSeq } }))
      clock.stepWall(-1_800_000)
    }
    expect(conditions).toHaveLength(4)
  })

  it('anchors its boot', async () => {
    const { send, taken, clock } = await bench()
    await send('heartbeat', heartbeat({ anchor: { monotonicMs: 4000, serverAt: clock.now() - 1000, errorMs: 5 } }))
    await send('alarm', batch([condition(1, { monotonicMs: 4500 })]))
    expect(taken[0]).toMatchObject({ occurredAt: clock.now() - 500, uncertaintyMs: 5.025 })
  })
})

const nonceOf = async ({ post }: Awaited<ReturnType<typeof bench>>, claimId: string) =>
  (await post('/hub/v1/enrol-nonce', { v: 1, claimId })).json<{ nonce: string }>().nonce

describe('enrolment', () => {
  it('never names a claim so that a command line would take it for an option', async () => {
    const unlucky = { ...nodeHubCrypto(new Uint8Array(32)), randomId: () => '-x1' }
    const claims = new Enrolment(openJournal(':memory:').hubs, unlucky, new ManualClock())
    expect((await claims.createClaim({ name: 'Second' }, serverAdmin)).claimId).toBe('c--x1')
  })

  it('with a claim agreed on beforehand lets one hub in, open again at each start until it was used', async () => {
    const b = await bench()
    const { enrolment } = b.uplink
    const claim = { claimId: 'c-agreed-on', code: 'ABCD-EFGH-JKMN', name: 'First hub' }
    expect(await enrolment.offer(claim, serverAdmin)).toBe(true)
    b.clock.advance(11 * 60_000)
    expect(await enrolment.nonce('c-agreed-on')).toBeNull()
    expect(await enrolment.offer(claim, serverAdmin)).toBe(true)
    const enrol = async () =>
      b.post('/hub/v1/enrol', new SigningHub().enrolment(claim.claimId, claim.code, await nonceOf(b, claim.claimId)))
    expect((await enrol()).json()).toMatchObject({ keyId: expect.stringMatching(/^k-/) as string })
    expect((await enrol()).json()).toMatchObject({ code: 'claim_refused' })
    b.clock.advance(11 * 60_000)
    expect(await enrolment.offer(claim, serverAdmin)).toBe(false)
    expect(await enrolment.nonce('c-agreed-on')).toBeNull()
  })

  it('takes a code typed in lower case without dashes', async () => {
    const b = await bench()
    const claim = await b.uplink.enrolment.createClaim({ name: 'Second' }, serverAdmin)
    expect(claim.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/)
    const typed = claim.code.replaceAll('-', '').toLowerCase()
    const reply = await b.post(
      '/hub/v1/enrol',
      new SigningHub().enrolment(claim.claimId, typed, await nonceOf(b, claim.claimId)),
    )
    expect(reply.json()).toMatchObject({ hubId: claim.hubId, keyId: expect.stringMatching(/^k-/) as string })
  })

  it('answers the same key again, because a reply can be lost, and no other key', async () => {
    const b = await bench()
    const claim = await b.uplink.enrolment.createClaim({ name: 'Second' }, serverAdmin)
    const hub = new SigningHub()
    const enrol = async (who: SigningHub) =>
      b.post('/hub/v1/enrol', who.enrolment(claim.claimId, claim.code, await nonceOf(b, claim.claimId)))
    const first = await enrol(hub)
    expect((await enrol(hub)).json()).toEqual(first.json())
    expect((await enrol(new SigningHub())).json()).toMatchObject({ status: 403, code: 'claim_refused' })
  })

  it('counts five tries, then refuses the right code too', async () => {
    const b = await bench()
    const claim = await b.uplink.enrolment.createClaim({ name: 'Second' }, serverAdmin)
    const attempt = async (code: string) => {
      const nonce = (await nonceOf(b, claim.claimId)) ?? 'no-nonce-any-more'
      return (await b.post('/hub/v1/enrol', new SigningHub().enrolment(claim.claimId, code, nonce))).statusCode
    }
    for (let time = 0; time < 5; time += 1) expect(await attempt('0000-0000-0000')).toBe(403)
    expect(await attempt(claim.code)).toBe(403)
  })

  it('refuses a nonce used twice, a nonce older than 60 s, and a claim older than 10 min', async () => {
    const b = await bench()
    const claim = await b.uplink.enrolment.createClaim({ name: 'Second' }, serverAdmin)
    const enrol = async (nonce: string) =>
      (await b.post('/hub/v1/enrol', new SigningHub().enrolment(claim.claimId, claim.code, nonce))).statusCode
    const used = await nonceOf(b, claim.claimId)
    await b.post('/hub/v1/enrol', new SigningHub().enrolment(claim.claimId, '0000-0000-0000', used))
    expect(await enrol(used)).toBe(403)
    const old = await nonceOf(b, claim.claimId)
    b.clock.advance(60_000)
    expect(await enrol(old)).toBe(403)
    b.clock.advance(540_000)
    expect((await b.post('/hub/v1/enrol-nonce', { v: 1, claimId: claim.claimId })).statusCode).toBe(403)
  })

  it('refuses a signature by another key than the one presented', async () => {
    const b = await bench()
    const claim = await b.uplink.enrolment.createClaim({ name: 'Second' }, serverAdmin)
    const body = new SigningHub().enrolment(claim.claimId, claim.code, await nonceOf(b, claim.claimId))
    const reply = await b.post('/hub/v1/enrol', { ...body, publicKey: new SigningHub().publicKey })
    expect(reply.json()).toMatchObject({ code: 'bad_signature' })
  })

  it('gives a hub that enrols again a new key under its own id and revokes the old one', async () => {
    const b = await bench()
    const claim = await b.uplink.enrolment.createClaim({ name: 'Kitchen', hubId: b.hubId }, serverAdmin)
    const replacement = new SigningHub()
    const reply = await b.post(
      '/hub/v1/enrol',
      replacement.enrolment(claim.claimId, claim.code, await nonceOf(b, claim.claimId)),
    )
    expect(reply.json()).toMatchObject({ hubId: b.hubId })
    expect((await b.send('alarm', batch([condition(1)]))).json()).toMatchObject({ code: 'revoked' })
  })

  it('puts no code, key or signature into the log', async () => {
    const b = await bench()
    const claim = await b.uplink.enrolment.createClaim({ name: 'Second' }, serverAdmin)
    const body = new SigningHub().enrolment(claim.claimId, '0000-0000-0000', await nonceOf(b, claim.claimId))
    await b.post('/hub/v1/enrol', body)
    const log = JSON.stringify(b.logged)
    expect(log).toContain('An enrolment was refused.')
    for (const secret of ['0000-0000-0000', body.publicKey, body.signature, body.nonce])
      expect(log).not.toContain(secret)
  })
})
