import { eventually } from '#test/support/eventually.ts'
import type { System } from '#test/support/system.ts'
import { readTruth, startsOf } from '#test/support/truth.ts'
import { WatchingNurse } from './watching-nurse.ts'

/** High alarms that a simulated pump can have again and again. */
const codes = [
  'occlusion-downstream',
  'occlusion-upstream',
  'air-in-line',
  'reservoir-empty',
  'cassette-detached',
  'battery-depleted',
  'drive-fault',
  'set-not-seated',
  'free-flow',
  'occlusion-unspecified',
] as const

/** What is waited for beside the hold-off, ms. */
const patienceMs = 30_000

interface Raised {
  readonly pumpId: string
  readonly code: string
  readonly holdOffMs: number
  /** Server time directly after the COMMIT; null: not seen yet. */
  committedAt: number | null
  episodeId: string | null
}

/** From the moment the alarm's bytes had left the pump. */
export interface TimedAlarm {
  readonly journalMs: number
  /** … until it was where it is waited for: at a webhook, less the hold-off, or painted. */
  readonly arrivedMs: number
}

/** Alarms that simulated pumps raise, a nurse answers, and pumps end again, with the times of what happens in between. */
export class AlarmRun implements Disposable {
  readonly #system: System
  readonly #arrivedAt: ReadonlyMap<string, number>
  readonly #raised: Raised[] = []
  #nurse: WatchingNurse | null = null

  private constructor(system: System, arrivedAt: ReadonlyMap<string, number>) {
    this.#system = system
    this.#arrivedAt = arrivedAt
  }

  static async open(system: System, arrivedAt: ReadonlyMap<string, number>): Promise<AlarmRun> {
    const run = new AlarmRun(system, arrivedAt)
    run.#nurse = await WatchingNurse.open(system.url, system.password('nurse'), ({ pumpId, code, episodeId }, at) => {
      const own = run.#raised.find(
        (one) => one.pumpId === pumpId && one.code === code && (one.episodeId ?? episodeId) === episodeId,
      )
      if (own === undefined || own.committedAt !== null) return
      own.committedAt = at
      own.episodeId = episodeId
    })
    return run
  }

  get raised(): number {
    return this.#raised.length
  }

  /** The `nth` alarm of a pump, from its start until it is closed out. Rejects when a step does not come. */
  async alarm(pumpId: string, nth: number, holdOffMs: number): Promise<void> {
    const nurse = this.#nurse
    const code = codes[nth % codes.length]
    if (nurse === null || code === undefined) return
    const raised: Raised = { pumpId, code, holdOffMs, committedAt: null, episodeId: null }
    this.#raised.push(raised)
    const waiting = (what: string, ms: number) => ({ what: `${what} of ${code}, ${pumpId}`, every: 20, within: ms })
    await this.#system.act(pumpId, 'raise', { code })
    const episodeId = await eventually(() => raised.episodeId, waiting('the commit', patienceMs))
    await eventually(() => this.#arrivedAt.has(episodeId), waiting('the arrival', holdOffMs + patienceMs))
    await nurse.accept(episodeId)
    await this.#system.act(pumpId, 'end', { code })
    await this.#system.act(pumpId, 'resume')
    await eventually(() => nurse.latest(episodeId)?.condition !== 'active', waiting('the end', patienceMs))
    await nurse.resolve(episodeId)
  }

  /** Those of which every time is known. */
  timed(): readonly TimedAlarm[] {
    const said = Map.groupBy(startsOf(readTruth(this.#system.truthFile)), ({ pumpId, code }) => `${pumpId} ${code}`)
    return this.#raised.flatMap(({ pumpId, code, holdOffMs, committedAt, episodeId }) => {
      const startedAt = said.get(`${pumpId} ${code}`)?.shift()?.wallAt
      const arrivedAt = this.#arrivedAt.get(episodeId ?? '')
      if (startedAt === undefined || committedAt === null || arrivedAt === undefined) return []
      return [{ journalMs: committedAt - startedAt, arrivedMs: arrivedAt - startedAt - holdOffMs }]
    })
  }

  [Symbol.dispose](): void {
    this.#nurse?.[Symbol.dispose]()
  }
}
