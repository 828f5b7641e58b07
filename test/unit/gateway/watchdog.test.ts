import { describe, expect, it } from 'vitest'
import { Progress } from '#gateway/core/progress.ts'
import { Watchdog } from '#gateway/core/watchdog.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import type { WatchedPart } from '#gateway/core/progress.ts'

const everyMs = 10_000

const watched = (...parts: readonly WatchedPart[]) => {
  const clock = new ManualClock()
  const stop = new AbortController()
  const log: string[] = []
  let fed = 0
  const watchdog = new Watchdog({
    parts,
    clock,
    scheduler: clock,
    everyMs,
    probe: () => {},
    feed: () => (fed += 1),
    stuckChanged: (stuck) => log.push(stuck.map(({ name }) => name).join() || 'all get on'),
  })
  const running = watchdog.run(stop.signal)
  return { clock, watchdog, log, stop, running, fed: () => fed }
}

describe('the watchdog', () => {
  it('is fed as long as every part makes progress', async () => {
    let turns = 0
    const { clock, fed, watchdog } = watched({ name: 'port bed-1', turns: () => (turns += 1), limitMs: 30_000 })
    await clock.advanceAsync(120_000)
    expect(fed()).toBe(12)
    expect(watchdog.stuck).toEqual([])
  })

  it('is not fed while one part stands still, names it once, and is fed again when it goes on', async () => {
    let turns = 0
    let deadlocked = false
    const { clock, fed, watchdog, log } = watched(
      { name: 'outbox', turns: () => (deadlocked ? turns : (turns += 1)), limitMs: 30_000 },
      { name: 'port bed-1', turns: () => clock.monotonic(), limitMs: 30_000 },
    )
    await clock.advanceAsync(20_000)
    deadlocked = true
    await clock.advanceAsync(30_000)
    const before = fed()
    expect(log).toEqual([])
    await clock.advanceAsync(60_000)
    expect(fed()).toBe(before)
    expect(log).toEqual(['outbox'])
    expect(watchdog.stuck).toEqual([{ name: 'outbox', stillMs: 90_000 }])
    deadlocked = false
    await clock.advanceAsync(10_000)
    expect(log).toEqual(['outbox', 'all get on'])
    expect(fed()).toBe(before + 1)
  })

  it('does not take waiting on purpose for standing still', async () => {
    let idle = true
    const { clock, fed, log } = watched({ name: 'alarm lane', turns: () => 7, idle: () => idle, limitMs: 30_000 })
    // A server that is away for a day.
    await clock.advanceAsync(86_400_000)
    expect(fed()).toBe(8_640)
    idle = false
    await clock.advanceAsync(50_000)
    expect(log).toEqual(['alarm lane'])
  })

  it('ends with its signal', async () => {
    const { clock, stop, running } = watched()
    stop.abort()
    await running
    expect(clock.pending).toBe(0)
  })
})

describe('progress', () => {
  it('accuses no part of a standstill of the whole process', () => {
    const progress = new Progress([{ name: 'outbox', turns: () => 1, limitMs: 30_000 }])
    expect(progress.look(0)).toEqual([])
    progress.forgive(500_000)
    expect(progress.look(500_000)).toEqual([])
    expect(progress.look(530_001)).toEqual([{ name: 'outbox', stillMs: 30_001 }])
  })
})
