import type { PageRoot } from '#domain/paging/events.ts'
import type { AlarmSubject } from '../ports.ts'
import type { PagingClock } from './paging-clock.ts'

/** After a start: so long the alarms of a pump that has not spoken yet may be old news, and no station had the time to come back. */
const graceMs = 10_000

/** Roots of the last run, until their subject speaks or the grace is over. */
export class RestartGrace {
  readonly #clock: PagingClock
  /** False: nobody has said since the start whether the alarms of this subject are still there. */
  readonly #isHeard: (subject: AlarmSubject) => boolean
  readonly #held = new Map<PageRoot, AlarmSubject>()
  #until = -Infinity

  constructor(clock: PagingClock, isHeard: (subject: AlarmSubject) => boolean) {
    this.#clock = clock
    this.#isHeard = isHeard
  }

  begin(): void {
    this.#until = this.#clock.now() + graceMs
  }

  get isOver(): boolean {
    return this.#clock.now() >= this.#until
  }

  hold(root: PageRoot, subject: AlarmSubject): void {
    if (!this.#isHeard(subject)) this.#held.set(root, subject)
  }

  /** Also: lets it go, once that is due. */
  holds(root: PageRoot): boolean {
    const subject = this.#held.get(root)
    if (subject === undefined) return false
    if (!this.isOver && !this.#isHeard(subject)) return true
    this.#held.delete(root)
    return false
  }

  has(root: PageRoot): boolean {
    return this.#held.has(root)
  }
}
