import type { Percentiles } from '#simulators/core/load/percentiles.ts'
import type { Measured } from '../figure.ts'
import type { Bench } from '../measure.ts'
import type { BenchServer } from './bench-server.ts'
import { Load } from './load.ts'
import type { LoadPlan } from './load-points.ts'
import { usageOf } from './process-usage.ts'

/** Fewer than the server turns telemetry away at (security.md 6). */
const inFlight = 16
const warmUpSeconds = 5
const mostSeconds = 20
/** None of it is late: each pump's samples are a second apart, and many of each come in one. */
const oldestMs = 3_500_000
export const lateAfter = { LATE_AFTER_MS: '3600000' }

export const planNow = (): LoadPlan => ({
  hubs: 40,
  pumpsPerHub: 50,
  everyMs: 1_000,
  from: Date.now() - oldestMs,
})

export interface Ingested {
  readonly perSecond: number
  /** Of the store alone. */
  readonly limit: number
  readonly cpuMsPerThousand: number
  readonly batchMs: Percentiles | null
  /** Said to be stored, and found in the store afterwards. */
  readonly acknowledged: number
  readonly found: number
}

/** Hubs send as fast as they are answered; what they were told is stored is then counted in the store. */
export const ingested = async (
  bench: Bench,
  server: BenchServer,
  { limit, count }: { readonly limit: number; readonly count: () => Promise<number> },
): Promise<Ingested> => {
  const plan = planNow()
  bench.say(`  letting ${plan.hubs} hubs with ${plan.pumpsPerHub} pumps each in`)
  using load = await Load.open(server, plan)
  const seconds = Math.min(bench.seconds, mostSeconds)
  bench.say(`  ${warmUpSeconds} s to warm up, ${seconds} s to look`)
  await load.pour(warmUpSeconds, inFlight)
  const pid = server.program.child.pid ?? 0
  const before = usageOf(pid)
  const { stored, perSecond, batchMs } = await load.pour(seconds, inFlight)
  const cpuMs = usageOf(pid).cpuMs - before.cpuMs
  bench.say(`  ${load.putOff} requests were put off`)
  return {
    perSecond,
    limit,
    cpuMsPerThousand: (cpuMs * 1_000) / stored,
    batchMs,
    acknowledged: load.samples,
    found: await count(),
  }
}

export const ingestFigures = (
  into: string,
  { perSecond, limit, cpuMsPerThousand, batchMs, acknowledged, found }: Ingested,
  targets: { readonly ratio: number; readonly perSecond?: number },
): readonly Measured[] => [
  {
    name: `ingest into ${into}`,
    value: perSecond,
    unit: 'samples/s',
    limit,
    target: { on: 'ratio', atLeast: targets.ratio },
  },
  ...(targets.perSecond === undefined
    ? []
    : [
        {
          name: `ingest into ${into}, with the hubs on the same cores`,
          value: perSecond,
          unit: 'samples/s',
          target: { on: 'value', atLeast: targets.perSecond } as const,
        },
      ]),
  { name: `ingest into ${into}, server’s processor per 1,000 samples`, value: cpuMsPerThousand, unit: 'ms' },
  { name: `ingest into ${into}, batch → verdicts, p99`, value: batchMs?.p99 ?? Number.NaN, unit: 'ms' },
  {
    name: `ingest into ${into}, samples found in it`,
    value: found,
    unit: 'samples',
    limit: acknowledged,
    target: { on: 'ratio', atLeast: 1, atMost: 1 },
  },
]
