import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UserId } from '#domain/ids.ts'
import type { Role } from '#domain/live/views.ts'
import { defaultTeam } from '#domain/on-call/duty.ts'
import { Weekday } from '#domain/on-call/local-time.ts'
import { Rota } from '#domain/on-call/rota.ts'
import { leftOpen, leftOpenAlarm } from '#server/core/left-open.ts'
import { occlusion, openServerBench, pump1, pump2, pumpReport, testOrigin } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

let bench: ServerBench
type Who = readonly [Role, string]
const osei: Who = ['nurse', 'm.osei']
const adu: Who = ['nurse', 'k.adu']
const lind: Who = ['lead', 'j.lind']
const by = { userId: UserId.parse('u-j.lind'), name: 'j.lind' }
const hour = 3_600_000

let requests = 0
const call = async (as: Who, method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) => {
  const cookie = await bench.signIn(...as)
  const given = payload === undefined ? {} : { payload: { requestId: `request-${(requests += 1)}`, ...payload } }
  const answer = await bench.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { cookie, origin: testOrigin },
    ...given,
  })
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() }
}
const accept = (as: Who, episodeId: string) => call(as, 'POST', `/alarms/${episodeId}/accept`, { expectedVersion: 0 })
const found = () =>
  leftOpen({
    openAlarms: () => bench.picture.openAlarms(),
    watches: () => bench.watches.watches(),
    onCall: bench.onCall,
    clock: bench.clock,
  })

const shift = (from: string, to: string, userId: string) => ({
  weekdays: Weekday.options,
  from,
  to,
  place: 'primary',
  userId,
})

/** It is Monday, 08:00 UTC: osei until 10:00, adu until 18:00, then nobody. */
beforeEach(async () => {
  bench = await openServerBench()
  for (const who of [osei, adu, lind]) await bench.signIn(...who)
  await bench.onCall.refresh()
  const entries = [shift('06:00', '10:00', 'u-m.osei'), shift('10:00', '18:00', 'u-k.adu')]
  await bench.onCall.setRota(by, defaultTeam, 0, Rota.parse({ timeZone: 'UTC', entries, overrides: [] }))
  bench.heartbeat([pumpReport(pump1), pumpReport(pump2)])
  await bench.condition(pump1, occlusion('e-1'))
  await bench.condition(pump2, occlusion('e-2'))
})
afterEach(() => bench.close())

describe('a shift that ended without a hand-over', () => {
  it('names who left, ten minutes after the end, with what is still theirs', async () => {
    await accept(osei, 'e-1')
    await bench.watches.act({
      type: 'watch',
      pumpId: pump2,
      by: { userId: UserId.parse('u-m.osei'), name: 'm.osei' },
      at: bench.clock.now(),
      note: '',
    })
    bench.clock.advance(2 * hour + 9 * 60_000)
    expect(found()).toEqual([])
    bench.clock.advance(60_000)
    expect(found()).toEqual([
      {
        person: { userId: 'u-m.osei', name: 'm.osei' },
        shiftEndedAt: bench.clock.now() - 600_000,
        alarms: 1,
        pumps: 1,
      },
    ])
    const { body } = await call(adu, 'GET', '/hand-over')
    expect(body['leftOpen']).toMatchObject([{ person: { name: 'm.osei' }, alarms: 1, pumps: 1 }])
  })

  it('goes on for days, and does not concern who is on duty, who helps out, or what was handed over', async () => {
    await accept(osei, 'e-1')
    await accept(lind, 'e-2')
    bench.clock.advance(2 * hour + 600_000)
    expect(found().map(({ person }) => person.name)).toEqual(['m.osei'])
    bench.clock.advance(9 * hour)
    expect(found().map(({ person }) => person.name)).toEqual(['m.osei'])
    // Tuesday at 07:00 she is on duty again.
    bench.clock.advance(12 * hour)
    expect(found()).toEqual([])
    bench.clock.advance(3 * hour + 600_000)
    await call(osei, 'POST', '/hand-over/offer', { to: 'u-k.adu' })
    expect(found().map(({ person }) => person.name)).toEqual(['m.osei'])
    await call(adu, 'POST', '/hand-over/take', {})
    expect(found()).toEqual([])
  })

  it('is one alarm of the site, which ends with the hand-over', async () => {
    const alarm = leftOpenAlarm({
      leftOpen: found,
      isDemoPerson: () => false,
      system: (commands) => bench.alarms.system(commands),
      clock: bench.clock,
      newEpisodeId: bench.newEpisodeId,
      log: bench.log,
    })
    const shown = () => bench.picture.openAlarms().filter(({ code }) => code === 'hand-over-open')
    await accept(osei, 'e-1')
    await alarm.look()
    expect(shown()).toEqual([])
    bench.clock.advance(2 * hour + 600_000)
    await alarm.look()
    await alarm.look()
    expect(shown()).toMatchObject([
      {
        condition: 'active',
        priority: 'medium',
        pumpId: null,
        simulated: false,
        vendorText: 'off duty and not handed over: m.osei (alarms 1, watched pumps 0)',
      },
    ])
    await call(osei, 'POST', '/hand-over/offer', { to: 'u-k.adu' })
    await call(adu, 'POST', '/hand-over/take', {})
    await alarm.look()
    expect(shown()).toMatchObject([{ condition: 'ended' }])
  })
})

describe('accepting the sheet', () => {
  it('is kept, also with nothing to take', async () => {
    expect((await call(adu, 'GET', '/hand-over')).body['accepted']).toBeNull()
    const at = bench.clock.now()
    expect((await call(adu, 'POST', '/hand-over/take', {})).status).toBe(200)
    bench.clock.advance(1000)
    expect((await call(osei, 'GET', '/hand-over')).body['accepted']).toEqual({
      by: { userId: 'u-k.adu', name: 'k.adu' },
      at,
    })
  })

  it('is declined as a whole with a reason: everything stays with its owner, who sees why', async () => {
    await accept(osei, 'e-1')
    await bench.watches.act({
      type: 'watch',
      pumpId: pump2,
      by: { userId: UserId.parse('u-m.osei'), name: 'm.osei' },
      at: bench.clock.now(),
      note: 'If the bag runs out, then call',
    })
    await call(osei, 'POST', '/hand-over/offer', { to: 'u-k.adu' })
    expect((await call(adu, 'POST', '/hand-over/decline', {})).status).toBe(400)
    const { body } = await call(adu, 'POST', '/hand-over/decline', { reason: 'still on another call' })
    expect(body).toMatchObject({ alarms: [{ outcome: 'ok' }], pumps: [{ outcome: 'ok' }] })
    expect(bench.picture.openAlarms()[0]).toMatchObject({ owner: { name: 'm.osei' }, handedTo: null })
    expect(bench.watches.watch(pump2)).toMatchObject({ owner: { name: 'm.osei' }, offeredTo: null })
    const detail = await call(osei, 'GET', '/alarms/e-1')
    expect(detail.body['history']).toContainEqual(
      expect.objectContaining({ what: 'hand-over-declined', detail: { reason: 'still on another call' } }),
    )
  })
})
