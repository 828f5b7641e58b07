import type { Act } from './acts.ts'
import type { FaultSwitch } from './faults/catalog.ts'
import type { ModelAlarm } from './pump-alarms.ts'
import type { Random } from './random.ts'
import type { Scenario, TimedAct, TimedFault } from './scenario.ts'

interface Due {
  readonly atMs: number
  readonly acts: readonly Act[]
}

/** Tells one pump its scenario: what is due by the clock, and what somebody does about alarms. Virtual time, which never goes back. */
export class StoryTeller {
  readonly #scenario: Scenario
  readonly #care: Random
  readonly #story: Iterator<TimedAct>
  #faults: readonly TimedFault[]
  #next: Due | null = null
  #remedies: readonly Due[] = []

  /** `fromMs`: when the story begins. */
  constructor(scenario: Scenario, random: Random, fromMs = 0) {
    this.#scenario = scenario
    this.#care = random.fork('care')
    this.#story = scenario.acts(random.fork('story'))[Symbol.iterator]()
    this.#faults = (scenario.faults ?? []).map(({ atMs, change }) => ({ atMs: fromMs + atMs, change }))
    this.#fetchNext(fromMs)
  }

  dueFaults(nowMs: number): readonly FaultSwitch[] {
    if (this.#faults.length === 0) return []
    const due = this.#faults.filter(({ atMs }) => atMs <= nowMs)
    if (due.length > 0) this.#faults = this.#faults.filter((fault) => !due.includes(fault))
    return due.map(({ change }) => change)
  }

  dueActs(nowMs: number): readonly Act[] {
    const acts: Act[] = []
    while (this.#next !== null && this.#next.atMs <= nowMs) {
      acts.push(...this.#next.acts)
      this.#fetchNext(this.#next.atMs)
    }
    const due = this.#remedies.filter((remedy) => remedy.atMs <= nowMs)
    if (due.length > 0) {
      this.#remedies = this.#remedies.filter((remedy) => !due.includes(remedy))
      acts.push(...due.flatMap((remedy) => remedy.acts))
    }
    return acts
  }

  /** An alarm begins: somebody may come. */
  alarmed(code: ModelAlarm, nowMs: number): void {
    const remedies = this.#scenario.remedies(code, this.#care)
    const due = remedies.map(({ afterMs, acts }) => ({ atMs: nowMs + afterMs, acts }))
    this.#remedies = [...this.#remedies, ...due]
  }

  #fetchNext(fromMs: number): void {
    const entry = this.#story.next()
    this.#next = entry.done === true ? null : { atMs: fromMs + entry.value.afterMs, acts: [entry.value.act] }
  }
}
