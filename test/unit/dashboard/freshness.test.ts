import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linkLook, sleepSeen, staleAfterMs, valueLook } from '#dashboard/core/freshness.ts'
import { ServerClock } from '#dashboard/core/server-clock.ts'

describe('the link', () => {
  it('W7: is live under 3 s of silence, late under 10 s and not live from then on', () => {
    expect([0, 2_999].map((age) => linkLook(age, 60_000))).toEqual(['live', 'live'])
    expect([3_000, 9_999].map((age) => linkLook(age, 60_000))).toEqual(['late', 'late'])
    expect([10_000, 999_999].map((age) => linkLook(age, 60_000))).toEqual(['not-live', 'not-live'])
  })
  it('connects for 10 s before silence from the start counts as not live', () => {
    expect(linkLook(null, 9_999)).toBe('connecting')
    expect(linkLook(null, 10_000)).toBe('not-live')
  })
})

describe('a value', () => {
  it('is stale after three intervals, at least 5 s, at most 60 s', () => {
    expect([500, 2_000, 10_000, 30_000, 300_000].map(staleAfterMs)).toEqual([5_000, 6_000, 30_000, 60_000, 60_000])
  })
  it('ages before it is stale', () => {
    expect(valueLook(20_000, 10_000)).toBe('fresh')
    expect(valueLook(20_001, 10_000)).toBe('aged')
    expect(valueLook(30_000, 10_000)).toBe('aged')
    expect(valueLook(30_001, 10_000)).toBe('stale')
    expect(valueLook(null, 10_000)).toBe('never')
  })
  it('is never fresher when it is older', () => {
    const rank = { fresh: 0, aged: 1, stale: 2, never: 3 }
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100_000), fc.integer({ min: 1, max: 100_000 }), (a, more, interval) => {
        expect(rank[valueLook(a + more, interval)]).toBeGreaterThanOrEqual(rank[valueLook(a, interval)])
      }),
    )
  })
})

describe('sleep', () => {
  const before = { wallMs: 1_000_000, monotonicMs: 5_000 }
  it('is not seen in ordinary ticks, early or late by little', () => {
    expect(sleepSeen(before, { wallMs: 1_001_000, monotonicMs: 6_000 }, 1_000)).toBeNull()
    expect(sleepSeen(before, { wallMs: 1_003_500, monotonicMs: 8_500 }, 1_000)).toBeNull()
  })
  it('W6: is seen when the wall clock ran on without us, and when the ticks stopped', () => {
    expect(sleepSeen(before, { wallMs: 1_061_000, monotonicMs: 6_000 }, 1_000)).toEqual({ unseenMs: 60_000 })
    expect(sleepSeen(before, { wallMs: 1_021_000, monotonicMs: 26_000 }, 1_000)).toEqual({ unseenMs: 0 })
  })
  it('is seen when the wall clock was put back, and makes nothing younger', () => {
    expect(sleepSeen(before, { wallMs: 900_000, monotonicMs: 6_000 }, 1_000)).toEqual({ unseenMs: 0 })
  })
})

describe('the server clock', () => {
  it('knows nothing before the first heartbeat', () => {
    expect(new ServerClock().now(5)).toBeNull()
  })
  it('W9: trusts the least delayed of the last ten heartbeats', () => {
    const clock = new ServerClock()
    clock.hear(10_000, 1_000)
    clock.hear(11_000, 2_400)
    clock.hear(12_000, 3_020)
    expect(clock.now(4_000)).toBe(13_000)
  })
  it('forgets a heartbeat after ten more, so a stepped server clock is followed', () => {
    const clock = new ServerClock()
    clock.hear(900_000, 0)
    for (let beat = 1; beat <= 10; beat++) clock.hear(beat * 1_000, beat * 1_000)
    expect(clock.now(11_000)).toBe(11_000)
  })
  it('forgets everything after sleep', () => {
    const clock = new ServerClock()
    clock.hear(10_000, 1_000)
    clock.forget()
    expect(clock.now(1_000)).toBeNull()
  })
  it('is never ahead of the server, whatever the delays', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5_000), { minLength: 1, maxLength: 30 }), (delays) => {
        const clock = new ServerClock()
        const offset = 1_000_000
        let local = 0
        for (const [index, delay] of delays.entries()) {
          local = index * 1_000 + delay
          clock.hear(offset + index * 1_000, local)
        }
        const now = clock.now(local) ?? 0
        expect(now).toBeLessThanOrEqual(offset + local)
        expect(offset + local - now).toBe(Math.min(...delays.slice(-10)))
      }),
    )
  })
})
