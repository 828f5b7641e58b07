import type { UserId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import type { Clock } from '#domain/time.ts'

/** Somebody read the sheet back and began a shift. */
export interface ShiftAcceptance {
  readonly by: Person
  readonly at: number
}

export interface ShiftAcceptanceLog {
  /** Durable when resolved. */
  add(acceptance: ShiftAcceptance): Promise<void>
  /** The last one of each person. */
  last(): Promise<readonly ShiftAcceptance[]>
}

/** Who accepted the sheet when, in memory in front of its log. */
export class ShiftAcceptances {
  readonly #log: ShiftAcceptanceLog
  readonly #clock: Clock
  readonly #last = new Map<UserId, ShiftAcceptance>()

  constructor(log: ShiftAcceptanceLog, clock: Clock) {
    this.#log = log
    this.#clock = clock
  }

  async rebuild(): Promise<void> {
    for (const one of await this.#log.last()) this.#last.set(one.by.userId, one)
  }

  async add(by: Person): Promise<void> {
    const acceptance = { by, at: this.#clock.now() }
    await this.#log.add(acceptance)
    this.#last.set(by.userId, acceptance)
  }

  /** The latest of these people; null: none of them ever did. */
  lastOf(people: readonly Person[]): ShiftAcceptance | null {
    const found = people.flatMap(({ userId }) => this.#last.get(userId) ?? [])
    return found.toSorted((a, b) => b.at - a.at)[0] ?? null
  }
}
