import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chartData, lonePoints } from '#dashboard/core/chart-series.ts'
import { tablePage, tableRows } from '#dashboard/core/chart-table.ts'
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

const holes = (samples: number): HistoryBucket => ({ ...bucket(0, 5, 90_000), samples })

describe('W35: a gap is never bridged', () => {
  it('not inside a bucket either: where readings are missing in it, it is hatched and its extremes stand alone', () => {
    const data = chartData(history([holes(20)]), [], 2_000, fields)
    expect(data.gaps[0]).toEqual({ from: 0, to: 90_000 })
    expect(data.lanes.rateMlPerHour).toEqual({
      x: [0, 0.001, 45, 45.001, 45.002, 90],
      y: [5, null, 4, 6, null, 5],
    })
  })

  it('a bucket that holds its readings but for a few is drawn as one line', () => {
    const data = chartData(history([holes(44)]), [], 2_000, fields)
    expect(data.gaps).toEqual([{ from: 90_000, to: 100_000 }])
    expect(data.lanes.rateMlPerHour?.y).toEqual([5, 4, 6, 5])
  })

  it('a reading with nothing beside it is drawn as a dot, not left out', () => {
    const data = chartData(history([bucket(10_000, 5), ...every(50_000, 60_000, 2_000)]), [], 2_000, fields)
    const lane = data.lanes.rateMlPerHour
    expect(lonePoints(lane?.y ?? []).map((at) => lane?.x[at])).toEqual([10])
    expect(lonePoints([1, 2, null, 3, undefined, 4])).toEqual([3, 5])
  })

  it('no lane asks its library to span gaps, and each has one scale', () => {
    const options = readFileSync(join(import.meta.dirname, '../../../dashboard/src/ui/chart-lane-options.ts'), 'utf8')
    expect(options.match(/spanGaps: false/g)).toHaveLength(1)
    expect(options).not.toMatch(/spanGaps: true/)
    expect(options.match(/^ {6}y: \{ range/gm)).toHaveLength(1)
  })

  it('between any two readings further apart than the limit no line is drawn', () => {
    const times = fc
      .uniqueArray(fc.nat(99_999), { minLength: 2, maxLength: 40 })
      .map((all) => all.toSorted((a, b) => a - b))
    fc.assert(
      fc.property(times, (at) => {
        const { lanes } = chartData(history(at.map((one) => bucket(one, 2))), [], 2_000, fields)
        const lane = lanes.rateMlPerHour
        at.forEach((time, index) => {
          const next = at[index + 1]
          if (next === undefined || next - time <= 6_000) return
          const between = lane?.x.flatMap((x, place) =>
            x > time / 1000 && x < next / 1000 ? [lane.y[place] ?? null] : [],
          )
          expect(between).toEqual([null])
        })
      }),
    )
  })
})

describe('the table', () => {
  const data = chartData(history([...every(0, 40_000, 500), ...every(60_000, 100_000, 500)]), [], 2_000, fields)

  it('has at most 60 rows a page, newest first, and every reading on one of its pages', () => {
    const rows = tableRows(data)
    const { pages } = tablePage(rows, 0)
    const all = Array.from({ length: pages }, (_, page) => tablePage(rows, page).rows)
    expect(all.every((page) => page.length <= 60)).toBe(true)
    expect(all.flat()).toEqual(rows)
    const times = rows.flatMap((row) => (row.kind === 'reading' ? [row.reading.at] : []))
    expect(times).toHaveLength(162)
    expect(times).toEqual(times.toSorted((a, b) => b - a))
  })

  it('says where nothing is known', () => {
    const rows = tableRows(data)
    const at = rows.findIndex((row) => row.kind === 'gap')
    expect(rows[at]).toEqual({ kind: 'gap', gap: { from: 40_000, to: 60_000 } })
    expect([rows[at - 1], rows[at + 1]].map((row) => (row?.kind === 'reading' ? row.reading.at : null))).toEqual([
      60_000, 40_000,
    ])
  })

  it('gives its last page where a later one is asked for', () => {
    expect(tablePage(tableRows(data), 99).page).toBe(2)
    expect(tablePage([], 3)).toEqual({ rows: [], page: 0, pages: 1 })
  })
})
