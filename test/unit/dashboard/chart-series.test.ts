import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chartData, tableRows } from '#dashboard/core/chart-series.ts'
import type { History, HistoryBucket } from '#domain/live/api.ts'
import { PumpId } from '#domain/ids.ts'

const pumpId = PumpId.parse('P-1')
const bucket = (at: number, rate: number, to = at): HistoryBucket => ({
  from: at,
  to,
  samples: at === to ? 1 : 4,
  late: 0,
  state: 'infusing',
  values: { rateMlPerHour: [rate, rate - 1, rate + 1, rate] },
})
const history = (buckets: HistoryBucket[], to = 100_000): History => ({
  pumpId,
  from: 0,
  to,
  resolutionMs: 0,
  buckets,
  alarms: [],
  lastSampleAt: buckets.at(-1)?.to ?? null,
})
const fields = ['rateMlPerHour'] as const
const every = (from: number, to: number, step: number): HistoryBucket[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => bucket(from + index * step, 2))

describe('a lane', () => {
  it('breaks its line in a gap and does not bridge it', () => {
    const data = chartData(history([...every(0, 40_000, 2_000), ...every(70_000, 100_000, 2_000)]), [], 2_000, fields)
    expect(data.gaps).toEqual([{ from: 40_000, to: 70_000 }])
    const lane = data.lanes.rateMlPerHour
    const between = lane?.x.flatMap((x, index) => (x > 40 && x < 70 ? [lane.y[index]] : []))
    expect(between).toEqual([null])
  })

  it('ends at its last sample and leaves a gap to now', () => {
    expect(chartData(history(every(0, 60_000, 2_000)), [], 2_000, fields).gaps).toEqual([{ from: 60_000, to: 100_000 }])
  })

  it('is one gap when nothing was stored', () => {
    expect(chartData(history([]), [], 2_000, fields).gaps).toEqual([{ from: 0, to: 100_000 }])
  })

  it('goes on with live samples and ignores those the store already has', () => {
    const live = [96_000, 98_000, 99_500].map((at) => ({ at, values: { rateMlPerHour: 7 } }))
    const data = chartData(history(every(0, 98_000, 2_000)), live, 2_000, fields)
    expect(data.lanes.rateMlPerHour?.y.filter((value) => value === 7)).toHaveLength(1)
    expect(data.lastSampleAt).toBe(99_500)
  })

  it('keeps the extremes of a bucket between its first and last value', () => {
    const data = chartData(history([bucket(0, 5, 9_000)], 10_000), [], 5_000, fields)
    expect(data.lanes.rateMlPerHour).toEqual({ x: [0, 3, 6, 9], y: [5, 4, 6, 5] })
  })

  it('has strictly ascending times, whatever comes', () => {
    const times = fc.uniqueArray(fc.nat(99_999), { maxLength: 40 }).map((all) => all.toSorted((a, b) => a - b))
    fc.assert(
      fc.property(times, fc.array(fc.nat(99_999)), fc.integer({ min: 100, max: 60_000 }), (stored, live, interval) => {
        const points = live.map((at) => ({ at, values: { rateMlPerHour: 1 } }))
        const data = chartData(
          history(stored.map((at) => bucket(at, 2))),
          points.toSorted((a, b) => a.at - b.at),
          interval,
          fields,
        )
        const x = data.lanes.rateMlPerHour?.x ?? []
        expect(x.every((value, index) => index === 0 || value > (x[index - 1] ?? 0))).toBe(true)
      }),
    )
  })
})

describe('the table', () => {
  it('has at most 60 rows, newest first, and no row of a gap', () => {
    const data = chartData(history(every(0, 100_000, 500)), [], 2_000, fields)
    const rows = tableRows(data, fields)
    expect(rows.length).toBeLessThanOrEqual(60)
    expect(rows[0]?.at).toBe(100_000)
    expect(rows.every((row) => row.values[0] !== null)).toBe(true)
  })
})
