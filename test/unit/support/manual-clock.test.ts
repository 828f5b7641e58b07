import { describe, expect, it } from 'vitest'
import { ManualClock } from '#test/support/manual-clock.ts'

describe('the manual clock', () => {
  it('runs due tasks in order of their time, then of their making', () => {
    const clock = new ManualClock()
    const ran: string[] = []
    clock.after(20, () => ran.push('late'))
    clock.after(10, () => ran.push('early'))
    clock.after(10, () => ran.push('early, made second'))
    clock.after(21, () => ran.push('not yet'))
    clock.advance(20)
    expect(ran).toEqual(['early', 'early, made second', 'late'])
    expect(clock.pending).toBe(1)
  })

  it('shows each task its own time and runs tasks set by tasks', () => {
    const clock = new ManualClock(0, 0)
    const seen: number[] = []
    const tick = (): void => {
      seen.push(clock.monotonic())
      clock.after(100, tick)
    }
    clock.after(100, tick)
    clock.advance(350)
    expect(seen).toEqual([100, 200, 300])
    expect(clock.monotonic()).toBe(350)
  })

  it('does not run a cancelled task', () => {
    const clock = new ManualClock()
    const ran: string[] = []
    clock.after(5, () => ran.push('cancelled'))()
    clock.advance(10)
    expect(ran).toEqual([])
  })

  it('steps the wall clock without touching monotonic time', () => {
    const clock = new ManualClock(1_000_000, 0)
    clock.stepWall(-500_000)
    expect([clock.now(), clock.monotonic()]).toEqual([500_000, 0])
  })

  it('lets promises settle between tasks when asked to', async () => {
    const clock = new ManualClock()
    const ran: string[] = []
    const first = async (): Promise<void> => {
      await Promise.resolve()
      ran.push('first')
      clock.after(1, () => ran.push('second'))
    }
    clock.after(1, () => void first())
    await clock.advanceAsync(2)
    expect(ran).toEqual(['first', 'second'])
  })
})
