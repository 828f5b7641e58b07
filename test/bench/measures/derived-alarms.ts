import { defaultDerivedPolicy } from '#domain/derived/policy.ts'
import { runFleet } from '#test/bench/support/derived-fleet.ts'
import { deviationTable, plantedRuns } from '#test/bench/support/planted-runs.ts'
import type { Measured } from '../figure.ts'
import type { Measure } from '../measure.ts'

const fleet = { pumps: 200, days: 7, seed: 7, sampleEveryMs: 30_000 }

export const measure: Measure = {
  what: `what the server concludes from a healthy fleet of ${fleet.pumps} pumps over ${fleet.days} days, and from planted faults (seed ${fleet.seed})`,
  run: async ({ say }) => {
    const planted = plantedRuns(defaultDerivedPolicy)
    say(deviationTable(planted))
    const [run] = runFleet(fleet, [defaultDerivedPolicy])
    if (run === undefined) return []
    const untrue = run.raised.filter(({ isTrue }) => !isTrue)
    for (const { by, therapy, pump, at } of untrue)
      say(`false: ${by}, ${therapy}, pump ${pump}, hour ${at / 3_600_000}`)
    say(
      `${run.samples} samples, ${Math.round(run.infusingHours)} hours of delivery; true closing lines found early: ${run.raised.length - untrue.length}`,
    )
    const perThousandDays = (by: string): number => (1000 * untrue.filter((one) => one.by === by).length) / run.pumpDays
    const deviations = planted.filter(({ kind }) => kind !== 'closing line')
    const found = deviations.filter(({ tookMs }) => tookMs !== null)
    const figures: readonly Measured[] = [
      ...(['volume', 'pressure', 'over', 'stop'] as const).map((by) => ({
        name: `false alarms by ${by}`,
        value: perThousandDays(by),
        unit: 'per 1000 pump-days',
        target: { on: 'value', atMost: 5 } as const,
      })),
      {
        name: 'planted deviations found',
        value: (100 * found.length) / deviations.length,
        unit: '%',
        target: { on: 'value', atLeast: 99 } as const,
      },
    ]
    return figures
  },
}
