import { causeOf, type Cause } from './cause.ts'
import { timeToResolve, type Mix } from './mixes.ts'
import type { Said } from './said.ts'

export interface Line {
  readonly what: string
  readonly measured: number
  /** null: nothing is published. */
  readonly published: number | null
  readonly unit: string
}

interface Tally {
  deliveries: number
  alarms: number
}

/** Counts what a fleet said and puts it beside the published numbers (clinical.md 9 and 12). Of deliveries that are over. */
export class Statistics {
  readonly #mix: Mix
  readonly #therapies = new Map<string, Tally>()
  readonly #causes = new Map<Cause | 'other', number>()
  #samples = 0
  #resolved = 0
  #logs = 0
  #squares = 0

  constructor(mix: Mix) {
    this.#mix = mix
  }

  get samples(): number {
    return this.#samples
  }

  take(said: Said): void {
    if (said.kind === 'sample') this.#samples += 1
    if (said.kind === 'alarm' && said.lastedMs !== null && causeOf(said.code) !== null) {
      const log = Math.log(Math.max(1000, said.lastedMs) / 1000)
      this.#resolved += 1
      this.#logs += log
      this.#squares += log * log
    }
    if (said.kind !== 'delivery') return
    const tally = this.#therapies.get(said.therapy) ?? { deliveries: 0, alarms: 0 }
    tally.deliveries += 1
    for (const { name, count } of countsOf(said.alarms)) {
      tally.alarms += count
      this.#causes.set(name, (this.#causes.get(name) ?? 0) + count)
    }
    this.#therapies.set(said.therapy, tally)
  }

  lines(): readonly Line[] {
    const { alarmsPerDelivery, shares, therapies } = this.#mix
    const all = [...this.#therapies.values()]
    const deliveries = all.reduce((sum, one) => sum + one.deliveries, 0)
    const alarms = all.reduce((sum, one) => sum + one.alarms, 0)
    const whole = shares.reduce((sum, [percent]) => sum + percent, 0)
    const mean = this.#logs / Math.max(1, this.#resolved)
    const spread = Math.sqrt(Math.max(0, this.#squares / Math.max(1, this.#resolved) - mean * mean))
    return [
      { what: 'deliveries', measured: deliveries, published: null, unit: '' },
      { what: 'alarms', measured: alarms, published: null, unit: '' },
      { what: 'alarms per delivery', measured: alarms / deliveries, published: alarmsPerDelivery, unit: '' },
      ...therapies.map(({ name, alarmsPerDelivery: published }) => {
        const tally = this.#therapies.get(name)
        const measured = tally === undefined ? 0 : tally.alarms / tally.deliveries
        return { what: `  ${name}`, measured, published, unit: '' }
      }),
      ...[...shares, [0, 'other'] as const].map(([percent, cause]) => ({
        what: `share ${cause}`,
        measured: (100 * (this.#causes.get(cause) ?? 0)) / alarms,
        published: (100 * percent) / whole,
        unit: '%',
      })),
      { what: 'time to resolve, mu', measured: mean, published: timeToResolve.mu, unit: 'ln s' },
      { what: 'time to resolve, sigma', measured: spread, published: timeToResolve.sigma, unit: 'ln s' },
    ]
  }
}

const countsOf = (alarms: Readonly<Partial<Record<Cause | 'other', number>>>) =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the record
  Object.entries(alarms).map(([name, count]) => ({ name: name as Cause | 'other', count }))
