import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UserId } from '#domain/ids.ts'
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
const post = async (act: string, cookie: string, expectedVersion: number, more: object = {}, episode = 'ep-1') => {
  const answer = await bench.app.inject({
    method: 'POST',
    url: `/api/v1/alarms/${episode}/${act}`,
    headers: { cookie, origin: testOrigin },
    payload: { requestId: `request-${(requests += 1)}`, expectedVersion, ...more },
  })
  return [answer.statusCode, answer.json().detail ?? answer.json().alarm] as const
}
const reason = { reason: 'does not answer' }

describe('a check-in', () => {
  it('is the owner’s alone', async () => {
    await post('accept', nurse, 0)
    expect(await post('check-in', nurse, 1)).toMatchObject([200, { version: 2, next: { step: 'check-in' } }])
    expect((await post('check-in', lead, 2))[0]).toBe(409)
  })
})

describe('taking an alarm from its owner', () => {
  it('is refused to a nurse while the owner can be reached, and open to a lead with a reason', async () => {
    await post('accept', nurse, 0)
    const other = await bench.signIn('nurse', 'k.adu')
    expect(await post('take-from', other, 1, reason)).toEqual([
      422,
      'Its owner can be reached. Ask her to hand it over, or ask a lead to take it.',
    ])
    expect((await post('take-from', lead, 1))[0]).toBe(400)
    expect(await post('take-from', lead, 1, reason)).toMatchObject([
      200,
      { owner: { name: 'j.lind' }, formerOwner: { person: { name: 'm.osei' }, why: 'taken-from', ...reason } },
    ])
    const { history } = (await bench.app.inject({ url: '/api/v1/alarms/ep-1', headers: { cookie: nurse } })).json()
    expect(history.at(-1)).toMatchObject({
      what: 'taken-from',
      by: { name: 'j.lind' },
      detail: { from: 'm.osei', ...reason },
    })
  })
})

describe('an escalation', () => {
  it('names somebody who can act, or nobody for whoever is next', async () => {
    expect(await post('escalate', nurse, 0, { to: 'u-j.lind' })).toMatchObject([
      200,
      { version: 0, owner: null, escalated: { by: { name: 'm.osei' }, to: { name: 'j.lind' } } },
    ])
    expect(await post('escalate', nurse, 0, { to: null })).toMatchObject([200, { escalated: { to: null } }])
    expect(await post('escalate', nurse, 0, { to: 'u-nobody' })).toEqual([
      422,
      'There is nobody of that name who can take this alarm.',
    ])
    const engineer = await bench.signIn('engineer', 'r.costa')
    expect((await post('escalate', engineer, 0, { to: null }))[0]).toBe(403)
  })
})

describe('the shelf', () => {
  beforeEach(() => bench.condition(pump1, occlusion('ep-2', { code: 'reservoir-low', priority: 'low' })))

  it('is for leads and low alarms, for at most an hour', async () => {
    const half = { ...reason, minutes: 30 }
    expect((await post('shelve', nurse, 0, half, 'ep-2'))[0]).toBe(403)
    expect((await post('shelve', lead, 0, { ...reason, minutes: 61 }, 'ep-2'))[0]).toBe(400)
    expect(await post('shelve', lead, 0, half, 'ep-1')).toEqual([422, 'Only a low alarm can be shelved.'])
    expect(await post('shelve', lead, 0, half, 'ep-2')).toMatchObject([200, { shelved: { by: { name: 'j.lind' } } }])
    expect(await post('unshelve', nurse, 1, {}, 'ep-2')).toMatchObject([200, { shelved: null }])
  })

  it('is as closed to a nurse over the live feed', async () => {
    const command = {
      kind: 'shelve',
      requestId: 'request-live',
      episodeId: bench.picture.openAlarms()[1]?.episodeId ?? expect.fail(),
      expectedVersion: 0,
      minutes: 30,
      ...reason,
    } as const
    const by = { userId: UserId.parse('u-m.osei'), name: 'm.osei' }
    expect(await bench.alarms.desk.act(by, command, 'nurse')).toEqual({
      outcome: 'refused',
      message: 'Your role cannot do this.',
    })
  })
})
