import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UserId } from '#domain/ids.ts'
import type { Role } from '#domain/live/views.ts'
import { defaultTeam } from '#domain/on-call/duty.ts'
import { Weekday } from '#domain/on-call/local-time.ts'
import { WatchBook } from '#server/core/watch-book.ts'
import { occlusion, openServerBench, pump1, pump2, pumpReport, testOrigin } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

let bench: ServerBench

type Who = readonly [Role, string]
const osei: Who = ['nurse', 'm.osei']
const adu: Who = ['nurse', 'k.adu']
const lind: Who = ['lead', 'j.lind']
const by = { userId: UserId.parse('u-test'), name: 'test' }

beforeEach(async () => {
  bench = await openServerBench()
  for (const who of [osei, adu, lind]) await bench.signIn(...who)
  await bench.onCall.refresh()
  bench.heartbeat([pumpReport(pump1), pumpReport(pump2)])
  await bench.condition(pump1, occlusion('e-1'))
  await bench.condition(pump2, occlusion('e-2'))
})
afterEach(() => bench.close())

let request = 0
const call = async (as: Who, method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) => {
  const cookie = await bench.signIn(...as)
  const given = payload === undefined ? {} : { payload }
  const answer = await bench.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { cookie, origin: testOrigin },
    ...given,
  })
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() }
}
const shift = (as: Who, act: 'offer' | 'take' | 'withdraw', changes: object = {}) =>
  call(as, 'POST', `/hand-over/${act}`, { requestId: `request-${(request += 1)}`, ...changes })
const accept = (as: Who, episodeId: string) => {
  const alarm = bench.picture.openAlarms().find((one) => one.episodeId === episodeId)
  return call(as, 'POST', `/alarms/${episodeId}/accept`, {
    requestId: `request-${(request += 1)}`,
    expectedVersion: alarm?.version ?? 0,
  })
}
const owners = () => bench.picture.openAlarms().map(({ episodeId, owner }) => [episodeId, owner?.name ?? null])
const toAdu = { to: 'u-k.adu' }

describe('the end of a shift', () => {
  it('offers all at once; until it is taken everything stays where it was; one act takes it all', async () => {
    await accept(osei, 'e-1')
    await accept(osei, 'e-2')
    await call(osei, 'PUT', `/watched/${pump2}`, { note: 'bag is nearly empty' })
    const offered = await shift(osei, 'offer', toAdu)
    expect(offered.body).toMatchObject({
      alarms: [{ outcome: 'ok' }, { outcome: 'ok' }],
      pumps: [{ pumpId: pump2, outcome: 'ok' }],
    })
    expect(owners()).toEqual([
      ['e-1', 'm.osei'],
      ['e-2', 'm.osei'],
    ])
    expect((await shift(adu, 'take')).body).toMatchObject({ alarms: [{ outcome: 'ok' }, { outcome: 'ok' }] })
    expect(owners()).toEqual([
      ['e-1', 'k.adu'],
      ['e-2', 'k.adu'],
    ])
    expect(bench.watches.watch(pump2)).toMatchObject({ owner: { name: 'k.adu' }, offeredTo: null })
  })

  it('leaves alone what belongs to others, and what was not offered cannot be taken', async () => {
    await accept(osei, 'e-1')
    await accept(lind, 'e-2')
    await shift(osei, 'offer', toAdu)
    expect((await shift(lind, 'take')).body).toMatchObject({ alarms: [], pumps: [] })
    await shift(adu, 'take')
    expect(owners()).toEqual([
      ['e-1', 'k.adu'],
      ['e-2', 'j.lind'],
    ])
  })

  it('takes offers back that nobody took', async () => {
    await accept(osei, 'e-1')
    await call(osei, 'PUT', `/watched/${pump2}`, { note: '' })
    await shift(osei, 'offer', toAdu)
    await shift(osei, 'withdraw')
    expect((await shift(adu, 'take')).body).toMatchObject({ alarms: [], pumps: [] })
    expect(owners()[0]).toEqual(['e-1', 'm.osei'])
    expect(bench.watches.watch(pump2)).toMatchObject({ owner: { name: 'm.osei' }, offeredTo: null })
  })

  it('is done once when the answer was lost and it is asked again', async () => {
    await accept(osei, 'e-1')
    const again = { ...toAdu, requestId: 'the-same-request' }
    await shift(osei, 'offer', again)
    await shift(osei, 'offer', again)
    const { body } = await call(osei, 'GET', '/alarms/e-1')
    expect(JSON.stringify(body).match(/hand-over-offered/g)).toHaveLength(1)
  })

  it('goes to somebody who can take alarms, and to nobody else', async () => {
    await bench.signIn('engineer', 'r.costa')
    await bench.onCall.refresh()
    expect((await shift(osei, 'offer', { to: 'u-r.costa' })).status).toBe(400)
    expect((await shift(['engineer', 'r.costa'], 'take')).status).toBe(403)
  })

  it('is the same after a restart', async () => {
    await accept(osei, 'e-1')
    await call(osei, 'PUT', `/watched/${pump2}`, { note: 'x' })
    await shift(osei, 'offer', toAdu)
    const again = new WatchBook(bench.watchJournal)
    await again.rebuild()
    expect(again.watches()).toEqual(bench.watches.watches())
    const { picture } = await bench.restarted()
    expect(picture.openAlarms()[0]).toMatchObject({ owner: { name: 'm.osei' }, handedTo: { name: 'k.adu' } })
  })
})

