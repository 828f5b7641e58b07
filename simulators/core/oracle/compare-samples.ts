import type { Finding, Tolerance } from './finding.ts'
import type { ToldSample } from './told.ts'

/** One stored point of a pump, as the history tells it. */
export interface StoredSample {
  readonly at: number
  readonly infusedTotalMl: number | null
  readonly linePressureMmHg: number | null
  readonly rateMlPerHour: number | null
}

interface Values {
  readonly infusedTotalMl: number | null
  readonly linePressureMmHg: number | null
  readonly rateMlPerHour: number | null
}

const keyOf = ({ infusedTotalMl, linePressureMmHg, rateMlPerHour }: Values): string =>
  `${infusedTotalMl}/${linePressureMmHg}/${rateMlPerHour}`

const words = ({ infusedTotalMl, linePressureMmHg, rateMlPerHour }: Values): string =>
  `${infusedTotalMl} mL, ${rateMlPerHour} mL/h, ${linePressureMmHg} mmHg`

/** Confusions of units: µL for mL, per minute or per day for per hour. */
const factors = [1_000, 60, 24] as const

const confusion = (told: Values, stored: Values): string | null => {
  for (const name of ['infusedTotalMl', 'rateMlPerHour'] as const) {
    const [a, b] = [told[name], stored[name]]
    if (a === null || b === null || a === 0 || b === 0) continue
    for (const factor of factors) {
      if (Math.abs(b / a / factor - 1) < 1e-6) return `${name} is ${factor} times what the pump told`
      if (Math.abs((b / a) * factor - 1) < 1e-6) return `${name} is 1/${factor} of what the pump told`
    }
  }
  return null
}

class Unmatched {
  readonly #byKey = new Map<string, ToldSample[]>()
  readonly #known: ReadonlySet<string>
  readonly #all: readonly ToldSample[]
  readonly #taken = new Set<ToldSample>()

  constructor(told: readonly ToldSample[]) {
    this.#all = told
    for (const sample of told) {
      const key = keyOf(sample)
      const queue = this.#byKey.get(key)
      if (queue === undefined) this.#byKey.set(key, [sample])
      else queue.push(sample)
    }
    this.#known = new Set(this.#byKey.keys())
  }

  get rest(): readonly ToldSample[] {
    return this.#all.filter((sample) => !this.#taken.has(sample))
  }

  has(key: string): boolean {
    return this.#known.has(key)
  }

  /** Of several with these values the one told nearest to `at`, and no further from it than `mostMs`: a pump that stands still repeats itself. */
  take(key: string, at: number, mostMs = Infinity): ToldSample | null {
    const queue = this.#byKey.get(key) ?? []
    const apart = (index: number): number => Math.abs((queue[index]?.at ?? Infinity) - at)
    let nearest = 0
    while (apart(nearest + 1) < apart(nearest)) nearest += 1
    if (apart(nearest) > mostMs) return null
    const [sample] = queue.splice(nearest, 1)
    if (sample !== undefined) this.#taken.add(sample)
    return sample ?? null
  }

  /** A sample of that time whose values were told in another unit. */
  takeConfused(stored: StoredSample, slackMs: number): string | null {
    for (const sample of this.#all) {
      if (this.#taken.has(sample) || Math.abs(sample.at - stored.at) > slackMs) continue
      const how = confusion(sample, stored)
      if (how === null) continue
      this.#taken.add(sample)
      return how
    }
    return null
  }
}

/** Samples of every pump: each owed one once, where it belongs, at its time, with its values; and nothing else. */
export const compareSamples = (
  told: readonly ToldSample[],
  stored: ReadonlyMap<string, readonly StoredSample[]>,
  { slackMs }: Tolerance,
): readonly Finding[] => {
  const pumps = new Map([...Map.groupBy(told, ({ pumpId }) => pumpId)].map(([id, list]) => [id, new Unmatched(list)]))
  const findings: Finding[] = []
  const leftOver: { readonly pumpId: string; readonly sample: StoredSample }[] = []
  for (const [pumpId, list] of stored)
    for (const sample of list)
      if ((pumps.get(pumpId)?.take(keyOf(sample), sample.at, slackMs) ?? null) === null)
        leftOver.push({ pumpId, sample })
  const strangers = leftOver.filter(({ pumpId, sample }) => {
    const own = pumps.get(pumpId)
    const key = keyOf(sample)
    const match = own?.take(key, sample.at) ?? null
    if (match !== null)
      findings.push({
        kind: 'wrong-time',
        pumpId,
        what: `${words(sample)} is dated ${sample.at - match.at} ms from when it was told`,
      })
    else if (own?.has(key) === true)
      findings.push({ kind: 'doubled', pumpId, what: `${words(sample)} is there more often than it was told` })
    else return true
    return false
  })
  // Only now is it known what every pump still misses.
  for (const { pumpId, sample } of strangers) findings.push(explain(pumpId, sample, pumps, slackMs))
  for (const [pumpId, own] of pumps)
    for (const sample of own.rest)
      if (sample.isOwed) findings.push({ kind: 'missing', pumpId, what: `${words(sample)}, told at ${sample.at}` })
  return findings
}

const explain = (
  pumpId: string,
  sample: StoredSample,
  pumps: ReadonlyMap<string, Unmatched>,
  slackMs: number,
): Finding => {
  for (const [other, unmatched] of pumps)
    if (other !== pumpId && unmatched.take(keyOf(sample), sample.at) !== null)
      return { kind: 'swapped', pumpId, what: `${words(sample)} belongs to ${other}` }
  const how = pumps.get(pumpId)?.takeConfused(sample, slackMs) ?? null
  if (how !== null) return { kind: 'wrong-value', pumpId, what: how }
  return { kind: 'false', pumpId, what: `${words(sample)} was never told` }
}
