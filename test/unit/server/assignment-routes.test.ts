import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UserId } from '#domain/ids.ts'
import type { Role } from '#domain/live/views.ts'
import { TeamId } from '#domain/on-call/duty.ts'
import { followAssignments } from '#server/compose/assignments.ts'
import { OfficeWatch } from '#server/core/office-watch.ts'
import { eventually } from '#test/support/eventually.ts'
import { osei } from '#test/support/live-fixtures.ts'
import { MemoryLiveFeed } from '#test/support/memory-live-feed.ts'
import { occlusion, openServerBench, pump1, pumpReport, testOrigin } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

let bench: ServerBench

const body = {
  expectedVersion: 0,
  label: 'Home 12',
  teamId: 'all',
  therapy: 'antibiotic',
  criticality: 'standard',
  timeZone: 'Europe/Berlin',
  plan: null,
}

beforeEach(async () => {
  bench = await openServerBench()
  followAssignments(bench.book, bench)
  bench.heartbeat([pumpReport(pump1)])
})
afterEach(() => bench.close())

const call = async (role: Role, method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, payload?: object) => {
  const cookie = await bench.signIn(role)
  const given = payload === undefined ? {} : { payload }
  return bench.app.inject({ method, url: `/api/v1${url}`, headers: { cookie, origin: testOrigin }, ...given })
}

describe('who may read and change what a pump is used for', () => {
  it.each([
    ['nurse', 200, 403],
    ['lead', 200, 200],
    ['engineer', 403, 403],
    ['admin', 403, 403],
  ] as const)('%s: reads %i, changes %i', async (role, reads, changes) => {
    expect((await call(role, 'PUT', '/assignments/P-1', { ...body, phone: '+49 30 1' })).statusCode).toBe(changes)
    if (changes !== 200) await call('lead', 'PUT', '/assignments/P-1', { ...body, phone: '+49 30 1' })
    expect((await call(role, 'GET', '/assignments')).statusCode).toBe(reads)
    expect((await call(role, 'GET', '/assignments/P-1/phone')).statusCode).toBe(reads)
    expect((await call(role, 'GET', '/assignments/P-1/history')).statusCode).toBe(reads)
    expect((await call(role, 'DELETE', '/assignments/P-1?expectedVersion=1')).statusCode).toBe(changes)
  })
})

describe('a change of an assignment', () => {
  it('reaches the wall in one update, and the alarm in the same breath', async () => {
    const feed = new MemoryLiveFeed()
    await bench.condition(pump1, occlusion('e-1', { priority: 'medium' }))
    bench.picture.publishTo(feed)
    await call('lead', 'PUT', '/assignments/P-1', body)
    await eventually(() => bench.picture.openAlarms()[0]?.criticality === 'standard')
    expect(bench.picture.pump(pump1)).toMatchObject({ label: 'Home 12', criticality: 'standard' })
    expect(feed.updates.flatMap(({ changes }) => changes.map(({ kind }) => kind))).toEqual(['pump', 'alarm'])
  })

  it('makes the alarm of a hub that nobody hears as urgent as its pumps now are, and takes it back', async () => {
    await call('lead', 'PUT', '/assignments/P-1', body)
    bench.sample(pump1, 5)
    bench.links.start()
    await bench.clock.advanceAsync(30_000)
    const shown = () => bench.picture.openAlarms().map(({ code, priority }) => `${code} ${priority}`)
    expect(shown()).toEqual(['link-lost-hub medium'])
    await call('lead', 'PUT', '/assignments/P-1', { ...body, expectedVersion: 1, criticality: 'critical' })
    await eventually(() => shown()[0] === 'link-lost-hub high')
    await call('lead', 'PUT', '/assignments/P-1', { ...body, expectedVersion: 2 })
    await eventually(() => shown()[0] === 'link-lost-hub medium')
    expect(shown()).toHaveLength(1)
  })

  it('while the journal is full reaches the alarm of the hub when it stores again', async () => {
    await call('lead', 'PUT', '/assignments/P-1', body)
    bench.sample(pump1, 5)
    bench.links.start()
    await bench.clock.advanceAsync(30_000)
    bench.faults.journal = 'SRV_JOURNAL_UNAVAILABLE'
    await call('lead', 'PUT', '/assignments/P-1', { ...body, expectedVersion: 1, criticality: 'critical' })
    await bench.clock.advanceAsync(2_000)
    expect(bench.picture.openAlarms()).toMatchObject([{ code: 'link-lost-hub', priority: 'medium' }])
    bench.faults.journal = null
    await bench.clock.advanceAsync(1_000)
    expect(bench.picture.openAlarms()).toMatchObject([{ code: 'link-lost-hub', priority: 'high' }])
  })

  it('makes the alarm of a pump that nobody hears as urgent as its therapy now is', async () => {
    await call('lead', 'PUT', '/assignments/P-1', body)
    bench.sample(pump1, 5)
    await bench.event(pump1, 'link-down')
    expect(bench.picture.openAlarms()).toMatchObject([{ code: 'link-lost-pump', priority: 'medium' }])
    await call('lead', 'PUT', '/assignments/P-1', { ...body, expectedVersion: 1, criticality: 'critical' })
    await eventually(() => bench.picture.openAlarms()[0]?.priority === 'high')
  })

  it('keeps the number to itself: no list, no picture and no answer holds it, its own request does', async () => {
    const put = await call('lead', 'PUT', '/assignments/P-1', { ...body, phone: '+49 30 555' })
    const texts = [
      put.body,
      (await call('nurse', 'GET', '/assignments')).body,
      JSON.stringify(bench.picture.snapshot()),
    ]
    expect(texts.filter((text) => text.includes('555'))).toEqual([])
    expect(put.json()).toMatchObject({ assignment: { details: { hasPhone: true } } })
    expect((await call('nurse', 'GET', '/assignments/P-1/phone')).json()).toMatchObject({ phone: '+49 30 555' })
  })

  it('a number that is left out stays, null removes it', async () => {
    await call('lead', 'PUT', '/assignments/P-1', { ...body, phone: '+49 30 555' })
    await call('lead', 'PUT', '/assignments/P-1', { ...body, expectedVersion: 1, label: 'Home 13' })
    expect(bench.book.get(pump1)).toMatchObject({ label: 'Home 13', phone: '+49 30 555' })
    await call('lead', 'PUT', '/assignments/P-1', { ...body, expectedVersion: 2, phone: null })
    expect(bench.book.get(pump1)?.phone).toBeNull()
  })

  it('from an older version is refused and says who was faster', async () => {
    await call('lead', 'PUT', '/assignments/P-1', body)
    const late = await call('lead', 'PUT', '/assignments/P-1', { ...body, label: 'Home 9' })
    expect(late.statusCode).toBe(409)
    expect(late.json()).toMatchObject({ code: 'conflict', detail: expect.stringContaining('made by lead meanwhile') })
    expect(bench.book.get(pump1)?.label).toBe('Home 12')
  })

  it('a pump that is free again has no bed and counts as critical', async () => {
    await call('lead', 'PUT', '/assignments/P-1', body)
    await call('lead', 'DELETE', '/assignments/P-1?expectedVersion=1')
    await eventually(() => bench.picture.pump(pump1)?.criticality === 'unknown')
    expect(bench.picture.pump(pump1)?.label).toBeNull()
    expect((await call('nurse', 'GET', '/assignments/P-1/phone')).statusCode).toBe(404)
  })

  it('a pump of a laboratory gets no label of a bed', async () => {
    bench.heartbeat([pumpReport(pump1, { protocol: 'new-era-ne1000' })])
    await call('lead', 'PUT', '/assignments/P-1', body)
    expect(bench.picture.pump(pump1)).toMatchObject({ label: null, criticality: 'standard' })
  })
})

