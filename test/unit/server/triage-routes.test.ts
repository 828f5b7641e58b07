import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { occlusion, openServerBench, pump1, pumpReport, testOrigin } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

let bench: ServerBench
let nurse: string

beforeEach(async () => {
  bench = await openServerBench()
  bench.heartbeat([pumpReport(pump1)])
  nurse = await bench.signIn('nurse', 'm.osei')
  await bench.condition(pump1, occlusion('ep-1'))
})
afterEach(() => bench.close())

let requests = 0
const record = {
  calledAt: Date.UTC(2026, 0, 5, 8, 1),
  spokeTo: 'carer',
  finding: 'kink-or-clamp',
  action: 'clamp opened on the phone',
  outcome: 'infusion runs',
  class: 'true-and-acted',
}
const put = (expectedVersion: number, more: object = {}, cookie = nurse) =>
  bench.app.inject({
    method: 'PUT',
    url: '/api/v1/alarms/ep-1/triage',
    headers: { cookie, origin: testOrigin },
    payload: { requestId: `request-${(requests += 1)}`, expectedVersion, ...record, ...more },
  })
const detail = async (cookie = nurse) =>
  (await bench.app.inject({ url: '/api/v1/alarms/ep-1', headers: { cookie } })).json()

describe('what was done about an alarm', () => {
  it('is written down, amended by the next version, and every version stays', async () => {
    const lead = await bench.signIn('lead', 'j.lind')
    expect((await put(0)).json()).toMatchObject({ triage: [{ version: 1, by: { name: 'm.osei' }, record }] })
    expect((await put(1, { class: 'false' }, lead)).statusCode).toBe(200)
    const { triage, history, alarm } = await detail()
    expect(triage).toMatchObject([
      { version: 1, by: { name: 'm.osei' }, record },
      { version: 2, by: { name: 'j.lind' }, record: { ...record, class: 'false' } },
    ])
    expect(history.at(-1)).toMatchObject({ what: 'triage-recorded', by: { name: 'j.lind' }, detail: { version: 2 } })
    expect(alarm).toMatchObject({ response: 'new', version: 0 })
  })

  it('is told to have changed when somebody else amended it meanwhile', async () => {
    await put(0)
    const late = await put(0, { class: 'false' })
    expect([late.statusCode, late.json().detail]).toEqual([
      409,
      'It was amended meanwhile. m.osei wrote version 1. Read it again.',
    ])
    expect((await detail()).triage).toHaveLength(1)
  })

  it('can still be written after the alarm was closed, and after a restart', async () => {
    await bench.condition(pump1, occlusion('ep-1', { phase: 'end', state: 'inactive' }))
    const act = { requestId: 'request-x', expectedVersion: 0, class: 'false', finding: 'none', note: '' }
    await bench.app.inject({
      method: 'POST',
      url: '/api/v1/alarms/ep-1/resolve',
      headers: { cookie: nurse, origin: testOrigin },
      payload: act,
    })
    expect((await put(0)).statusCode).toBe(200)
    const { alarms } = await bench.restarted()
    expect((await alarms.desk.detail('ep-1' as never))?.triage).toMatchObject([{ version: 1 }])
    const write = { episodeId: 'ep-1' as never, expectedVersion: 1, requestId: 'request-y', record: record as never }
    expect(await alarms.desk.record({ userId: 'u-1' as never, name: 'x' }, write)).toMatchObject({ outcome: 'ok' })
  })

  it('has bounds, and is for people who take alarms', async () => {
    expect((await put(0, { action: 'x'.repeat(501) })).statusCode).toBe(400)
    expect((await put(0, { patient: 'somebody' })).statusCode).toBe(400)
    const engineer = await bench.signIn('engineer', 'r.costa')
    expect((await put(0, {}, engineer)).statusCode).toBe(403)
    await put(0)
    expect((await detail(engineer)).triage).toEqual([])
  })
})

const get = (query: string, cookie = nurse) =>
  bench.app.inject({ url: `/api/v1/analytics?${query}`, headers: { cookie } })

describe('GET /api/v1/analytics', () => {
  const day = `from=${Date.UTC(2026, 0, 5)}&to=${Date.UTC(2026, 0, 6)}`

  it('counts real alarms and simulated ones apart, by code, pump, firmware and team', async () => {
    await put(0, { class: 'false' })
    const codes = (await get(day)).json()
    expect(codes).toMatchObject({
      by: 'code',
      simulated: false,
      total: { key: 'all', alarms: 1, judged: 1, false: 1, trueAndActed: 0, pagesPerAccepted: null, nightShare: 0 },
      rows: [{ key: 'occlusion-downstream', alarms: 1 }],
    })
    expect(codes.baselines).toContainEqual(expect.objectContaining({ value: 1.74, source: 'Vitoux 2018' }))
    expect((await get(`${day}&by=pump`)).json()).toMatchObject({ rows: [{ key: 'P-1' }] })
    expect((await get(`${day}&by=team`)).json()).toMatchObject({ rows: [{ key: '-' }] })
    expect((await get(`${day}&by=firmware`)).json()).toMatchObject({ rows: [{ key: '-' }] })
    expect((await get(`${day}&simulated=true`)).json()).toMatchObject({ total: { alarms: 0 }, rows: [] })
  })

  it('says what it cannot answer', async () => {
    expect((await get('from=5&to=5')).statusCode).toBe(400)
    expect((await get(`from=0&to=${93 * 86_400_000}`)).json()).toMatchObject({ detail: 'At most 92 days at once.' })
    expect((await get(day, '')).statusCode).toBe(401)
  })
})
