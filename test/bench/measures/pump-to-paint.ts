import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { percentiles } from '#simulators/core/load/percentiles.ts'
import { Wall } from '#test/e2e/wall.ts'
import { Browser } from '#test/support/browser.ts'
import { System } from '#test/support/system.ts'
import type { Measured } from '../figure.ts'
import type { Bench, Measure } from '../measure.ts'
import { AlarmRun } from '../support/alarm-run.ts'
import { backgroundFleet } from '../support/background-fleet.ts'
import { gatewayUnit } from '../support/gateway-unit.ts'
import { RelayedLines } from '../support/relayed-lines.ts'
import { spokenPumps } from '../support/spoken-pumps.ts'
import { keepWays, waysOf } from '../support/wall-hops.ts'

const fleet = { pumps: 1_000, hubs: 100, seed: 7 }
const settleMs = 10_000
const lookEveryMs = 100
/** So often that none of a pump's alarms returns within 60 s of its end: it would be the same alarm. */
const everyMs = 7_500
const pumps = spokenPumps('SIM-300')
const p50AtMost = 3
const p99AtMostMs = 150

interface Times {
  readonly pumpMs: readonly number[]
  /** Until the server has it for good. */
  readonly journalMs: readonly number[]
  readonly raised: number
  readonly relayedMs: readonly number[]
}

const raging = async (bench: Bench, run: AlarmRun): Promise<void> => {
  const begun = performance.now()
  await Promise.all(
    pumps.map(async ({ id }, place) => {
      for (let nth = 0; ; nth += 1) {
        const due = nth * everyMs + (place * everyMs) / pumps.length
        if (due > bench.seconds * 1_000) return
        await pause(Math.max(0, begun + due - performance.now()))
        await run.alarm(id, nth, 0).catch((error: unknown) => bench.say(`  ${String(error)}`))
      }
    }),
  )
}

const measured = async (bench: Bench): Promise<Times> => {
  const scratch = await mkdtemp(join(tmpdir(), 'bench-pump-to-paint-'))
  const unit = gatewayUnit()
  try {
    await using owned = new AsyncDisposableStack()
    const system = owned.use(
      await System.start({
        pumps,
        searched: false,
        gateway: { nodeFlags: unit.nodeFlags, env: { ...unit.env, NODE_COMPILE_CACHE: join(scratch, 'cache') } },
      }),
    )
    owned.use(await backgroundFleet({ url: system.url, dataDir: join(system.dir, 'server'), folder: scratch }, fleet))
    const browser = owned.use(await Browser.open())
    const page = await browser.page()
    await page.addInitScript({ content: keepWays })
    const { name, password } = system.password('nurse')
    await new Wall(page).signIn(system.url, name, password)
    // A browser of its own: of two tabs one is hidden, and a hidden page is drawn once a second.
    const beside = owned.use(await Browser.open())
    const relayed = owned.use(await RelayedLines.open(scratch, await beside.page()))
    const paintedAt = new Map<string, number>()
    const look = async (): Promise<void> => {
      for (const [id, { painted }] of await waysOf(page)) paintedAt.set(id, painted)
    }
    const looking = setInterval(() => void look().catch(() => undefined), lookEveryMs)
    owned.defer(() => clearInterval(looking))
    const run = owned.use(await AlarmRun.open(system, paintedAt))
    bench.say(`  ${fleet.pumps} pumps on ${fleet.hubs} hubs at 1 Hz; ${bench.seconds} s of alarms`)
    await pause(settleMs)
    relayed.forget()
    await raging(bench, run)
    const timed = run.timed()
    return {
      pumpMs: timed.map(({ arrivedMs }) => arrivedMs),
      journalMs: timed.map(({ journalMs }) => journalMs),
      raised: run.raised,
      relayedMs: await relayed.paintedMs(),
    }
  } finally {
    await rm(scratch, { recursive: true })
  }
}

export const measure: Measure = {
  what: `a high alarm from the pump’s own byte to the painted row of a wall, through real hub and server, beside ${fleet.pumps} pumps at 1 Hz; limit: bytes relayed from a pseudo-terminal through a web socket to a page, with nothing kept`,
  run: async (bench): Promise<readonly Measured[]> => {
    const { pumpMs, journalMs, raised, relayedMs } = await bench.once('pump to paint', () => measured(bench))
    const [found, stored, best] = [percentiles(pumpMs), percentiles(journalMs), percentiles(relayedMs)]
    return [
      {
        name: 'pump to painted row, p50',
        value: found?.p50 ?? Number.NaN,
        unit: 'ms',
        limit: best?.p50 ?? Number.NaN,
        target: { on: 'ratio', atMost: p50AtMost },
      },
      {
        name: 'pump to painted row, p99',
        value: found?.p99 ?? Number.NaN,
        unit: 'ms',
        limit: best?.p99 ?? Number.NaN,
        target: { on: 'value', atMost: p99AtMostMs },
      },
      {
        name: 'pump to painted row, longest',
        value: found?.max ?? Number.NaN,
        unit: 'ms',
        limit: best?.max ?? Number.NaN,
      },
      {
        name: 'pump to journal, p50',
        value: stored?.p50 ?? Number.NaN,
        unit: 'ms',
      },
      {
        name: 'pump to journal, p99',
        value: stored?.p99 ?? Number.NaN,
        unit: 'ms',
      },
      {
        name: 'pump to painted row, alarms timed',
        value: pumpMs.length,
        unit: 'alarms',
        limit: raised,
        target: { on: 'ratio', atLeast: 1 },
      },
    ]
  },
}
