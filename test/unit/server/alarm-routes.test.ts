import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hub1, occlusion, openServerBench, pump1, pumpReport, testOrigin } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

let bench: ServerBench

beforeEach(async () => {
  bench = await openServerBench()
  bench.heartbeat([pumpReport(pump1)])
})
afterEach(() => bench.close())

const post = (path: string, cookie: string, payload: object) =>
  bench.app.inject({
    method: 'POST',
    url: `/api/v1/alarms/${path}`,
    headers: { cookie, origin: testOrigin },
    payload,
  })
const accept = (cookie: string, requestId: string, expectedVersion = 0) =>
  post('ep-1/accept', cookie, { requestId, expectedVersion })
const get = (path: string, cookie: string) => bench.app.inject({ url: `/api/v1/${path}`, headers: { cookie } })

describe('accepting an alarm', () => {
  it('makes the nurse its owner, for everybody', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    const nurse = await bench.signIn('nurse', 'm.osei')
    const answer = await accept(nurse, 'request-a')
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({
      alarm: { episodeId: 'ep-1', response: 'accepted', owner: { name: 'm.osei' }, condition: 'active', version: 1 },
    })
    expect(bench.picture.openAlarms()).toMatchObject([{ owner: { name: 'm.osei' } }])
  })

  it('twice at once: one wins, the other is told who and when', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    const first = await bench.signIn('nurse', 'm.osei')
    const second = await bench.signIn('lead', 'j.lind')
    bench.clock.advance(5000)
    const answers = await Promise.all([accept(first, 'request-a'), accept(second, 'request-b')])
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 409])
    expect(answers[1].headers['content-type']).toContain('application/problem+json')
    expect(answers[1].json()).toMatchObject({
      code: 'conflict',
      detail: 'm.osei took this alarm at 09:00:05.',
      alarm: { owner: { name: 'm.osei' }, acceptedAt: Date.UTC(2026, 0, 5, 8, 0, 5) },
    })
  })

  it('the same request again, after a lost answer, is the same act', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    const nurse = await bench.signIn('nurse')
    expect((await accept(nurse, 'request-a')).statusCode).toBe(200)
    const again = await accept(nurse, 'request-a')
    expect(again.statusCode).toBe(200)
    expect(again.json()).toMatchObject({ alarm: { version: 1 } })
  })

  it('is refused to engineers and admins', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    for (const role of ['engineer', 'admin'] as const)
      expect((await accept(await bench.signIn(role), 'request-a')).json()).toMatchObject({
        status: 403,
        code: 'forbidden',
      })
    expect(bench.picture.openAlarms()).toMatchObject([{ response: 'new', owner: null }])
  })

  it('of an alarm that does not exist is 404, of a malformed request 400, without a session 401', async () => {
    const nurse = await bench.signIn('nurse')
    expect((await accept(nurse, 'request-a')).statusCode).toBe(404)
    expect((await post('ep-1/accept', nurse, { requestId: 'short' })).json()).toMatchObject({
      code: 'invalid_request',
      errors: [{ path: '/requestId' }],
    })
    expect((await post('ep-1/accept', nurse, { requestId: 'request-a', expectedVersion: 0, x: 1 })).statusCode).toBe(
      400,
    )
    expect((await accept('', 'request-a')).statusCode).toBe(401)
  })

  it('from a foreign page is refused', async () => {
    const nurse = await bench.signIn('nurse')
    const answer = await bench.app.inject({
      method: 'POST',
      url: '/api/v1/alarms/ep-1/accept',
      headers: { cookie: nurse, origin: 'https://evil.example' },
      payload: { requestId: 'request-a', expectedVersion: 0 },
    })
    expect(answer.json()).toMatchObject({ status: 403, code: 'foreign_origin' })
  })

  it('is answered 503 when the journal cannot store it, and nobody sees it done', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    const nurse = await bench.signIn('nurse')
    bench.faults.journal = 'SRV_JOURNAL_UNAVAILABLE'
    const answer = await accept(nurse, 'request-a')
    expect(answer.json()).toMatchObject({ status: 503, code: 'unavailable' })
    expect(answer.headers['retry-after']).toBe('2')
    expect(bench.picture.openAlarms()).toMatchObject([{ response: 'new', owner: null }])
    bench.faults.journal = null
    expect((await accept(nurse, 'request-a')).statusCode).toBe(200)
  })

  it('is decided again when another writer moved the alarm on meanwhile', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    bench.faults.journal = 'SRV_VERSION_CONFLICT'
    expect((await accept(await bench.signIn('nurse'), 'request-a')).statusCode).toBe(200)
    expect(bench.faults.journal).toBeNull()
  })
})

