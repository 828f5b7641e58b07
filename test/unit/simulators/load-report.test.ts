import { describe, expect, it } from 'vitest'
import { UplinkRecord } from '#domain/uplink/records.ts'
import { LoadTally, loadTable } from '#simulators/core/load/load-report.ts'
import { loadPumpId, loadSample } from '#simulators/core/load/load-samples.ts'
import { percentiles } from '#simulators/core/load/percentiles.ts'

describe('percentiles', () => {
  it('are values that were measured, by nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect(percentiles(values)).toEqual({ count: 100, p50: 50, p90: 90, p99: 99, max: 100 })
    expect(percentiles([7])).toEqual({ count: 1, p50: 7, p90: 7, p99: 7, max: 7 })
    expect(percentiles([])).toBeNull()
  })
})

const told = () => {
  const tally = new LoadTally()
  tally.dued(10)
  for (let at = 1; at <= 6; at += 1) tally.stored(at * 100, at * 100 + 50)
  tally.refused('schema')
  tally.tried(200, null, 40)
  tally.tried(503, 'busy', 5)
  tally.tried(503, 'unavailable', 5)
  tally.tried(0, null, 10_000)
  return tally.report({ hubs: 2, rate: 10, seconds: 1 }, 1)
}

describe('the report of a load', () => {
  it('accounts for every sample: stored, refused, given up, or without an answer', () => {
    expect(told()).toMatchObject({ due: 10, stored: 6, refused: { schema: 1 }, droppedByHubs: 1, unanswered: 2 })
  })

  it('counts refusals by reason, and what was answered 503', () => {
    expect(told()).toMatchObject({ busy: 2, failed: { '503 busy': 1, '503 unavailable': 1, '0': 1 }, requests: 4 })
  })

  it('takes time from the moment a sample was due', () => {
    expect(told()).toMatchObject({ sampleMs: { p50: 50, max: 50 }, requestMs: { count: 3, max: 40 } })
    expect(told().throughput).toBeCloseTo(6 / 0.65)
  })

  it('is a table for people', () => {
    const text = loadTable(told())
    expect(text).toMatch(/^stored +6 {2}9\.2 a second$/m)
    expect(text).toMatch(/^without an answer +2$/m)
    expect(text).toMatch(/^requests failed +1 {2}503 busy$/m)
    expect(text).toMatch(/^sample, due to stored +50 +50 +50 +50$/m)
  })
})

describe('a sample of a load', () => {
  it('is a valid record with the demo mark, and its counter rises', () => {
    const stamp = { seq: 1, bootId: 'boot', monotonicMs: 1, wallAt: 1, clockQuality: 'ntp' }
    const totals = [0, 1, 2].map((nth) => {
      const record = UplinkRecord.parse({ ...stamp, ...loadSample(loadPumpId(0, 4), nth) })
      if (record.kind !== 'telemetry') throw new Error(record.kind)
      expect(record.body.measurementStatus).toEqual(['demo'])
      return record.body.infusedTotalMl ?? 0
    })
    expect(totals).toEqual(totals.toSorted((a, b) => a - b))
    expect(new Set(totals).size).toBe(3)
  })
})
