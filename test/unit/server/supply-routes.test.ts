import { afterEach, beforeEach, expect, it } from 'vitest'
import { unassigned } from '#domain/assignment/assignment.ts'
import { Plan } from '#domain/assignment/plan.ts'
import { PumpId } from '#domain/ids.ts'
import { Supply } from '#domain/live/supply.ts'
import type { Role } from '#domain/live/views.ts'
import { TeamId } from '#domain/on-call/duty.ts'
import type { TelemetrySample } from '#domain/telemetry.ts'
import { followAssignments } from '#server/compose/assignments.ts'
import { osei } from '#test/support/live-fixtures.ts'
import { openServerBench, pump1, pump2, pumpReport } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

let bench: ServerBench
let counter = 0

const [p3, p4, p5, p6] = ['P-3', 'P-4', 'P-5', 'P-6'].map((id) => PumpId.parse(id))
if (p3 === undefined || p4 === undefined || p5 === undefined || p6 === undefined) throw new Error('six pumps')
const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const plan = Plan.parse({ starts: [{ weekdays: everyDay, at: '20:00', durationMinutes: 600 }] })

beforeEach(async () => {
  bench = await openServerBench()
  followAssignments(bench.book, bench)
  bench.heartbeat([pump1, pump2, p3, p4, p5, p6].map((pumpId) => pumpReport(pumpId, { statusIntervalMs: 10_000 })))
})
afterEach(() => bench.close())

const get = async (role: Role, query = '') =>
  bench.app.inject({
    url: `/api/v1/supply${query}`,
    headers: { cookie: await bench.signIn(role, `${role}${(counter += 1)}`) },
  })
const ask = async (query = ''): Promise<Supply> => Supply.parse((await get('nurse', query)).json())
const infusing = (changes: Partial<TelemetrySample> = {}): Partial<TelemetrySample> => ({
  operatingState: 'infusing',
  deliveryMode: 'continuous',
  rateMlPerHour: 100,
  ...changes,
})

it('puts first what runs out first, then what stands, what nobody can tell of, and what starts next', async () => {
  await bench.book.set(osei, p5, 0, { ...unassigned, label: 'Home 5', plan })
  bench.sampleOf(pump1, infusing({ programRemainingMl: 300, drugLabel: 'saline' }))
  bench.sampleOf(pump2, infusing({ programRemainingMl: 400, powerSource: 'onBattery', batteryMinutesRemaining: 30 }))
  bench.sampleOf(p3, { operatingState: 'paused', programRemainingMl: 50 })
  bench.sampleOf(p4, infusing())
  bench.sampleOf(p5, { operatingState: 'standby' })
  bench.sampleOf(p6, { operatingState: 'standby' })
  const supply = await ask()
  expect(supply.rows.map(({ pump, group, runsOut }) => [pump.pumpId, group, runsOut?.what])).toEqual([
    ['P-2', 'runs-out', 'battery'],
    ['P-1', 'runs-out', 'program'],
    ['P-3', 'stands', undefined],
    ['P-4', 'not-known', undefined],
    ['P-5', 'next-start', undefined],
  ])
  expect(supply.counts).toEqual({ 'runs-out': 2, stands: 1, 'not-known': 1, 'next-start': 1 })
  expect(supply.idle).toBe(1)
  expect(supply.rows[1]).toMatchObject({ drugLabel: 'saline', leftMl: 300, stale: false })
  // 20:00 of Berlin in winter
  expect(supply.rows[4]?.nextBag).toEqual({ at: Date.UTC(2026, 0, 5, 19), why: 'next-start' })
  expect((await ask('?offset=1&limit=2')).rows.map(({ pump }) => pump.pumpId)).toEqual(['P-1', 'P-3'])
})

it('says of an old word that it is old, and of a pump in use that it was never heard', async () => {
  await bench.book.set(osei, pump2, 0, { ...unassigned, label: 'Home 2' })
  bench.sampleOf(pump1, infusing({ programRemainingMl: 300 }))
  bench.clock.advance(60_000)
  const { rows } = await ask()
  expect(rows.map(({ pump, stale, end }) => [pump.pumpId, stale, end])).toEqual([
    ['P-1', true, expect.objectContaining({ how: 'at', earliest: null, latest: null })],
    ['P-2', true, { how: 'not-told', why: 'not-heard' }],
  ])
})

it('asks for one team alone', async () => {
  await bench.book.set(osei, pump1, 0, { ...unassigned, label: 'Home 1', teamId: TeamId.parse('north') })
  for (const pumpId of [pump1, pump2]) bench.sampleOf(pumpId, infusing({ programRemainingMl: 300 }))
  expect((await ask('?teamId=north')).rows.map(({ pump }) => pump.pumpId)).toEqual(['P-1'])
})

it('is for nurses and leads alone, and who looked is written down', async () => {
  bench.sampleOf(pump1, infusing({ programRemainingMl: 300 }))
  for (const role of ['engineer', 'admin', 'kiosk'] as const) expect((await get(role)).statusCode).toBe(403)
  expect((await get('lead')).statusCode).toBe(200)
  expect(bench.auditReader.find({ action: 'patient.view' }, 9).map(({ object }) => object)).toEqual(['pump:P-1'])
})
