import type { DerivedPolicy } from '#domain/derived/policy.ts'
import { seededRandom } from '#simulators/core/random.ts'
import { someEyes } from '#test/support/observed-pump.ts'
import { plantedDeviation } from './planted-deviations.ts'

// Faults by rate, each seen by pumps of all kinds.

export const rates = [0.5, 2, 5, 20, 125] as const
/** Pumps that are drawn from each seed of a run; no two runs have one in common. */
const pumpsPerSeed = 8
const firstSeed = 7
const seedsOf = (seed: number): readonly number[] =>
  Array.from({ length: pumpsPerSeed }, (_, nth) => (seed - firstSeed) * pumpsPerSeed + nth + 1)
/** A set of a syringe, of an ambulatory pump, mL per mmHg. */
const compliances = [0.0006, 0.0012] as const
const parts = [0, 50, 70, 150, 200] as const

export interface PlantedRun {
  readonly kind: 'closing line' | `${number} %`
  readonly rateMlPerHour: number
  /** From the fault to the server's alarm; null: not found. */
  readonly tookMs: number | null
  /** Closing line: by how much the server was ahead of the pump; null: it was not. */
  readonly leadMs: number | null
}

const seen = (seed: number) => ({ ...someEyes(seededRandom(seed)), tells: 'everything' as const })

/** `seed`: 7 or more. */
export const plantedRuns = (policy: DerivedPolicy, seed: number): readonly PlantedRun[] => {
  const seeds = seedsOf(seed)
  return rates.flatMap((rateMlPerHour) => [
    ...compliances.flatMap((complianceMlPerMmHg) =>
      seeds.map((seed): PlantedRun => {
        const planted = { act: { act: 'occlude' }, rateMlPerHour, complianceMlPerMmHg, eyes: seen(seed), seed } as const
        const { byPressureMs, byPumpMs } = plantedDeviation({ ...planted, sampleEveryMs: 10_000, hours: 3 }, policy)
        const leadMs = byPressureMs === null || byPumpMs === null ? null : byPumpMs - byPressureMs
        return { kind: 'closing line', rateMlPerHour, tookMs: byPressureMs, leadMs }
      }),
    ),
    ...parts.flatMap((amount) =>
      seeds.map((seed): PlantedRun => {
        const planted = {
          act: { act: 'slip', amount },
          rateMlPerHour,
          complianceMlPerMmHg: 0.0012,
          eyes: seen(seed),
        } as const
        const found = plantedDeviation({ ...planted, seed, sampleEveryMs: 10_000, hours: 24 }, policy)
        const tookMs = amount < 100 ? found.byVolumeMs : found.overMs
        return { kind: `${amount} %`, rateMlPerHour, tookMs, leadMs: null }
      }),
    ),
  ])
}

const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.floor(part * (sorted.length - 1))] ?? NaN

const minutes = (all: readonly (number | null)[]): string => {
  const sorted = all.filter((one) => one !== null).toSorted((a, b) => a - b)
  if (sorted.length === 0) return '–'
  const shown = [0.1, 0.5, 0.9].map((part) => (quantile(sorted, part) / 60_000).toFixed(1))
  return `${shown.join(' / ')} (${sorted.length} of ${all.length})`
}

/** One line a kind and rate: 10th, 50th and 90th percentile in minutes, and how many were found. */
export const deviationTable = (runs: readonly PlantedRun[]): string => {
  const kinds = [...new Set(runs.map(({ kind }) => kind))]
  const lines = kinds.flatMap((kind) =>
    rates.map((rate) => {
      const own = runs.filter((run) => run.kind === kind && run.rateMlPerHour === rate)
      const values = kind === 'closing line' ? own.map(({ leadMs }) => leadMs) : own.map(({ tookMs }) => tookMs)
      return `${kind === 'closing line' ? 'closing line, lead' : `delivers ${kind}, found after`} at ${rate} mL/h: ${minutes(values)}`
    }),
  )
  return lines.join('\n')
}
