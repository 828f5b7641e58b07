import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { occlusion, openServerBench, pump1, pumpReport, testOrigin } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

let bench: ServerBench
let nurse: string
let lead: string

beforeEach(async () => {
  bench = await openServerBench()
  bench.heartbeat([pumpReport(pump1)])
  nurse = await bench.signIn('nurse', 'm.osei')
  lead = await bench.signIn('lead', 'j.lind')
  await bench.condition(pump1, occlusion('ep-1'))
})
afterEach(() => bench.close())

let requests = 0
const post = (act: string, cookie: string, expectedVersion: number, more: object = {}) =>
  bench.app.inject({
    method: 'POST',
    url: `/api/v1/alarms/ep-1/${act}`,
    headers: { cookie, origin: testOrigin },
    payload: { requestId: `request-${(requests += 1)}`, expectedVersion, ...more },
  })
const shown = () => bench.picture.openAlarms()[0]

describe('handing an alarm over', () => {
  it('goes to a colleague who takes it over; until then it is the old owner’s', async () => {
    await post('accept', nurse, 0)
    expect((await post('hand-over', nurse, 1, { to: 'u-j.lind' })).statusCode).toBe(200)
    expect(shown()).toMatchObject({
      response: 'handed-over',
      owner: { name: 'm.osei' },
      handedTo: { userId: 'u-j.lind', name: 'j.lind' },
    })
    expect((await post('take-over', lead, 2)).statusCode).toBe(200)
    expect(shown()).toMatchObject({ response: 'accepted', owner: { name: 'j.lind' }, handedTo: null })
  })

  it('may be declined with a reason, or taken back', async () => {
    await post('accept', nurse, 0)
    await post('hand-over', nurse, 1, { to: 'u-j.lind' })
    expect((await post('decline-hand-over', lead, 2)).statusCode).toBe(400)
    expect((await post('decline-hand-over', lead, 2, { reason: 'on another call' })).statusCode).toBe(200)
    await post('hand-over', nurse, 3, { to: 'u-j.lind' })
    await post('withdraw-hand-over', nurse, 4)
    expect(shown()).toMatchObject({ response: 'accepted', owner: { name: 'm.osei' }, handedTo: null, version: 5 })
    const { history } = (await bench.app.inject({ url: '/api/v1/alarms/ep-1', headers: { cookie: nurse } })).json()
    expect(history.slice(2)).toMatchObject([
      { what: 'hand-over-offered', by: { name: 'm.osei' }, detail: { to: 'j.lind' } },
      { what: 'hand-over-declined', by: { name: 'j.lind' }, detail: { reason: 'on another call' } },
      { what: 'hand-over-offered' },
      { what: 'hand-over-withdrawn', by: { name: 'm.osei' } },
    ])
  })

  it('names only people who can take alarms', async () => {
    const engineer = await bench.signIn('engineer', 'r.costa')
    await post('accept', nurse, 0)
    for (const to of ['u-r.costa', 'u-nobody']) {
      const refused = await post('hand-over', nurse, 1, { to })
      expect([refused.statusCode, refused.json().detail]).toEqual([
        422,
        'There is nobody of that name who can take this alarm.',
      ])
    }
    expect((await post('take-over', engineer, 1)).statusCode).toBe(403)
    const colleagues = await bench.app.inject({ url: '/api/v1/colleagues', headers: { cookie: nurse } })
    expect(colleagues.json().colleagues).toEqual([
      { userId: 'u-j.lind', name: 'j.lind' },
      { userId: 'u-m.osei', name: 'm.osei' },
    ])
  })

  it('tells the other who was faster, and that nothing was offered', async () => {
    await post('accept', nurse, 0)
    const refused = await post('take-over', lead, 1)
    expect([refused.statusCode, refused.json().detail]).toEqual([422, 'This alarm was not handed over to you.'])
    await post('hand-over', nurse, 1, { to: 'u-j.lind' })
    await post('withdraw-hand-over', nurse, 2)
    const late = await post('take-over', lead, 2)
    expect([late.statusCode, late.json()]).toMatchObject([
      409,
      { detail: 'm.osei changed this alarm at 09:00:00. Look again.', alarm: { owner: { name: 'm.osei' } } },
    ])
  })
})
