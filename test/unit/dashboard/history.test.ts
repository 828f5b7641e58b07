import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AlarmDetail } from '#domain/live/api.ts'
import { csv } from '#dashboard/core/csv.ts'
import { timelineOf, timeToTake } from '#dashboard/core/episode-timeline.ts'
import { filterOfGroup, formatHistory, parseHistory } from '#dashboard/core/history-query.ts'
import { logScale, rateOf, rateTop, rootScale, stacked } from '#dashboard/core/history-scales.ts'
import { quietAfterMs, quietPumps } from '#dashboard/core/quiet-pumps.ts'
import { zonedMs, zonedParts } from '#dashboard/core/zoned-time.ts'
import { alarmOf, lind, osei, someTime } from '#test/support/live-fixtures.ts'

const second = 1000
const minute = 60 * second

const at = (seconds: number): number => someTime + seconds * second
const pump = (pumpId: string, changes: object = {}) => ({
  pumpId,
  hubId: 'hub-1',
  link: 'lost' as const,
  receivedAt: someTime - quietAfterMs - 1,
  ...changes,
})

describe('the address of the history', () => {
  it('keeps the whole question', () => {
    const query = parseHistory(
      'view=episodes&range=30d&by=pump&simulated=true&code=air-in-line&trait=standing&at=5',
      false,
    )
    expect(query).toMatchObject({
      view: 'episodes',
      range: '30d',
      by: 'pump',
      simulated: true,
      filter: { code: 'air-in-line', trait: 'standing' },
      at: 5,
    })
    expect(parseHistory(formatHistory(query), false)).toEqual(query)
  })

  it('shows the last seven days of real alarms when it says nothing or nonsense, of simulated ones in a demonstration', () => {
    const plain = { view: 'figures', range: '7d', by: 'code', simulated: false, filter: {}, episode: null, at: null }
    expect(parseHistory(undefined, false)).toEqual(plain)
    expect(parseHistory('view=x&range=y&by=z&at=soon&code=', false)).toEqual(plain)
    expect(parseHistory('', true).simulated).toBe(true)
    expect(parseHistory('simulated=false', true).simulated).toBe(false)
  })

  it('opens the episodes of an alarm or a pump; a team or a firmware names none', () => {
    expect(filterOfGroup('code', 'air-in-line')).toEqual({ code: 'air-in-line' })
    expect(filterOfGroup('pump', 'P-1')).toEqual({ pumpId: 'P-1' })
    expect([filterOfGroup('pump', '-'), filterOfGroup('team', 'north'), filterOfGroup('firmware', '1')]).toEqual([
      null,
      null,
      null,
    ])
  })
})

describe('the timeline of an episode', () => {
  const detail: AlarmDetail = {
    alarm: alarmOf('e', {
      startedAt: at(0),
      observedAt: at(1),
      acceptedAt: at(50),
      endedAt: at(90),
      owner: osei,
      response: 'resolved',
    }),
    history: [
      { at: at(1), what: 'opened', by: null, detail: {} },
      { at: at(50), what: 'accepted', by: osei, detail: {} },
      { at: at(91), what: 'ended', by: null, detail: {} },
      { at: at(120), what: 'resolved', by: osei, detail: { note: 'kink' } },
    ],
    triage: [
      {
        version: 1,
        at: at(100),
        by: osei,
        record: { calledAt: at(60), spokeTo: 'patient', finding: null, action: '', outcome: '', class: null },
      },
    ],
    paging: {
      calls: [
        {
          notificationId: 'n1',
          kind: 'alarm',
          to: osei,
          place: 'primary',
          priority: 'high',
          attempt: 1,
          at: at(20),
          state: 'sent',
          deliveries: [],
          audibleAt: at(22),
          viewedAt: at(40),
          unattended: false,
        },
        {
          notificationId: 'n2',
          kind: 'alarm',
          to: lind,
          place: 'backup',
          priority: 'high',
          attempt: 1,
          at: at(45),
          state: 'undeliverable',
          deliveries: [],
          audibleAt: null,
          viewedAt: null,
          unattended: false,
        },
      ],
      passed: [],
      noticed: [],
      next: null,
    },
    serverTime: at(200),
  }

  it('tells at the onset how well the onset is known, not how well the end is', () => {
    const alarm = { ...detail.alarm, uncertaintyMs: 4_000 }
    const [opened, ...later] = detail.history
    const known = { at: at(1), what: 'opened', by: null, detail: { uncertaintyMs: 20 } }
    const told = (history: typeof detail.history) =>
      timelineOf({ ...detail, alarm, history })
        .filter(({ what }) => what === 'onset' || what === 'ended')
        .map(({ uncertaintyMs }) => uncertaintyMs)
    expect(told([known, ...later])).toEqual([20, 4_000])
    expect(told(opened === undefined ? [] : [opened, ...later])).toEqual([4_000, 4_000])
  })

  it('goes from onset to close in the order of time, each step with what lies between', () => {
    const steps = timelineOf(detail)
    expect(steps.map(({ what, word, sincePreviousMs }) => [what === 'noted' ? word : what, sincePreviousMs])).toEqual([
      ['onset', 0],
      ['journal', 1_000],
      ['sent', 19_000],
      ['audible', 2_000],
      ['viewed', 18_000],
      ['not-sent', 5_000],
      ['accepted', 5_000],
      ['called', 10_000],
      ['ended', 30_000],
      ['resolved', 30_000],
    ])
    expect(steps.find(({ what }) => what === 'called')).toMatchObject({ who: 'M. Osei', detail: 'patient' })
    expect(steps.at(-1)).toMatchObject({ who: 'M. Osei', detail: 'kink' })
  })

  it('counts the time to Take from when the server was told', () => {
    expect(timeToTake(detail.alarm)).toBe(49_000)
    expect(timeToTake(alarmOf('x'))).toBeNull()
  })
})

