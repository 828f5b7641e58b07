import { batch, signal } from '@preact/signals'
import type { FleetBody, FleetState, StoryList } from '#domain/simulators/control.ts'
import type { SimulatedPumpDetail, SimulatedPumpReport, SimulatorList } from '#domain/simulators/control.ts'
import type { SimulatorDeed, SimulatorPace } from '#dashboard/core/office-requests.ts'
import { judge } from '#dashboard/core/simulator-invariants.ts'
import type { Finding, PumpShown, Seen } from '#dashboard/core/simulator-invariants.ts'
import { changesOf, logged } from '#dashboard/core/simulator-log.ts'
import type { LogEntry } from '#dashboard/core/simulator-log.ts'
import type { ApiAnswer, ApiFailure } from '#dashboard/core/worker-protocol.ts'
import type { AppState } from './app-state.ts'

const askEveryMs = 1_000

export interface Refusal {
  readonly what: string
  readonly failure: ApiFailure
  readonly detail: string | null
}

/** Simulated pumps as they are, asked each second, held against what this screen shows. */
export class SimulatorModel {
  readonly list = signal<SimulatorList | null>(null)
  readonly failure = signal<Omit<Refusal, 'what'> | null>(null)
  readonly chosen = signal<string | null>(null)
  readonly detail = signal<SimulatedPumpDetail | null>(null)
  readonly refused = signal<Refusal | null>(null)
  readonly done = signal<string | null>(null)
  readonly stories = signal<StoryList['scenarios']>([])
  readonly fleet = signal<FleetState | null>(null)
  readonly log = signal<readonly LogEntry[]>([])
  readonly findings = signal<readonly Finding[]>([])
  readonly #app: AppState
  #before: ReadonlyMap<string, SimulatedPumpReport> = new Map()
  #seen: Seen = new Map()

  constructor(app: AppState) {
    this.#app = app
  }

  start(): () => void {
    void this.ask()
    void this.#askStories()
    const timer = setInterval(() => void this.ask(), askEveryMs)
    return () => clearInterval(timer)
  }

  async ask(): Promise<void> {
    const answer = await this.#app.link.request<'simulators'>({ what: 'simulators' })
    batch(() => {
      this.failure.value = answer.ok ? null : refusalOf(answer)
      if (answer.ok) this.#take(answer.body)
    })
    const fleet = await this.#app.link.request<'simulator-fleet'>({ what: 'simulator-fleet' })
    if (fleet.ok) this.fleet.value = fleet.body
    const chosen = this.chosen.peek()
    if (chosen !== null) await this.#askDetail(chosen)
  }

  choose(pumpId: string | null): void {
    batch(() => {
      this.chosen.value = pumpId
      this.detail.value = null
      this.refused.value = null
      this.done.value = null
    })
    if (pumpId !== null) void this.#askDetail(pumpId)
  }

  async do(pumpId: string, deed: SimulatorDeed, what: string): Promise<void> {
    this.#told(what, await this.#app.link.request<'simulator-deed'>({ what: 'simulator-deed', pumpId, deed }))
    await this.ask()
  }

  async pace(pace: SimulatorPace, what: string): Promise<void> {
    this.#told(what, await this.#app.link.request<'simulator-pace'>({ what: 'simulator-pace', pace }))
    await this.ask()
  }

  /** Null: it ends. */
  async driveFleet(fleet: FleetBody | null, what: string): Promise<void> {
    const answer = await this.#app.link.request<'simulator-fleet-set'>({ what: 'simulator-fleet-set', fleet })
    if (answer.ok) this.fleet.value = answer.body
    this.#told(what, answer)
  }

  async #askStories(): Promise<void> {
    const answer = await this.#app.link.request<'simulator-stories'>({ what: 'simulator-stories' })
    if (answer.ok) this.stories.value = answer.body.scenarios
  }

  #told(what: string, answer: ApiAnswer<'simulator-deed' | 'simulator-pace' | 'simulator-fleet-set'>): void {
    batch(() => {
      this.refused.value = answer.ok ? null : { what, ...refusalOf(answer) }
      this.done.value = answer.ok ? what : null
    })
  }

  async #askDetail(pumpId: string): Promise<void> {
    const answer = await this.#app.link.request<'simulator'>({ what: 'simulator', pumpId })
    if (answer.ok && this.chosen.peek() === pumpId) this.detail.value = answer.body
  }

  #take(list: SimulatorList): void {
    const before = this.#before
    const changes = list.pumps.flatMap((pump) => {
      const last = before.get(pump.id)
      return last === undefined ? [] : changesOf(last, pump)
    })
    if (changes.length > 0) this.log.value = logged(this.log.peek(), changes)
    const judged = judge(
      { truths: list.pumps, before, shown: this.#shown(), alarms: [...this.#app.live.alarms.peek().values()] },
      list.paused ? new Map() : this.#seen,
      performance.now(),
    )
    this.#seen = judged.seen
    this.#before = new Map(list.pumps.map((pump) => [pump.id, pump]))
    this.list.value = list
    this.findings.value = list.paused ? [] : judged.findings
  }

  #shown(): ReadonlyMap<string, PumpShown> {
    return new Map(
      this.#app.live.pumps.peek().map((pump) => {
        const { hubId, link } = pump.identity.peek()
        return [pump.id, { pumpId: pump.id, hubId, link }]
      }),
    )
  }
}

const refusalOf = ({ failure, detail }: Extract<ApiAnswer, { ok: false }>): Omit<Refusal, 'what'> => ({
  failure,
  detail: detail ?? null,
})
