import { describe, expect, it } from 'vitest'
import { neighbourAlarm, readingAt, stepped } from '#dashboard/core/chart-cursor.ts'
import { chartCsv, csvName, samplesAddress } from '#dashboard/core/chart-csv.ts'
import { marksIn } from '#dashboard/core/chart-marks.ts'
import type { ChartData } from '#dashboard/core/chart-series.ts'
import { backToLive, broughtInto, movedBy, spanOf, zoomedBy, zoomedTo } from '#dashboard/core/chart-window.ts'
import type { ChartWindow } from '#dashboard/core/chart-window.ts'
import { delayChain } from '#dashboard/core/delay-chain.ts'
import { someTime } from '#test/support/live-fixtures.ts'
import type { PumpEventView } from '#domain/live/pump-about.ts'

const hour = 3_600_000
const live: ChartWindow = { kind: 'live', range: '6h' }
const now = someTime
const span = spanOf(live, now, null)

describe('what a chart shows', () => {
  it('follows the clock until somebody zooms or moves, and says so by its kind', () => {
    expect(span).toEqual({ from: now - 6 * hour, to: now })
    const zoomed = zoomedTo(live, { from: now - 2 * hour, to: now - hour }, now)
    expect(zoomed).toEqual({ kind: 'fixed', range: '6h', from: now - 2 * hour, to: now - hour })
    expect(spanOf(zoomed, now + hour, null)).toEqual({ from: now - 2 * hour, to: now - hour })
    expect(backToLive(zoomed)).toEqual(live)
  })

  it('never reaches into the future, and keeps its width when it is moved against now', () => {
    expect(movedBy(live, span, hour, now)).toMatchObject({ from: now - 6 * hour, to: now })
    expect(movedBy(live, span, -hour, now)).toMatchObject({ from: now - 7 * hour, to: now - hour })
  })

  it('shows no less than a minute and no more than 31 days', () => {
    const close = zoomedTo(live, { from: now - 1000, to: now }, now)
    expect(close.kind === 'fixed' && close.to - close.from).toBe(60_000)
    const wide = zoomedBy(live, span, 1e6, now, now)
    expect(wide.kind === 'fixed' && wide.to - wide.from).toBe(31 * 24 * hour)
  })

  it('zooms around the moment it is pointed at', () => {
    expect(zoomedBy(live, span, 0.5, now - 3 * hour, now)).toMatchObject({
      from: now - 4.5 * hour,
      to: now - 1.5 * hour,
    })
  })

  it('goes to an alarm outside without another width, and stands still for one inside', () => {
    expect(broughtInto(live, span, now - hour, now)).toBe(live)
    expect(broughtInto(live, span, now - 20 * hour, now)).toMatchObject({ from: now - 23 * hour, to: now - 17 * hour })
  })

  it('begins "this infusion" with its start, and shows a quarter of an hour at least', () => {
    const infusion: ChartWindow = { kind: 'live', range: 'infusion' }
    expect(spanOf(infusion, now, now - 9 * hour).from).toBe(now - 9 * hour)
    expect(spanOf(infusion, now, now - 5_000).from).toBe(now - 900_000)
  })
})

describe('the cursor', () => {
  const readings = [0, 10_000, 20_000, 90_000].map((at) => ({ at, values: {} }))

  it('begins at the last reading and steps along them', () => {
    expect(stepped(readings, null, -1)).toBe(90_000)
    expect(stepped(readings, 90_000, -1)).toBe(20_000)
    expect(stepped(readings, 20_000, -10)).toBe(0)
    expect(stepped(readings, 0, Number.POSITIVE_INFINITY)).toBe(90_000)
    expect(stepped([], null, 1)).toBeNull()
  })

  it('reads nothing in a gap: the value of a neighbour is not the value there', () => {
    expect(readingAt(readings, 19_000, 5_000)?.at).toBe(20_000)
    expect(readingAt(readings, 50_000, 5_000)).toBeNull()
  })

  it('goes to the alarm before and after', () => {
    expect(neighbourAlarm([5, 1, 9], 5, 'previous')).toBe(1)
    expect(neighbourAlarm([5, 1, 9], 5, 'next')).toBe(9)
    expect(neighbourAlarm([5], 5, 'next')).toBeNull()
  })
})