describe('lengths', () => {
  it('by the square root keep small values visible below a line at ten, and never leave the drawing', () => {
    const y = rootScale(12, 120)
    expect([y(0), y(3), y(12), y(100), y(-1)]).toEqual([0, 60, 120, 120, 0])
    expect(rootScale(0, 120)(1)).toBe(0)
  })

  it('of times go from a second to a day', () => {
    const x = logScale(1_000, 1_000_000, 300)
    expect([x(1), x(1_000), x(1_000_000), x(9e9)].map(Math.round)).toEqual([0, 0, 300, 300])
    expect(x(31_623)).toBeCloseTo(150, 1)
  })

  it('of parts fill the whole, end to end', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 6 }), (parts) => {
        const pieces = stacked(parts, 300)
        if (parts.every((part) => part === 0)) return pieces.length === 0
        const last = pieces.at(-1)
        return Math.abs((last?.from ?? 0) + (last?.length ?? 0) - 300) < 1e-6
      }),
    )
  })

  it('of a load are alarms per nurse and ten minutes, with room for a flood', () => {
    const bucket = { from: 0, high: 6, medium: 6, low: 0, most: 20 }
    const load = {
      bucketMs: 60 * minute,
      nurses: 2,
      perNurseHour: 6,
      floodShare: 0,
      mostInTenMinutes: 20,
      buckets: [bucket],
    }
    expect(rateOf(bucket, load)).toBe(1)
    expect(rateTop(load)).toBe(20)
    expect(rateTop({ ...load, buckets: [] })).toBe(12)
  })
})

describe('a CSV file', () => {
  it('quotes what has commas, and runs no formula in a spreadsheet', () => {
    expect(
      csv([
        ['a', 1, null],
        ['b,"c"', '=1+1', '-2'],
      ]),
    ).toBe('\uFEFFa,1,\r\n"b,""c""",\'=1+1,\'-2\r\n')
  })
})

describe('a moment by the clock of the facility', () => {
  it('is found in summer and winter, and shown again as it was given', () => {
    expect(zonedMs('Europe/Berlin', '2026-01-05', '09:00')).toBe(Date.UTC(2026, 0, 5, 8))
    expect(zonedMs('Europe/Berlin', '2026-07-05', '09:00')).toBe(Date.UTC(2026, 6, 5, 7))
    expect(zonedMs('Europe/Berlin', '2026-13-05', '09:00')).toBeNull()
    expect(zonedParts('Europe/Berlin', Date.UTC(2026, 6, 5, 22, 30))).toEqual({ day: '2026-07-06', time: '00:30' })
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 366 * 24 * 60 }),
        fc.constantFrom('UTC', 'Asia/Kolkata', 'America/St_Johns'),
        (m, zone) => {
          const ms = Date.UTC(2026, 0, 1) + m * minute
          const { day, time } = zonedParts(zone, ms)
          const found = zonedMs(zone, day, time)
          // An hour that the clock shows twice has two right answers.
          return found === ms || Math.abs((found ?? 0) - ms) === 60 * minute
        },
      ),
    )
  })
})

describe('pumps that neither alarm nor report', () => {
  it('are silent for a day with no alarm of theirs or of their hub about it', () => {
    const pumps = [
      pump('silent'),
      pump('never', { receivedAt: null }),
      pump('heard', { receivedAt: someTime - minute }),
      pump('up', { link: 'up', receivedAt: null }),
      pump('alarmed'),
      pump('of a lost hub', { hubId: 'hub-2' }),
    ]
    expect(quietPumps(pumps, new Set(['alarmed', 'hub-2']), someTime)).toEqual(['silent', 'never'])
  })
})
