import { describe, expect, it } from 'vitest'
import { readingsStored } from '#domain/derived/completeness.ts'
import type { HistoryBucket } from '#domain/live/api.ts'

const bucket = (from: number, samples: number): HistoryBucket => ({
  from,
  to: from,
  samples,
  late: 0,
  state: 'infusing',
  values: {},
})
const day = { from: 0, to: 86_400_000 }

describe('completeness', () => {
  it('is whole when every reading is stored', () => {
    const buckets = Array.from({ length: 288 }, (_, at) => bucket(at * 300_000 + 9_000, at % 2 === 0 ? 31 : 29))
    expect(readingsStored({ ...day, buckets }, 10_000)).toEqual({ expected: 8640, stored: 8640, percent: 100 })
  })

  it('an hour of silence costs an hour, also when another hour holds twice as many readings', () => {
    const minutes = Array.from({ length: 1440 }, (_, at) => bucket(at * 60_000, at < 60 ? 0 : at < 120 ? 12 : 6))
    const { percent } = readingsStored({ ...day, buckets: minutes }, 10_000)
    expect(percent).toBeGreaterThan((23 / 24) * 100 - 0.2)
    expect(percent).toBeLessThan((23 / 24) * 100 + 0.2)
  })

  it('is nothing when nothing is stored, and not known for a time without an expected reading', () => {
    expect(readingsStored({ ...day, buckets: [] }, 10_000).percent).toBe(0)
    expect(readingsStored({ from: 0, to: 5_000, buckets: [] }, 10_000).percent).toBeNull()
  })
})
