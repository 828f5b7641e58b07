import { describe, expect, it } from 'vitest'
import { AlarmPolicy, defaultAlarmPolicy, pumpSilenceLimitMs } from '#domain/alarm/policy.ts'

describe('the alarm policy', () => {
  it('has the timings of alarms.md when nothing is said', () => {
    expect(defaultAlarmPolicy).toMatchObject({
      lateAfterMs: 120_000,
      sameEpisodeMs: 60_000,
      recurringCount: 3,
      recurringWithinMs: 1_800_000,
      hubSilenceMs: 30_000,
    })
  })

  it('refuses to make a lost hub or pump wait longer than the limits', () => {
    expect(AlarmPolicy.safeParse({ hubSilenceMs: 90_001 }).success).toBe(false)
    expect(AlarmPolicy.safeParse({ pumpSilenceMaxMs: 15_001 }).success).toBe(false)
    expect(AlarmPolicy.safeParse({ lateAfterMs: 30_000 }).success).toBe(true)
  })

  it('misses a pump after three status intervals, at least 5 s and at most 15 s', () => {
    expect(pumpSilenceLimitMs(1000, defaultAlarmPolicy)).toBe(5000)
    expect(pumpSilenceLimitMs(3000, defaultAlarmPolicy)).toBe(9000)
    expect(pumpSilenceLimitMs(60_000, defaultAlarmPolicy)).toBe(15_000)
  })
})
