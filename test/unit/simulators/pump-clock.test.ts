import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { pumpClock } from '#simulators/core/pump-clock.ts'

describe('the clock of a simulated pump', () => {
  it('starts at the moment of the published example', () => {
    expect(Object.values(pumpClock(0))).toEqual([2022, 11, 4, 11, 10, 36, 67])
  })

  it('keeps the calendar over 400 years', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * 366 * 86_400_000 }), (uptimeMs) => {
        const date = new Date(Date.UTC(2022, 10, 4, 11, 10, 36, 67) + uptimeMs)
        expect(Object.values(pumpClock(uptimeMs))).toEqual([
          date.getUTCFullYear(),
          date.getUTCMonth() + 1,
          date.getUTCDate(),
          date.getUTCHours(),
          date.getUTCMinutes(),
          date.getUTCSeconds(),
          date.getUTCMilliseconds(),
        ])
      }),
    )
  })
})
