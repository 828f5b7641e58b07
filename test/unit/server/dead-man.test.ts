import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { DeadMan } from '#server/core/dead-man.ts'
import { FakeOutgoing } from '#test/support/fake-outgoing.ts'
import { ManualClock } from '#test/support/manual-clock.ts'

const open = (failUrl: string | null = null) => {
  const clock = new ManualClock()
  const outgoing = new FakeOutgoing()
  const world = { journal: async (): Promise<void> => undefined }
  const deadMan = new DeadMan({
    checks: { journal: () => world.journal(), engine: async () => undefined },
    outgoing,
    url: 'https://watchdog/ping',
    failUrl,
    everyMs: 60_000,
    clock,
    scheduler: clock,
    log: pino({ level: 'silent' }),
  })
  deadMan.start()
  return { clock, asked: outgoing.asked, outgoing, world, deadMan }
}
const ping = 'GET https://watchdog/ping -'

describe('the dead-man’s switch', () => {
  it('tells the watchdog at once and every minute that the server is well, and stops with the server', async () => {
    const { clock, asked, deadMan } = open()
    await clock.advanceAsync(0)
    expect(asked).toEqual([ping])
    await clock.advanceAsync(180_000)
    expect(asked).toEqual([ping, ping, ping, ping])
    expect(deadMan.report).toMatchObject({ pings: 4, unanswered: 0, withheld: 0, lastPingAt: clock.now() })
    deadMan[Symbol.dispose]()
    expect(clock.pending).toBe(0)
  })

  it.each([
    ['fails', () => Promise.reject(new Error('disk full'))],
    ['does not come back', () => new Promise<void>(() => undefined)],
    [
      'throws',
      () => {
        throw new Error('at once')
      },
    ],
  ] as const)('a check that %s withholds the ping, and its return brings it back', async (_, broken) => {
    const { clock, asked, world, deadMan } = open()
    await clock.advanceAsync(0)
    world.journal = broken
    await clock.advanceAsync(130_000)
    expect(asked).toEqual([ping])
    expect(deadMan.report).toMatchObject({ withheld: 2, failing: ['journal'] })
    world.journal = async () => undefined
    await clock.advanceAsync(60_000)
    expect(asked).toEqual([ping, ping])
    expect(deadMan.report.failing).toEqual([])
  })

  it('tells a watchdog that can be told so once per failure', async () => {
    const { clock, asked, world } = open('https://watchdog/ping/fail')
    const fail = 'GET https://watchdog/ping/fail -'
    world.journal = () => Promise.reject(new Error('disk full'))
    await clock.advanceAsync(120_000)
    expect(asked).toEqual([ping, fail])
    world.journal = async () => undefined
    await clock.advanceAsync(60_000)
    world.journal = () => Promise.reject(new Error('disk full'))
    await clock.advanceAsync(60_000)
    expect(asked).toEqual([ping, fail, ping, fail])
  })

  it.each([
    { is: 'timed-out' },
    { is: 'failed', reason: 'no-such-host' },
    { is: 'answered', status: 404, retryAfterMs: null },
  ] as const)('a watchdog that is not reached ($is) is counted and asked again', async (answer) => {
    const { clock, outgoing, deadMan } = open()
    outgoing.answer = answer
    await clock.advanceAsync(60_000)
    expect(deadMan.report.unanswered).toBeGreaterThan(0)
    outgoing.answer = { is: 'answered', status: 204, retryAfterMs: null }
    const before = deadMan.report.pings
    await clock.advanceAsync(60_000)
    expect(deadMan.report.pings).toBe(before + 1)
  })
})
