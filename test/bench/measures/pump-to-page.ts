import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { defaultPagingPolicy } from '#domain/paging/policy.ts'
import { percentiles, type Percentiles } from '#simulators/core/load/percentiles.ts'
import { AlarmRun, type TimedAlarm } from '#test/bench/support/alarm-run.ts'
import { backgroundFleet } from '#test/bench/support/background-fleet.ts'
import { BarePath } from '#test/bench/support/bare-path.ts'
import { PageStub } from '#test/bench/support/page-stub.ts'
import { startPagedSystem } from '#test/bench/support/paged-system.ts'
import { spokenPump, spokenPumps } from '#test/bench/support/spoken-pumps.ts'
import type { FleetMember } from '#test/support/system.ts'
import type { Measured } from '../figure.ts'
import type { Bench, Measure } from '../measure.ts'

const fleet = { pumps: 1_000, hubs: 100, seed: 7 }
const journalLimitMs = 250
const pageLimitMs = 2_000
const settleMs = 15_000
/** Alarms come so often at each pump that none returns within 60 s of its end: it would be the same alarm. */
const everyMs = 7_500
const { holdOffMs, holdOffCriticalMs } = defaultPagingPolicy.high

const critical = spokenPumps('SIM-100')
/** Their first page waits for the hold-off, in the server's table of what is due. */
const standard = (['serial', 'mqtt', 'tcp'] as const).map((wire, nth) => spokenPump(`SIM-200${nth}`, wire))

interface Times {
  readonly alarms: readonly TimedAlarm[]
  readonly raised: number
  readonly bare: BarePath['times']
}

const raging = async (bench: Bench, run: AlarmRun): Promise<void> => {
  const begun = performance.now()
  const lastMs = 5 * bench.seconds * 1_000
  const atPump = async ({ id }: FleetMember, place: number, waitMs: number, eachMs: number): Promise<void> => {
    for (let nth = 0; ; nth += 1) {
      const due = nth * eachMs + (place * everyMs) / critical.length
      if (due + waitMs > lastMs) return
      await pause(Math.max(0, begun + due - performance.now()))
      await run.alarm(id, nth, waitMs).catch((error: unknown) => bench.say(`  ${String(error)}`))
    }
  }
  await Promise.all([
    ...critical.map((pump, place) => atPump(pump, place, holdOffCriticalMs, everyMs)),
    ...standard.map((pump, place) => atPump(pump, place + 0.5, holdOffMs, holdOffMs + 5_000)),
  ])
}

const measured = async (bench: Bench): Promise<Times> => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-pump-to-page-'))
  try {
    await using stub = await PageStub.open()
    const { system, pagedAt } = await startPagedSystem(folder, stub, critical, standard)
    await using owned = new AsyncDisposableStack()
    owned.use(system)
    owned.use(await backgroundFleet({ url: system.url, dataDir: join(system.dir, 'server'), folder }, fleet))
    const bare = owned.use(await BarePath.open(folder, stub))
    const run = owned.use(await AlarmRun.open(system, pagedAt))
    const { pumps, hubs } = fleet
    bench.say(
      `  ${pumps} pumps on ${hubs} hubs at 1 Hz; ${settleMs / 1_000} s to settle, ${5 * bench.seconds} s of alarms`,
    )
    await pause(settleMs)
    bare.forget()
    await raging(bench, run)
    return { alarms: run.timed(), raised: run.raised, bare: bare.times }
  } finally {
    await rm(folder, { recursive: true })
  }
}

const figures = (name: string, found: Percentiles | null, best: Percentiles | null, atMost: number): Measured[] => [
  { name: `${name}, p50`, value: found?.p50 ?? NaN, unit: 'ms', limit: best?.p50 ?? NaN },
  {
    name: `${name}, p99`,
    value: found?.p99 ?? NaN,
    unit: 'ms',
    limit: best?.p99 ?? NaN,
    target: { on: 'value', atMost },
  },
  { name: `${name}, longest`, value: found?.max ?? NaN, unit: 'ms', limit: best?.max ?? NaN },
]

export const measure: Measure = {
  what: `a high alarm from the pump’s own byte → journal, and → its page at a webhook less the hold-off, through real hub and server, beside ${fleet.pumps} pumps at 1 Hz; limit: the bytes relayed bare, with the same fsyncs, in the same run`,
  run: async (bench) => {
    const { alarms, raised, bare } = await bench.once('pump to page', () => measured(bench))
    const journal = percentiles(alarms.map(({ journalMs }) => journalMs))
    const page = percentiles(alarms.map(({ arrivedMs }) => arrivedMs))
    return [
      ...figures('pump to journal', journal, percentiles(bare.storedMs), journalLimitMs),
      ...figures('pump to page, less the hold-off', page, percentiles(bare.toldMs), pageLimitMs),
      {
        name: 'pump to page, alarms timed',
        value: alarms.length,
        unit: 'alarms',
        limit: raised,
        target: { on: 'ratio', atLeast: 1 },
      },
    ]
  },
}
