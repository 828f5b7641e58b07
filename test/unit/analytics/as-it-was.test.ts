import { describe, expect, it } from 'vitest'
import { unassigned, type Assignment } from '#domain/assignment/assignment.ts'
import { TeamId } from '#domain/on-call/duty.ts'
import { instant } from '#domain/time.ts'
import { createAnalytics, type AnalyticsDependencies } from '#server/core/analytics.ts'
import { completenessOf } from '#server/core/expected-readings.ts'
import { ends, history, pump, starts } from '#test/support/alarm-spec.ts'
import { wholeSite } from '#server/core/scope.ts'

const hourMs = 3_600_000
const events = history([
  starts({ seq: 1, at: 100 }, 'a'),
  ends({ seq: 2, at: 160 }, 'a'),
  starts({ seq: 3, at: 1000 }, 'b'),
])
const [first, second] = events.flatMap((event) => (event.type === 'episode-opened' ? [event.at] : []))
const changedAt = ((first ?? 0) + (second ?? 0)) / 2

const stretch = (version: number, validFrom: number, validTo: number | null, team: string): Assignment => ({
  pumpId: pump,
  version,
  validFrom,
  validTo,
  details: { ...unassigned, teamId: TeamId.parse(team) },
  changedBy: { userId: 'u-1' as never, name: 'lead' },
})

const ask = async (by: 'team' | 'firmware' | 'pump', more: Partial<AnalyticsDependencies> = {}, to = changedAt * 2) => {
  const analytics = createAnalytics({
    source: {
      alarmEvents: () => [events.map((event) => ({ subject: { kind: 'pump', pumpId: pump } as const, event }))],
      pages: () => [],
    },
    scheduler: { after: (_ms, task) => (task(), () => undefined) },
    firmware: () =>
      new Map([
        [
          pump,
          [
            { since: 0, firmware: '1.0' },
            { since: changedAt, firmware: '2.0' },
          ],
        ],
      ]),
    assignments: async () => [stretch(1, 0, changedAt, 'north'), stretch(2, changedAt, null, 'south')],
    facilityTimeZone: 'UTC',
    now: () => instant(to),
    completeness: async () => 97.5,
    ...more,
  })
  return await analytics.ask({ from: instant(0), to: instant(to), by, simulated: false }, wholeSite)
}

describe('an alarm in the figures', () => {
  it('belongs to the team that had the pump then, not to the one that has it now', async () => {
    expect((await ask('team')).rows.map(({ key, alarms }) => [key, alarms])).toEqual([
      ['north', 1],
      ['south', 1],
    ])
  })

  it('belongs to the firmware the pump had then', async () => {
    expect((await ask('firmware')).rows.map(({ key, alarms }) => [key, alarms])).toEqual([
      ['1.0', 1],
      ['2.0', 1],
    ])
  })

  it('comes with the pump’s completeness when that is asked for by pump and for a time that can be counted', async () => {
    const counted = { source: sourceOf(0) }
    const { rows, total } = await ask('pump', counted, 2 * hourMs)
    expect(rows).toMatchObject([{ key: pump, completenessPercent: 97.5 }])
    expect(total.completenessPercent).toBeNull()
    expect((await ask('pump', counted, 72 * hourMs)).rows).toMatchObject([{ completenessPercent: null }])
  })
})

/** The same alarms, told at `at`. */
const sourceOf = (at: number): AnalyticsDependencies['source'] => ({
  alarmEvents: () => [
    events.map((event) => ({ subject: { kind: 'pump', pumpId: pump } as const, event: { ...event, at } })),
  ],
  pages: () => [],
})

const silence = (startedAt: number, endedAt: number | null) =>
  ({ pumpId: pump, code: 'link-lost-pump', startedAt, endedAt }) as never

describe('completeness', () => {
  const view = { statusIntervalMs: 10_000, otherChannels: [], sample: null } as never
  const window = { from: 0, to: hourMs }
  const bucket = (nth: number, samples: number) => ({ from: (nth * hourMs) / 288, samples }) as never
  const stored = (perSlot: number, slots: number) => ({
    history: async () => ({ buckets: Array.from({ length: slots }, (_, nth) => bucket(nth, perSlot)) }) as never,
  })

  it('is what is stored of what was to be expected while the pump was heard', async () => {
    const deps = { telemetry: stored(1.25, 288), picture: { pump: () => view } }
    expect(await completenessOf(deps, pump, window, [])).toBe(100)
    const half = { telemetry: stored(1.25, 144), picture: { pump: () => view } }
    expect(await completenessOf(half, pump, window, [])).toBe(50)
    expect(await completenessOf(half, pump, window, [silence(hourMs / 2, null)])).toBe(100)
    expect(await completenessOf(half, pump, window, [silence(-1, hourMs / 4)])).toBe(66.7)
  })

  it('is not known of a pump no hub has told of, that was never heard, or whose store does not answer', async () => {
    const telemetry = stored(1, 288)
    expect(await completenessOf({ telemetry, picture: { pump: () => null } }, pump, window, [])).toBeNull()
    const known = { telemetry, picture: { pump: () => view } }
    expect(await completenessOf(known, pump, window, [silence(0, null)])).toBeNull()
    const dead = { history: () => Promise.reject(new Error('down')) }
    expect(await completenessOf({ ...known, telemetry: dead }, pump, window, [])).toBeNull()
  })
})
