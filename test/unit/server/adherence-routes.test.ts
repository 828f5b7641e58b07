import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unassigned } from '#domain/assignment/assignment.ts'
import { Plan } from '#domain/assignment/plan.ts'
import { BootId, ChannelId } from '#domain/ids.ts'
import type { PumpId } from '#domain/ids.ts'
import { PumpAdherence, TeamAdherence } from '#domain/live/adherence.ts'
import type { Role } from '#domain/live/views.ts'
import { followAssignments } from '#server/compose/assignments.ts'
import { emptySample } from '#domain/telemetry.ts'
import { instant } from '#domain/time.ts'
import { osei } from '#test/support/live-fixtures.ts'
import { hub1, openServerBench, pump1, pump2, pumpReport } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

let bench: ServerBench
let seq = 0

/** A night from 20:00 to 22:00 in Berlin, 200 mL. */
const plan = Plan.parse({ starts: [{ weekdays: everyDay, at: '20:00', durationMinutes: 120, volumeMl: 200 }] })

beforeEach(async () => {
  bench = await openServerBench()
  followAssignments(bench.book, bench)
  bench.heartbeat([pumpReport(pump1, { statusIntervalMs: 5 * minute }), pumpReport(pump2)])
  await bench.book.set(osei, pump1, 0, { ...unassigned, label: 'Home 1', therapy: 'antibiotic', plan })
})
afterEach(() => bench.close())

/** Every five minutes of [from, to): 100 mL/h in the planned hours of every evening. */
const reports = async (pumpId: PumpId, from: number, to: number, delivers: (at: number) => boolean): Promise<void> => {
  let totalMl = 0
  for (let at = from; at < to; at += 5 * minute) {
    const flows = delivers(at)
    if (flows) totalMl += 100 / 12
    await bench.telemetry.write([
      {
        hubId: hub1,
        pumpId,
        bootId: BootId.parse('boot-1'),
        seq: (seq += 1),
        occurredAt: instant(at),
        late: false,
        sample: {
          ...emptySample(ChannelId.parse('1'), pumpId),
          operatingState: flows ? 'infusing' : 'standby',
          rateMlPerHour: flows ? 100 : 0,
          infusedTotalMl: totalMl,
        },
      },
    ])
  }
}

const get = async (role: Role, url: string) =>
  bench.app.inject({ url: `/api/v1${url}`, headers: { cookie: await bench.signIn(role, `${role}${(seq += 1)}`) } })
const ofPump = async (query = '') => PumpAdherence.parse((await get('nurse', `/pumps/P-1/adherence${query}`)).json())
const ofTeam = async (query = '') => TeamAdherence.parse((await get('lead', `/adherence${query}`)).json())

const evening = (at: number): boolean => at % day >= 19 * hour && at % day < 21 * hour

describe('what became of planned deliveries', () => {
  it('is told of each of seven days by the clock of the home', async () => {
    const first = bench.clock.now() - (bench.clock.now() % day)
    bench.clock.advance(3 * day)
    await reports(pump1, first, bench.clock.now(), (at) => evening(at) && at < first + 2 * day)
    const { days, runs, timeZone } = await ofPump()
    expect(timeZone).toBe('Europe/Berlin')
    expect(days.map(({ date }) => date)).toEqual([
      '2026-01-02',
      '2026-01-03',
      '2026-01-04',
      '2026-01-05',
      '2026-01-06',
      '2026-01-07',
      '2026-01-08',
    ])
    expect(runs.map(({ startsAt, judged, volume }) => [(startsAt - first) / hour, judged, volume?.ml])).toEqual([
      [19, { start: 'kept', stop: 'kept', volume: 'kept' }, expect.closeTo(200, 3)],
      [43, { start: 'kept', stop: 'kept', volume: 'kept' }, expect.closeTo(200, 3)],
      [67, { start: 'missed', stop: 'open', volume: 'missed' }, undefined],
      [91, { start: 'open', stop: 'open', volume: 'open' }, undefined],
    ])
  })

  it('is not known where nothing is stored, and is judged anew when it comes late', async () => {
    const first = bench.clock.now() - (bench.clock.now() % day)
    bench.clock.advance(1.5 * day)
    expect((await ofPump()).runs[0]?.judged.start).toBe('not-known')
    await reports(pump1, first, first + 1.5 * day, evening)
    expect((await ofPump()).runs[0]?.judged.start).toBe('not-known')
    bench.judgedRuns.samples({ take: () => undefined }).take([bench.lateSample(pump1)])
    bench.clock.advance(31_000)
    expect((await ofPump()).runs[0]?.judged.start).toBe('kept')
  })

  it('comes a few pumps at a time, with how many have no plan', async () => {
    await bench.book.set(osei, pump2, 0, { ...unassigned, label: 'Home 2', plan })
    bench.clock.advance(day)
    const whole = await ofTeam()
    expect(whole).toMatchObject({ matched: 2, unplanned: 0, offset: 0 })
    expect(whole.rows.map(({ pump, therapy }) => [pump.label, therapy])).toEqual([
      ['Home 1', 'antibiotic'],
      ['Home 2', null],
    ])
    expect((await ofTeam('?offset=1&limit=1')).rows.map(({ pump }) => pump.label)).toEqual(['Home 2'])
    expect(await ofTeam('?weeksAgo=1')).toMatchObject({ matched: 0, unplanned: 2, rows: [] })
  })

  it('says that the store does not answer instead of "not known"', async () => {
    bench.clock.advance(day)
    bench.telemetry.down = true
    expect((await get('nurse', '/pumps/P-1/adherence')).statusCode).toBe(503)
    expect((await get('nurse', '/adherence')).statusCode).toBe(503)
  })

  it('is for nurses and leads alone, and who looked is written down', async () => {
    bench.clock.advance(day)
    for (const role of ['engineer', 'admin', 'kiosk'] as const) {
      expect((await get(role, '/pumps/P-1/adherence')).statusCode).toBe(403)
      expect((await get(role, '/adherence')).statusCode).toBe(403)
    }
    expect((await get('lead', '/adherence')).statusCode).toBe(200)
    expect(bench.auditReader.find({ action: 'patient.view' }, 9).map(({ object }) => object)).toEqual(['pump:P-1'])
    expect((await get('nurse', '/pumps/P-9/adherence')).statusCode).toBe(404)
  })
})
