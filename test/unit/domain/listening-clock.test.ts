import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { listeningClock, type Pardon } from '#domain/listening-clock.ts'
import { ManualClock } from '#test/support/manual-clock.ts'

const running = (clock: ManualClock, listening: ReturnType<typeof listeningClock>, ms: number): number => {
  const before = listening.monotonic()
  for (let passed = 0; passed < ms; passed += 100) {
    clock.advance(Math.min(100, ms - passed))
    listening.monotonic()
  }
  return listening.monotonic() - before
}

describe('the clock by which silence is judged', () => {
  it('is the monotonic clock while the process runs', () => {
    const clock = new ManualClock()
    const listening = listeningClock(clock)
    expect(running(clock, listening, 60_000)).toBe(60_000)
    expect(listening.monotonic()).toBe(clock.monotonic())
    expect(listening.now()).toBe(clock.now())
  })

  it('does not count a stall of the process, nor the ten seconds in which the others come back', () => {
    const clock = new ManualClock()
    const listening = listeningClock(clock)
    const before = listening.monotonic()
    clock.advance(40_000)
    expect(listening.monotonic()).toBe(before)
    expect(running(clock, listening, 10_000)).toBe(0)
    expect(running(clock, listening, 5_000)).toBe(5_000)
  })

  it('tells each stall that it pardons, with the grace after it, and no other', () => {
    const clock = new ManualClock()
    const pardons: Pardon[] = []
    const listening = listeningClock(clock, (pardon) => pardons.push(pardon))
    clock.advance(2_900)
    listening.monotonic()
    const from = clock.now()
    clock.advance(4_000)
    listening.monotonic()
    expect(pardons).toEqual([{ from, until: from + 14_000, ms: 14_000 }])
    clock.advance(20_000)
    listening.monotonic()
    expect(pardons).toHaveLength(1)
  })

  it('counts short gaps, which load makes', () => {
    const clock = new ManualClock()
    const listening = listeningClock(clock)
    const before = listening.monotonic()
    clock.advance(2_900)
    expect(listening.monotonic()).toBe(before + 2_900)
  })

  it('pardons one stall a minute: a process that always stalls still hears silence', () => {
    const clock = new ManualClock()
    const listening = listeningClock(clock)
    clock.advance(20_000)
    listening.monotonic()
    running(clock, listening, 11_000)
    const before = listening.monotonic()
    clock.advance(20_000)
    expect(listening.monotonic()).toBe(before + 20_000)
    running(clock, listening, 60_000)
    const later = listening.monotonic()
    clock.advance(20_000)
    expect(listening.monotonic()).toBe(later)
  })

  it('never goes back, never runs ahead, and loses at most one stall and its grace a minute', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9_000 }), { minLength: 1, maxLength: 200 }), (gaps) => {
        const clock = new ManualClock()
        const listening = listeningClock(clock)
        const start = clock.monotonic()
        let last = start
        for (const gap of gaps) {
          clock.advance(gap)
          const now = listening.monotonic()
          expect(now).toBeGreaterThanOrEqual(last)
          expect(now).toBeLessThanOrEqual(clock.monotonic())
          last = now
        }
        const real = clock.monotonic() - start
        expect(last - start).toBeGreaterThanOrEqual(real - (Math.floor(real / 60_000) + 1) * 19_000)
      }),
    )
  })
})
