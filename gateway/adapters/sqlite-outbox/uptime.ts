import type { LaneFile } from './lane-file.ts'
import type { Numbers } from './numbers.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/**
 * How long telemetry has waited, in running time of the hub. A wall clock that jumps a year ahead must not throw a backlog away, and
 * monotonic time starts anew at each boot, so running time is added up: a mark an hour.
 */
export class Uptime {
  readonly #file: LaneFile
  readonly #numbers: Numbers
  readonly #beforeMs: number
  #markedMs: number

  constructor(file: LaneFile, numbers: Numbers) {
    this.#file = file
    this.#numbers = numbers
    this.#beforeMs = file.count('lastMark')
    this.#markedMs = this.#beforeMs
  }

  /** Once an hour of `monotonicMs`, counted from the start of this boot. True when a mark was set. */
  mark(monotonicMs: number): boolean {
    const uptimeMs = Math.floor(this.#beforeMs + monotonicMs)
    if (uptimeMs - this.#markedMs < hourMs) return false
    this.#markedMs = uptimeMs
    this.#file.transaction(() => this.#file.statement('addMark').run(this.#numbers.next, uptimeMs))
    return true
  }

  /** Content numbered below this is older than `days`. 0: none is. */
  olderThan(days: number): number {
    return this.#file.count('markBefore', this.#markedMs - days * dayMs)
  }

  forget(below: number): void {
    this.#file.transaction(() => this.#file.statement('dropMarks').run(below))
  }
}
