import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { JournalPulse } from '#server/core/journal-pulse.ts'
import { ManualClock } from '#test/support/manual-clock.ts'

const open = () => {
  const clock = new ManualClock()
  const disk = { takes: true, writes: 0 }
  const pulse = new JournalPulse({
    write: () => {
      disk.writes += 1
      if (!disk.takes) throw new Error('disk full')
    },
    scheduler: clock,
    log: pino({ level: 'silent' }),
  })
  pulse.start()
  return { clock, disk, pulse }
}

describe('the journal’s pulse', () => {
  it('is a commit at once and every five seconds, and stops with the server', async () => {
    const { clock, disk, pulse } = open()
    await clock.advanceAsync(15_000)
    expect(disk.writes).toBe(4)
    await expect(pulse.check()).resolves.toBeUndefined()
    expect(pulse.keeps).toBe(true)
    pulse[Symbol.dispose]()
    expect(clock.pending).toBe(0)
  })

  it('says why after one failure; after two the server does not watch any more, until a commit succeeds', async () => {
    const { clock, disk, pulse } = open()
    disk.takes = false
    await clock.advanceAsync(5_000)
    await expect(pulse.check()).rejects.toThrow('disk full')
    expect(pulse.keeps).toBe(true)
    await clock.advanceAsync(5_000)
    expect(pulse.keeps).toBe(false)
    await clock.advanceAsync(60_000)
    expect(pulse.keeps).toBe(false)
    disk.takes = true
    await clock.advanceAsync(5_000)
    expect(pulse.keeps).toBe(true)
    await expect(pulse.check()).resolves.toBeUndefined()
  })
})