describe('an alarm’s way', () => {
  it('ends when the pump says so, is closed out by a nurse, and stays readable in history', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    const nurse = await bench.signIn('nurse')
    await accept(nurse, 'request-a')
    bench.clock.advance(20_000)
    await bench.condition(pump1, occlusion('ep-1', { phase: 'end', state: 'inactive' }))
    expect(bench.picture.openAlarms()).toMatchObject([{ condition: 'ended', response: 'accepted' }])

    const resolved = await post('ep-1/resolve', nurse, {
      requestId: 'request-b',
      expectedVersion: 1,
      class: 'true-and-acted',
      finding: 'kink-or-clamp',
      note: '',
    })
    expect(resolved.json()).toMatchObject({ alarm: { condition: 'closed', response: 'closed' } })
    expect(bench.picture.openAlarms()).toEqual([])

    expect((await get('alarms', nurse)).json()).toMatchObject({ alarms: [] })
    expect((await get('alarms?state=closed', nurse)).json()).toMatchObject({ alarms: [{ episodeId: 'ep-1' }] })
    const detail = (await get('alarms/ep-1', nurse)).json()
    expect(detail.history.map((entry: { what: string }) => entry.what)).toEqual([
      'opened',
      'accepted',
      'ended',
      'resolved',
      'closed',
    ])
  })

  it('cannot be accepted again once it is closed out: conflict', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    const nurse = await bench.signIn('nurse')
    await bench.condition(pump1, occlusion('ep-1', { phase: 'end', state: 'inactive' }))
    await post('ep-1/resolve', nurse, {
      requestId: 'request-b',
      expectedVersion: 0,
      class: 'false',
      finding: 'none',
      note: '',
    })
    const answer = await accept(nurse, 'request-c')
    expect(answer.statusCode).toBe(409)
    expect(answer.json()).toMatchObject({ alarm: { response: 'closed' } })
  })

  it('rejecting needs a reason and leaves the alarm without an owner', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    const nurse = await bench.signIn('nurse')
    expect(
      (await post('ep-1/reject', nurse, { requestId: 'request-a', expectedVersion: 0, reason: ' ' })).statusCode,
    ).toBe(400)
    const answer = await post('ep-1/reject', nurse, { requestId: 'request-a', expectedVersion: 0, reason: 'driving' })
    expect(answer.json()).toMatchObject({ alarm: { response: 'rejected', owner: null } })
  })

  it('shows in the pump’s chart', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    const nurse = await bench.signIn('nurse')
    const now = bench.clock.now()
    const history = await get(`pumps/P-1/history?from=${now - 1000}&to=${now + 1000}`, nurse)
    expect(history.json()).toMatchObject({ pumpId: 'P-1', alarms: [{ episodeId: 'ep-1' }] })
    expect((await get(`pumps/P-1/history?from=5&to=5`, nurse)).statusCode).toBe(400)
    expect((await get(`pumps/P-9/history?from=5&to=6`, nurse)).statusCode).toBe(404)
  })

  it('accepted high alarms are told to the hub that reported them', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    expect(bench.alarms.answered.acceptedHigh(hub1)).toEqual([])
    await accept(await bench.signIn('nurse'), 'request-a')
    expect(bench.alarms.answered.acceptedHigh(hub1)).toEqual(['ep-1'])
    expect(bench.alarms.answered.acceptedHigh('hub-2' as never)).toEqual([])
  })

  it('so are those that a nurse has closed out without taking them', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    const nurse = await bench.signIn('nurse')
    const body = { requestId: 'request-a', expectedVersion: 0, class: 'false', finding: 'none', note: '' }
    expect(bench.alarms.answered.closedOut(hub1)).toEqual([])
    expect((await post('ep-1/resolve', nurse, body)).statusCode).toBe(200)
    expect(bench.alarms.answered.acceptedHigh(hub1)).toEqual(['ep-1'])
    expect(bench.alarms.answered.closedOut(hub1)).toEqual(['ep-1'])
  })
})
