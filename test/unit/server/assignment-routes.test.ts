import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Role } from '#domain/live/views.ts'
import { followAssignments } from '#server/compose/assignments.ts'
import { OfficeWatch } from '#server/core/office-watch.ts'
import { eventually } from '#test/support/eventually.ts'
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

const call = async (role: Role, method: 'GET' | 'PUT' | 'DELETE', url: string, payload?: object) => {
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