const event = (at: number, what: PumpEventView['event']): PumpEventView => ({
  at,
  uncertaintyMs: 0,
  event: what,
  from: null,
  to: null,
})

describe('ticks on the chart', () => {
  it('are program changes and boluses of this time; those that would be one blot are one tick that names all', () => {
    const events = [
      event(-5, 'rate-change'),
      event(100, 'rate-change'),
      event(200, 'program-set'),
      event(5_000, 'bolus-start'),
      event(6_000, 'door-open'),
    ]
    const marks = marksIn(events, { from: 0, to: 100_000 })
    expect(marks.map(({ at, kind, events: all }) => [at, kind, all.length])).toEqual([
      [100, 'program', 2],
      [5_000, 'bolus', 1],
    ])
  })
})

describe('the way of a reading', () => {
  it('is told step by step, the error of the pump’s clock included', () => {
    const chain = delayChain({
      pumpClockAt: new Date(now + 400).toISOString(),
      sampledAt: now,
      receivedAt: now + 200,
      shownAt: now + 300,
    })
    expect(chain).toEqual({ pumpClock: now + 400, hubMs: -400, serverMs: 200, screenMs: 100 })
  })

  it('takes no time back on the last step, where only the clocks disagree', () => {
    const chain = delayChain({ pumpClockAt: null, sampledAt: now, receivedAt: now + 200, shownAt: now + 100 })
    expect(chain.screenMs).toBe(0)
  })

  it('leaves out what is not known', () => {
    expect(delayChain({ pumpClockAt: null, sampledAt: now, receivedAt: null, shownAt: null })).toEqual({
      pumpClock: null,
      hubMs: null,
      serverMs: null,
      screenMs: null,
    })
  })
})

const iso = (ms: number): string => new Date(ms).toISOString()

describe('the export', () => {
  const data: ChartData = {
    from: now - 60_000,
    to: now,
    gaps: [{ from: now - 30_000, to: now }],
    lanes: {},
    readings: [{ at: now - 40_000, values: { rateMlPerHour: { low: 1, high: 3, last: 2 } } }],
    lastSampleAt: now - 40_000,
  }
  const question = {
    pumpId: 'P-1',
    channelId: null,
    resolutionMs: 0,
    dataAsOf: now,
    statement: 'Demo',
    simulated: true,
    iso,
  }

  it('tells the question, "data as of" and every gap, and no label', () => {
    expect(chartCsv(data, ['rateMlPerHour', 'linePressureMmHg'], question).split('\r\n')).toEqual([
      '# Demo',
      '# SIMULATED, no patient',
      '# pump=P-1 channel=-',
      '# from=2026-11-23T02:40:07.000Z to=2026-11-23T02:41:07.000Z',
      '# resolution=every sample',
      '# data as of=2026-11-23T02:41:07.000Z',
      'time,until,rateMlPerHour,rateMlPerHourLow,rateMlPerHourHigh,linePressureMmHg,linePressureMmHgLow,linePressureMmHgHigh',
      '2026-11-23T02:40:27.000Z,,2,1,3,,,',
      '2026-11-23T02:40:37.000Z,2026-11-23T02:41:07.000Z,,,,,,',
      '',
    ])
    expect(csvName('P/1', data, iso)).toBe('P-1_20261123T0240Z_20261123T0241Z.csv')
  })

  it('asks the server for all samples of the time on screen, by whole milliseconds and the channel', () => {
    expect(samplesAddress('P/1', null, { from: 1000.4, to: 2000.2 })).toBe(
      '/api/v1/pumps/P%2F1/export?from=1000&to=2001',
    )
    expect(samplesAddress('P1', '2', { from: 1, to: 2 })).toBe('/api/v1/pumps/P1/export?from=1&to=2&channel=2')
  })
})
