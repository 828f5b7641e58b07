import type { KeptRun } from '#domain/adherence/kept-run.ts'
import type { PumpId } from '#domain/ids.ts'
import type { Clock } from '#domain/time.ts'
import type { SampleSink } from '../ports.ts'

interface Known {
  readonly judgedAt: number
  readonly kept: KeptRun
}

/** Of one pump: a quarter of a year of three deliveries a day. */
const mostKept = 270
/** One that goes on is judged again after this, ms. */
const openMs = 30_000
/** Until what came is surely stored, ms. */
const settledMs = 600_000

/** Judgements that still hold: reading a night from a store takes longer than looking at a week of them. */
export class JudgedRuns {
  readonly #clock: Pick<Clock, 'now'>
  readonly #known = new Map<PumpId, Map<string, Known>>()
  /** When something of a pump came last that was late: what was concluded without it holds no longer. */
  readonly #lateAt = new Map<PumpId, number>()

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  /** `key` names the delivery and everything it is held against; `to`: until when the pump is looked at for it, ms. */
  async of(pumpId: PumpId, key: string, to: number, judge: () => Promise<KeptRun>): Promise<KeptRun> {
    const ofPump = this.#known.get(pumpId) ?? new Map<string, Known>()
    this.#known.set(pumpId, ofPump)
    const known = ofPump.get(key)
    const judgedAt = this.#clock.now()
    const settledAt = Math.max(to, this.#lateAt.get(pumpId) ?? to) + settledMs
    if (known !== undefined && (known.judgedAt >= settledAt || Math.abs(judgedAt - known.judgedAt) < openMs))
      return known.kept
    const kept = await judge()
    ofPump.delete(key)
    ofPump.set(key, { judgedAt, kept })
    const [oldest] = ofPump.keys()
    if (ofPump.size > mostKept && oldest !== undefined) ofPump.delete(oldest)
    return kept
  }

  /** Listens to samples on their way to `next`. */
  samples(next: SampleSink): SampleSink {
    return {
      take: (samples) => {
        const now = this.#clock.now()
        for (const { late, record } of samples)
          if (late && record.kind === 'telemetry') this.#lateAt.set(record.pumpId, now)
        next.take(samples)
      },
    }
  }
}
