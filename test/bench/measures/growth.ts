import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { eventually } from '#test/support/eventually.ts'
import type { Measured } from '../figure.ts'
import type { Bench, Measure } from '../measure.ts'
import { startBenchServer } from '../support/bench-server.ts'
import type { BenchServer } from '../support/bench-server.ts'
import { Load } from '../support/load.ts'
import { usageOf } from '../support/process-usage.ts'

const fleets = [100, 1_000, 10_000] as const
const pumpsPerHub = 50
const inFlight = 8
/** Of all pumps together, the same number for each fleet. */
const warmUpSamples = 100_000
const samples = 200_000
const idleMs = 5_000
const flatWithin = 1.2
const bytesPerPumpAtMost = 4_096

interface Grown {
  readonly pumps: number
  readonly cpuMsPerThousand: number
  /** While no sample comes. */
  readonly idleMsPerSecond: number
  readonly heapBytes: number
}

/** In use after a collection of garbage. */
const heapOf = async ({ program }: BenchServer, file: string): Promise<number> => {
  rmSync(file, { force: true })
  program.child.kill('SIGUSR2')
  const text = await eventually(
    () => {
      try {
        return JSON.parse(readFileSync(file, 'utf8')) as { heapBytes: number }
      } catch {
        return null
      }
    },
    { within: 20_000, every: 50, what: 'the server to say what memory it uses' },
  )
  return text.heapBytes
}

const grown = async (bench: Bench, pumps: number): Promise<Grown> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-growth-'))
  try {
    const file = join(folder, 'heap.json')
    const probe = ['--import', join(import.meta.dirname, '..', 'support', 'heap-probe.ts')]
    await using server = await startBenchServer({ BENCH_HEAP_FILE: file }, probe)
    const hubs = pumps / pumpsPerHub
    const from = Date.now() - Math.ceil((warmUpSamples + samples) / pumps) * 1_000 - 60_000
    using load = await Load.open(server, { hubs, pumpsPerHub, everyMs: 1_000, from })
    bench.say(`  ${pumps} pumps`)
    await load.pourUpTo(warmUpSamples / hubs, Math.min(hubs, inFlight))
    const pid = server.program.child.pid ?? 0
    const before = usageOf(pid).cpuMs
    const { stored } = await load.pourUpTo((warmUpSamples + samples) / hubs, Math.min(hubs, inFlight))
    const busy = usageOf(pid).cpuMs
    await pause(idleMs)
    const idle = usageOf(pid).cpuMs - busy
    return {
      pumps,
      cpuMsPerThousand: ((busy - before) * 1_000) / stored,
      idleMsPerSecond: (idle * 1_000) / idleMs,
      heapBytes: await heapOf(server, file),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const measured = async (bench: Bench): Promise<readonly Grown[]> => {
  const all: Grown[] = []
  for (const pumps of fleets) all.push(await grown(bench, pumps))
  return all
}

export const measure: Measure = {
  what: 'what a sample costs the server’s processor, and a pump its memory, with 100, 1,000 and 10,000 pumps; limit of the cost: with 100',
  run: async (bench): Promise<readonly Measured[]> => {
    const all = await bench.once('growth', () => measured(bench))
    const [few, , many] = all
    if (few === undefined || many === undefined) return []
    return [
      ...all.flatMap(({ pumps, cpuMsPerThousand, idleMsPerSecond }): Measured[] => {
        const name = `${pumps.toLocaleString('en')} pumps`
        return [
          {
            name: `${name}, processor per 1,000 samples`,
            value: cpuMsPerThousand,
            unit: 'ms',
            limit: few.cpuMsPerThousand,
            target: { on: 'ratio', atMost: flatWithin },
          },
          { name: `${name}, processor without a sample`, value: idleMsPerSecond, unit: 'ms per s' },
        ]
      }),
      {
        name: 'memory of the server per pump',
        value: (many.heapBytes - few.heapBytes) / (many.pumps - few.pumps),
        unit: 'bytes',
        target: { on: 'value', atMost: bytesPerPumpAtMost },
      },
    ]
  },
}
