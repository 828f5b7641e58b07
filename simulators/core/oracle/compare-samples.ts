import { firstPlace } from './first-place.ts'
import type { Finding, Tolerance } from './finding.ts'
import type { ToldSample } from './told.ts'

/** One stored point of a pump, as the history tells it. */
export interface StoredSample {
  readonly channelId: string | null
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

/** A pump, or one channel of it. */
interface Source {
  readonly pumpId: string
  readonly channelId: string | null
}

const nameOf = ({ pumpId, channelId }: Source): string =>
  channelId === null ? pumpId : `channel ${channelId} of ${pumpId}`

/** What one source told and nobody has found on the server yet. */
class Unmatched {
  readonly source: Source
  readonly #byKey = new Map<string, ToldSample[]>()
  readonly #known: ReadonlySet<string>
  /** In order of time. */
  readonly #all: readonly ToldSample[]
  readonly #taken = new Set<ToldSample>()

  constructor(source: Source, told: readonly ToldSample[]) {
    this.source = source
    this.#all = told.toSorted((a, b) => a.at - b.at)
    for (const sample of told) {
      const key = keyOf(sample)
      const queue = this.#byKey.get(key)
      if (queue === undefined) this.#byKey.set(key, [sample])
      else queue.push(sample)
    }
    this.#known = new Set(this.#byKey.keys())
  }

  get keys(): Iterable<string> {
    return this.#known
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
    let place = firstPlace(this.#all.length, (index) => (this.#all[index]?.at ?? Infinity) >= stored.at - slackMs)
    for (; (this.#all[place]?.at ?? Infinity) <= stored.at + slackMs; place += 1) {
      const sample = this.#all[place]
      const how = sample === undefined || this.#taken.has(sample) ? null : confusion(sample, stored)
      if (sample === undefined || how === null) continue
      this.#taken.add(sample)
      return how
    }
    return null
  }
}

/** Everything that was told, by source and by values. */
class Everything {
  readonly #sources = new Map<string, Unmatched>()
  readonly #byKey = new Map<string, Unmatched[]>()

  constructor(told: readonly ToldSample[]) {
    for (const [name, samples] of Map.groupBy(told, nameOf)) {
      const [first] = samples
      if (first === undefined) continue
      const unmatched = new Unmatched({ pumpId: first.pumpId, channelId: first.channelId }, samples)
      this.#sources.set(name, unmatched)
      for (const key of unmatched.keys) {
        const owners = this.#byKey.get(key)
        if (owners === undefined) this.#byKey.set(key, [unmatched])
        else owners.push(unmatched)
      }
    }
  }

  get all(): Iterable<Unmatched> {
    return this.#sources.values()
  }

  of(source: Source): Unmatched | undefined {
    return this.#sources.get(nameOf(source))
  }

  /** Whoever else told these values and misses them. */
  takeElsewhere(source: Source, key: string, at: number): Source | null {
    const own = this.of(source)
    const other = (this.#byKey.get(key) ?? []).find((one) => one !== own && one.take(key, at) !== null)
    return other?.source ?? null
  }
}

/** Samples of every pump: each owed one once, where it belongs, at its time, with its values; and nothing else. */
export const compareSamples = (
  told: readonly ToldSample[],
  stored: ReadonlyMap<string, readonly StoredSample[]>,
  { slackMs }: Tolerance,
): readonly Finding[] => {
  const everything = new Everything(told)
  const findings: Finding[] = []
  const leftOver: { readonly source: Source; readonly sample: StoredSample }[] = []
  for (const [pumpId, list] of stored)
    for (const sample of list) {
      const source = { pumpId, channelId: sample.channelId }
      if ((everything.of(source)?.take(keyOf(sample), sample.at, slackMs) ?? null) === null)
        leftOver.push({ source, sample })
    }
  const strangers = leftOver.filter(({ source, sample }) => {
    const own = everything.of(source)
    const key = keyOf(sample)
    const { pumpId } = source
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
  for (const { source, sample } of strangers) findings.push(explain(source, sample, everything, slackMs))
  for (const { source, rest } of everything.all)
    for (const sample of rest)
      if (sample.isOwed) {
        const of = source.channelId === null ? '' : ` of channel ${source.channelId}`
        findings.push({ kind: 'missing', pumpId: source.pumpId, what: `${words(sample)}${of}, told at ${sample.at}` })
      }
  return findings
}

const explain = (source: Source, sample: StoredSample, everything: Everything, slackMs: number): Finding => {
  const { pumpId } = source
  const owner = everything.takeElsewhere(source, keyOf(sample), sample.at)
  if (owner !== null) return { kind: 'swapped', pumpId, what: `${words(sample)} belongs to ${nameOf(owner)}` }
  const how = everything.of(source)?.takeConfused(sample, slackMs) ?? null
  if (how !== null) return { kind: 'wrong-value', pumpId, what: how }
  return { kind: 'false', pumpId, what: `${words(sample)} was never told` }
}
