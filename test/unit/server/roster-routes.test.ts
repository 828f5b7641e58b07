import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unassigned } from '#domain/assignment/assignment.ts'
import { BootId, ChannelId } from '#domain/ids.ts'
import { Completeness, PumpAbout } from '#domain/live/pump-about.ts'
import { Roster } from '#domain/live/roster.ts'
import { emptySample } from '#domain/telemetry.ts'
import { instant } from '#domain/time.ts'
import { testOrigin, hub1, occlusion, openServerBench, pump1, pump2, pumpReport } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'
import { osei } from '#test/support/live-fixtures.ts'

let bench: ServerBench

beforeEach(async () => {
  bench = await openServerBench()
  await bench.book.set(osei, pump1, 0, {
    ...unassigned,
    label: 'North 12',
    phone: '+49 30 555',
    therapy: 'pain',
    plan: {
      starts: [
        {
          weekdays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
          at: '20:00',
          durationMinutes: 60,
          volumeMl: null,
          rateMlPerHour: null,
        },
      ],
    },
  })
  await bench.book.set(osei, pump2, 0, { ...unassigned, label: 'North 21' })
  bench.heartbeat([pumpReport(pump1), pumpReport(pump2)])
  bench.sample(pump1, 2)
})
afterEach(() => bench.close())

const ask = async (role: 'nurse' | 'engineer', body: object = {}): Promise<Roster> => {
  const cookie = await bench.signIn(role, `${role}-${JSON.stringify(body).length}`)
  const answer = await bench.app.inject({
    method: 'POST',
    url: '/api/v1/roster',
    headers: { cookie, origin: testOrigin },
    payload: body,
  })
  expect(answer.statusCode).toBe(200)
  return Roster.parse(answer.json())
}
const get = async (role: 'nurse' | 'engineer', url: string) => {
  const cookie = await bench.signIn(role, `${role}-of-${url.length}`)
  return await bench.app.inject({ url, headers: { cookie } })
}

const missed = (id: string, changes = {}) => occlusion(id, { code: 'missed-start', priority: 'medium', ...changes })

describe('the roster', () => {
  it('tells a nurse label, use and which labels are alike, and gives only the window she asked for', async () => {
    const roster = await ask('nurse', { limit: 1 })
    expect(roster).toMatchObject({ matched: 2, total: 2, untold: 0 })
    expect(roster.rows).toHaveLength(1)
    expect(roster.rows[0]).toMatchObject({
      pump: { pumpId: pump1, label: 'North 12' },
      use: { teamId: 'all', therapy: 'pain', hasPhone: true },
      alike: [{ pumpId: pump2, label: 'North 21' }],
    })
    expect(roster.rows[0]?.use?.nextRun?.startsAt).toBeGreaterThan(bench.clock.now())
    expect(JSON.stringify(roster)).not.toContain('+49 30 555')
    expect((await ask('nurse', { offset: 1 })).rows.map(({ pump }) => pump.pumpId)).toEqual([pump2])
  })

  it('tells an engineer nothing of a patient: no label, no use, and a label is not found either', async () => {
    const roster = await ask('engineer')
    expect(roster.rows.map(({ pump, use, alike }) => [pump.label, use, alike])).toEqual([
      [null, null, []],
      [null, null, []],
    ])
    expect(roster.teams).toEqual([])
    expect((await ask('engineer', { search: 'north' })).matched).toBe(0)
    expect((await ask('nurse', { search: 'north 21' })).rows.map(({ pump }) => pump.pumpId)).toEqual([pump2])
  })

  it('counts the pumps that do not say what a view asks for', async () => {
    expect(await ask('nurse', { filter: 'ending' })).toMatchObject({ matched: 0, untold: 2 })
  })

  it('lists who has missed a planned start, and who made it late', async () => {
    await bench.condition(pump1, missed('m-1'))
    await bench.condition(pump2, missed('m-2'))
    await bench.condition(pump2, missed('m-2', { phase: 'end', state: 'inactive' }))
    const { rows } = await ask('nurse', { filter: 'adherence' })
    expect(rows.map(({ pump, adherence }) => [pump.pumpId, adherence])).toEqual([
      [pump1, 'missed'],
      [pump2, 'late'],
    ])
  })

  it('refuses a window of thousands', async () => {
    const cookie = await bench.signIn('nurse')
    const answer = await bench.app.inject({
      method: 'POST',
      url: '/api/v1/roster',
      headers: { cookie, origin: testOrigin },
      payload: { limit: 5000 },
    })
    expect(answer.statusCode).toBe(400)
  })
})

describe('what a pump is about', () => {
  it('tells a nurse its use, and an engineer none', async () => {
    const url = `/api/v1/pumps/${pump1}/about`
    const nurse = PumpAbout.parse((await get('nurse', url)).json())
    expect(nurse.use).toMatchObject({ teamName: expect.any(String), therapy: 'pain', hasPhone: true })
    expect(PumpAbout.parse((await get('engineer', url)).json()).use).toBeNull()
    expect((await get('nurse', '/api/v1/pumps/P-404/about')).statusCode).toBe(404)
  })

  it('tells events with their numbers and none of their words', async () => {
    await bench.event(pump1, 'link-down')
    const { events } = PumpAbout.parse((await get('nurse', `/api/v1/pumps/${pump1}/about`)).json())
    expect(events).toEqual([{ at: bench.clock.now(), uncertaintyMs: 0, event: 'link-down', from: null, to: null }])
  })

  it('tells how many readings are stored of those of a day', async () => {
    const now = bench.clock.now()
    await bench.telemetry.write(
      Array.from({ length: 3600 }, (_, at) => ({
        hubId: hub1,
        pumpId: pump1,
        bootId: BootId.parse('boot-1'),
        seq: at + 1,
        occurredAt: instant(now - 3_600_000 + at * 1000),
        late: false,
        sample: emptySample(ChannelId.parse('1'), pump1),
      })),
    )
    const told = Completeness.parse((await get('engineer', `/api/v1/pumps/${pump1}/completeness`)).json())
    expect(told).toMatchObject({ expected: 86_400, stored: 3600 })
    expect(told.percent).toBeCloseTo(100 / 24, 1)
  })
})