describe('a command beside the server', () => {
  it('is followed within 5 s, also after the store failed once', async () => {
    let position = 1
    let refreshed = 0
    let broken = false
    const watch = new OfficeWatch({
      outsideWrites: () => position,
      refresh: async () => {
        if (broken) throw new Error('busy')
        refreshed += 1
      },
      scheduler: bench.clock,
      log: bench.log,
    })
    watch.start()
    const fiveSeconds = async (): Promise<void> => {
      bench.clock.advance(5000)
      await eventually(() => bench.clock.pending === waiting)
    }
    const waiting = bench.clock.pending
    await fiveSeconds()
    expect(refreshed).toBe(0)
    position = 2
    broken = true
    await fiveSeconds()
    broken = false
    await fiveSeconds()
    expect(refreshed).toBe(1)
    watch[Symbol.dispose]()
    position = 3
    bench.clock.advance(20_000)
    expect(refreshed).toBe(1)
  })
})

const assign = (role: Role, teamId: string, pumps: readonly (readonly [string, number])[]) =>
  call(role, 'POST', '/assignments/team', {
    teamId,
    pumps: pumps.map(([pumpId, expectedVersion]) => ({ pumpId, expectedVersion })),
  })
const teams = () => bench.book.all().map(({ pumpId, version, details }) => [pumpId, version, details?.teamId])

describe('another team for many pumps at once', () => {
  beforeEach(async () => {
    await call('lead', 'PUT', '/assignments/P-1', body)
    await bench.onCall.addTeam(osei, TeamId.parse('north'), 'North')
    await bench.onCall.addTeam(osei, TeamId.parse('south'), 'South')
    for (const team of ['all', 'north'])
      await bench.onCall.setMembers(osei, TeamId.parse(team), [UserId.parse('u-lead')])
  })

  it('changes the team and nothing else, and is written down with who did it', async () => {
    const answer = await assign('lead', 'north', [
      ['P-1', 1],
      ['P-2', 0],
    ])
    expect(answer.json()).toMatchObject({ changed: ['P-1', 'P-2'] })
    expect(teams()).toEqual([
      ['P-1', 2, 'north'],
      ['P-2', 1, 'north'],
    ])
    expect(bench.book.stretch(pump1)).toMatchObject({
      details: { label: 'Home 12', therapy: 'antibiotic', criticality: 'standard' },
      changedBy: { name: 'lead' },
    })
    expect((await assign('lead', 'north', [['P-1', 2]])).json()).toMatchObject({ changed: [] })
  })

  it('changes none of them when one was changed meanwhile, and says which', async () => {
    const answer = await assign('lead', 'north', [
      ['P-2', 0],
      ['P-1', 7],
    ])
    expect(answer.statusCode).toBe(409)
    expect(answer.json()).toMatchObject({ detail: expect.stringContaining('P-1') })
    expect(teams()).toEqual([['P-1', 1, 'all']])
  })

  it('is for leads, among their own teams', async () => {
    expect((await assign('lead', 'south', [['P-1', 1]])).statusCode).toBe(404)
    expect((await assign('lead', 'west', [['P-1', 1]])).statusCode).toBe(404)
    expect((await assign('nurse', 'north', [['P-1', 1]])).statusCode).toBe(403)
    expect((await assign('engineer', 'north', [['P-1', 1]])).statusCode).toBe(403)
    const twice = [
      ['P-1', 1],
      ['P-1', 1],
    ] as const
    expect((await assign('lead', 'north', twice)).statusCode).toBe(400)
    expect(teams()).toEqual([['P-1', 1, 'all']])
  })
})
