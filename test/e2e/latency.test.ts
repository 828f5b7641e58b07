import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Browser } from '#test/support/browser.ts'
import { eventually } from '#test/support/eventually.ts'
import { System, type FleetMember } from '#test/support/system.ts'
import { readTruth } from '#test/support/truth.ts'
import { Wall } from './wall.ts'

// How long an alarm takes from the simulated pump's write to the nurse's screen. Printed, not asserted against a clock: machines
// are shared. What is asserted is that every alarm arrives.

const pumps: readonly FleetMember[] = Array.from({ length: 10 }, (_, index) => ({
  id: `SIM-01${String(index).padStart(2, '0')}`,
  protocol: 'ip1',
  wire: index % 2 === 0 ? 'serial' : 'tcp',
  settings: 'rateMlPerHour=1000',
}))

/** Acts that a pump answers with a high alarm within a second, and what ends it again. The wall never folds high ones away. */
const acts = [
  { act: 'inject-air', amount: 2, code: 'air-in-line', ends: ['clear-air', 'resume'] },
  { act: 'empty-bag', amount: 0, code: 'reservoir-empty', ends: ['change-bag', 'resume'] },
  { act: 'cassette-off', code: 'cassette-detached', ends: ['cassette-on', 'resume'] },
  { act: 'drain-battery', amount: 2, code: 'battery-depleted', ends: ['mains-on', 'resume'] },
  { act: 'fault', code: 'pump-malfunction', ends: [] },
] as const

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN

describe('alarm latency', () => {
  let system: System
  let browser: Browser

  beforeAll(async () => {
    system = await System.start({ pumps, searched: false })
    browser = await Browser.open()
  })

  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await system?.[Symbol.asyncDispose]()
  })

  it('brings at least 50 alarms from the pump to the screen, each painted once', async () => {
    const page = await browser.page()
    const wall = new Wall(page)
    const { name, password } = system.password('nurse')
    await wall.signIn(system.url, name, password)

    for (const { code, ends, ...act } of acts)
      for (const { id } of pumps) {
        await system.act(id, act.act, 'amount' in act ? { amount: act.amount } : {})
        await eventually(async () => (await wall.row(id, code).count()) > 0, {
          within: 15_000,
          what: `${code} of ${id}`,
        })
        for (const end of ends) await system.act(id, end)
      }

    const marks = async (): Promise<readonly { episode: string; at: number }[]> =>
      JSON.parse(
        await page.evaluate(
          `JSON.stringify(performance.getEntriesByType('mark').filter((m) => m.name.startsWith('alarm-painted:'))
          .map((m) => ({ episode: m.name.slice(14), at: performance.timeOrigin + m.startTime })))`,
        ),
      )
    // A row is there before it is painted.
    const painted = await eventually(async () => {
      const all = await marks()
      return all.length >= acts.length * pumps.length ? all : null
    })
    const nurse = await system.signIn('nurse')
    const open = new Map((await nurse.openAlarms()).map((alarm) => [alarm.episodeId as string, alarm]))
    const truth = readTruth(system.truthFile)
    const latencies = painted.flatMap(({ episode, at }) => {
      const alarm = open.get(episode)
      const told = truth.find(
        ({ kind, raised, pumpId, code }) =>
          kind === 'alarm' && raised === true && pumpId === alarm?.pumpId && code === alarm.code,
      )
      return told === undefined ? [] : [at - told.wallAt]
    })
    const sorted = latencies.toSorted((a, b) => a - b)
    console.log(
      `alarm latency, simulator write to browser paint, ${sorted.length} alarms: ` +
        `min ${quantile(sorted, 0).toFixed(0)} ms, median ${quantile(sorted, 0.5).toFixed(0)} ms, p99 ${quantile(sorted, 0.99).toFixed(0)} ms`,
    )
    expect(sorted.length).toBeGreaterThanOrEqual(50)
    expect(new Set(painted.map(({ episode }) => episode)).size).toBe(painted.length)
  })
})
