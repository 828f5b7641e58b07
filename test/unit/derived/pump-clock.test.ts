import { describe, expect, it } from 'vitest'
import { instantOf } from '#domain/derived/rfc3339.ts'
import { sampleAt, watchOf } from '#test/support/watched-course.ts'

const start = Date.UTC(2026, 1, 28, 23, 59, 50)
const told = (aheadMs: readonly (number | null)[]): string =>
  watchOf(
    aheadMs.map((ahead, index) => {
      const at = start + index * 1000
      return sampleAt(at, index, { pumpClockAt: ahead === null ? null : new Date(at + ahead).toISOString() })
    }),
  ).picture.clock.level

describe("a pump's clock", () => {
  it('is not trusted when three samples in a row are off by more than 5 s', () => {
    expect(told([5001, 5001])).toBe('unknown')
    expect(told([5001, 5001, 5001])).toBe('raised')
    expect(told([-3_600_000, -3_600_000, -3_600_000])).toBe('raised')
  })

  it('is trusted again after three that are not', () => {
    expect(told([9000, 9000, 9000, 0, 0])).toBe('raised')
    expect(told([9000, 9000, 9000, 0, 0, 0])).toBe('fine')
  })

  it('is fine within 5 s, and whatever a single sample says', () => {
    expect(told([5000, -5000, 0, 3_600_000, 0])).toBe('fine')
  })

  it('is unknown when the pump does not tell it', () => {
    expect(told([null, null, null])).toBe('unknown')
  })
})

describe('an RFC 3339 time', () => {
  it.each([
    '1970-01-01T00:00:00Z',
    '2024-02-29T12:34:56.789Z',
    '2026-11-25T23:59:59+05:30',
    '2100-03-01T00:00:00-11:00',
    '1969-12-31T23:59:59.5Z',
    '2026-03-01T08:15Z',
  ])('%s is what a calendar says', (text) => {
    expect(instantOf(text)).toBe(Date.parse(text))
  })

  it('that is none is null', () => {
    expect(instantOf('yesterday')).toBeNull()
    expect(instantOf('2026-11-25')).toBeNull()
  })
})
