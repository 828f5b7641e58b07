import { describe, expect, it } from 'vitest'
import { missedStart } from '#domain/derived/missed-start.ts'
import { defaultDerivedPolicy } from '#domain/derived/policy.ts'
import { hourMs, minuteMs } from '#test/support/watched-course.ts'

const planned = 100 * hourMs
const at = (now: number, deliveredAt: number | null, starts: readonly number[] = [planned]): string =>
  missedStart(starts, deliveredAt, now, defaultDerivedPolicy).level

describe('a planned start', () => {
  it('is missed half an hour later, not before', () => {
    expect(at(planned + 29 * minuteMs, null)).toBe('fine')
    expect(at(planned + 30 * minuteMs, null)).toBe('raised')
  })

  it('is made by whatever ran from an hour before it', () => {
    expect(at(planned + hourMs, planned - 59 * minuteMs)).toBe('fine')
    expect(at(planned + hourMs, planned - 61 * minuteMs)).toBe('raised')
  })

  it('that is made late is over', () => {
    expect(at(planned + 2 * hourMs, planned + hourMs)).toBe('fine')
  })

  it('is forgotten after a day, and for the next one', () => {
    expect(at(planned + 24 * hourMs, null)).toBe('fine')
    const starts = [planned, planned + 8 * hourMs]
    expect(at(planned + 9 * hourMs, planned + 8 * hourMs, starts)).toBe('fine')
    expect(missedStart(starts, planned, planned + 9 * hourMs, defaultDerivedPolicy)).toEqual({
      level: 'raised',
      plannedAt: planned + 8 * hourMs,
    })
  })

  it('of a pump without a plan does not exist', () => {
    expect(at(planned, null, [])).toBe('fine')
  })
})