describe('the sheet of a shift', () => {
  it('names open alarms with owner and last act, unowned first, watched pumps, and who comes next', async () => {
    await bench.book.set(by, pump1, 0, {
      label: 'Home 12',
      phone: '+49 30 555',
      teamId: defaultTeam,
      therapy: null,
      criticality: 'standard',
      timeZone: null,
      plan: null,
    })
    const entry = { weekdays: [...Weekday.options], place: 'primary' as const }
    await bench.onCall.setRota(by, defaultTeam, 0, {
      timeZone: 'Europe/Berlin',
      entries: [
        { ...entry, from: '07:00', to: '19:00', userId: UserId.parse('u-m.osei') },
        { ...entry, from: '19:00', to: '07:00', userId: UserId.parse('u-k.adu') },
      ],
      overrides: [],
    })
    await accept(osei, 'e-1')
    await call(adu, 'PUT', `/watched/${pump1}`, { note: 'bag is nearly empty' })
    const { body } = await call(lind, 'GET', '/hand-over')
    expect(body).toMatchObject({
      teamId: 'all',
      timeZone: 'Europe/Berlin',
      now: { primary: { name: 'm.osei' } },
      next: { at: bench.clock.now() + 10 * 3_600_000, duty: { primary: { name: 'k.adu' } } },
      alarms: [
        { alarm: { episodeId: 'e-2', owner: null }, label: null, lastAct: null },
        { alarm: { episodeId: 'e-1' }, label: 'Home 12', lastAct: { by: { name: 'm.osei' } } },
      ],
      watched: [{ pumpId: pump1, label: 'Home 12', owner: { name: 'k.adu' }, note: 'bag is nearly empty' }],
    })
    expect(JSON.stringify(body)).not.toContain('555')
  })

  it('of another team is not there', async () => {
    expect((await call(osei, 'GET', '/hand-over?teamId=north')).status).toBe(404)
  })
})

describe('watching a pump', () => {
  it('is one person’s: another writes a note and cannot end it', async () => {
    await call(osei, 'PUT', `/watched/${pump1}`, { note: 'a' })
    await call(adu, 'PUT', `/watched/${pump1}`, { note: 'called at 9' })
    expect(bench.watches.watch(pump1)).toMatchObject({ owner: { name: 'm.osei' }, note: 'called at 9' })
    expect((await call(adu, 'DELETE', `/watched/${pump1}`)).status).toBe(422)
    expect((await call(osei, 'DELETE', `/watched/${pump1}`)).status).toBe(200)
    expect(bench.watches.watches()).toEqual([])
    expect((await call(osei, 'PUT', '/watched/P-9', { note: '' })).status).toBe(404)
  })
})
