import { describe, expect, it } from 'vitest'
import { BootId } from '#domain/ids.ts'
import { laneDepth } from '#gateway/core/health.ts'

const boot = BootId.parse('boot-2')
const now = { monotonicMs: 60_000, wallAt: 1_000_000, clockQuality: 'unknown' } as const
const ageOf = (bootId: string, monotonicMs: number, wallAt: number) =>
  laneDepth({ rows: 1, oldest: { bootId: BootId.parse(bootId), monotonicMs, wallAt } }, boot, now).oldestAgeMs

describe('how long the oldest record waits', () => {
  it('is measured, not read off a clock that may have stepped', () => {
    expect(ageOf('boot-2', 20_000, 999_000_000)).toBe(40_000)
    expect(ageOf('boot-2', 20_000, 0)).toBe(40_000)
  })

  it('of an earlier boot is at least as long as this boot, whatever the clocks said', () => {
    expect(ageOf('boot-1', 5_000, 400_000)).toBe(600_000)
    expect(ageOf('boot-1', 5_000, 999_000_000)).toBe(60_000)
  })

  it('is null when nothing waits', () => {
    expect(laneDepth({ rows: 0, oldest: null }, boot, now)).toEqual({ rows: 0, oldestAgeMs: null })
  })
})
