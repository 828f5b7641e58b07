import { defaultDerivedPolicy } from '#domain/derived/policy.ts'
import type { DerivedPolicy } from '#domain/derived/policy.ts'
import { runFleet } from '#test/bench/support/derived-fleet.ts'
import { plantedRuns } from '#test/bench/support/planted-runs.ts'
import type { Measured } from '../figure.ts'
import type { Measure } from '../measure.ts'

const fleet = { pumps: 60, days: 3, sampleEveryMs: 30_000 }
const seeds = [7, 8, 9]

const policies: readonly (readonly [name: string, changes: Partial<DerivedPolicy>])[] = [
  ['8 % tolerated, 30 mmHg', { toleratedPart: 0.08, pressureRiseMmHg: 30 }],
  ['10 % tolerated, 60 mmHg, 0.90 even', { toleratedPart: 0.1, pressureEvenness: 0.9 }],
  ['15 % tolerated, 60 mmHg, 0.97 even', {}],
  ['25 % tolerated, 100 mmHg', { toleratedPart: 0.25, pressureRiseMmHg: 100 }],
]

const median = (values: readonly (number | null)[]): string => {
  const sorted = values.map((value) => value ?? Infinity).toSorted((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Infinity
  return middle === Infinity ? 'not found' : `${(middle / 60_000).toFixed(1)} min`
}

const ofSeed = (seed: number, say: (text: string) => void): readonly Measured[] => {
  const all = policies.map(([name, changes]) => ({ name, policy: { ...defaultDerivedPolicy, ...changes } }))
  const runs = runFleet(
    { ...fleet, seed },
    all.map(({ policy }) => policy),
  )
  return all.flatMap(({ name, policy }, index) => {
    const untrue = runs[index]?.raised.filter(({ isTrue }) => !isTrue) ?? []
    const of = (by: string): number => untrue.filter((one) => one.by === by).length
    const planted = plantedRuns(policy, seed).filter(({ rateMlPerHour }) => rateMlPerHour === 5)
    const took = (kind: string) => median(planted.filter((run) => run.kind === kind).map(({ tookMs }) => tookMs))
    const lead = median(planted.filter(({ kind }) => kind === 'closing line').map(({ leadMs }) => leadMs))
    say(
      `seed ${seed}, ${name}: false ${of('volume')} low, ${of('over')} high, ${of('pressure')} by pressure; at 5 mL/h`,
    )
    say(`  70 % after ${took('70 %')}, 150 % after ${took('150 %')}, closing line ${lead} ahead of the pump`)
    return [
      {
        name: `seed ${seed}, ${name}: false alarms`,
        value: (1000 * untrue.length) / (fleet.pumps * fleet.days),
        unit: 'per 1000 pump-days',
      },
    ]
  })
}

export const measure: Measure = {
  what: `what a tighter or looser policy costs: false alarms of ${fleet.pumps} healthy pumps over ${fleet.days} days, and how soon faults are found (seeds ${seeds.join(', ')})`,
  run: async ({ say }) => seeds.flatMap((seed) => ofSeed(seed, say)),
}
