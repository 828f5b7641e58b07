import type { UserId } from '#domain/ids.ts'
import type { Clock } from '#domain/time.ts'
import type { PathProofs, ShiftCheck } from './path-proofs.ts'

export interface ShiftChecksDependencies {
  readonly proofs: Pick<PathProofs, 'shiftChecks' | 'addShiftCheck'>
  readonly clock: Clock
}

/** What each nurse said last of an audible test page: the one hop that no clock can prove, from the loudspeaker to the ear. */
export class ShiftChecks {
  readonly #deps: ShiftChecksDependencies
  readonly #last = new Map<UserId, ShiftCheck>()

  constructor(deps: ShiftChecksDependencies) {
    this.#deps = deps
  }

  async rebuild(): Promise<void> {
    for (const check of await this.#deps.proofs.shiftChecks()) this.#last.set(check.userId, check)
  }

  last(userId: UserId): ShiftCheck | null {
    return this.#last.get(userId) ?? null
  }

  /** Durable when resolved. */
  async add(userId: UserId, heard: boolean): Promise<ShiftCheck> {
    const check = { userId, heard, at: this.#deps.clock.now() }
    await this.#deps.proofs.addShiftCheck(check)
    this.#last.set(userId, check)
    return check
  }
}
