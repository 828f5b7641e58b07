import type { UserId } from '#domain/ids.ts'
import type { Readiness, ReadinessBody } from '#domain/on-call/readiness.ts'
import type { Clock } from '#domain/time.ts'

/** Survives a restart. */
export interface ReadinessStore {
  /** Of each person, the last. */
  all(): Promise<readonly (Readiness & { readonly userId: UserId })[]>
  /** Replaces what the person said before. */
  put(userId: UserId, readiness: Readiness): Promise<void>
}

export interface ReadinessBookDependencies {
  readonly store: ReadinessStore
  readonly clock: Clock
}

/** What each nurse said last of her duty and of what does not work on her devices. */
export class ReadinessBook {
  readonly #deps: ReadinessBookDependencies
  readonly #last = new Map<UserId, Readiness>()

  constructor(deps: ReadinessBookDependencies) {
    this.#deps = deps
  }

  async rebuild(): Promise<void> {
    for (const { userId, ...readiness } of await this.#deps.store.all()) this.#last.set(userId, readiness)
  }

  last(userId: UserId): Readiness | null {
    return this.#last.get(userId) ?? null
  }

  /** Durable when resolved. */
  async put(userId: UserId, body: ReadinessBody): Promise<Readiness> {
    const readiness: Readiness = { ...body, at: this.#deps.clock.now() }
    await this.#deps.store.put(userId, readiness)
    this.#last.set(userId, readiness)
    return readiness
  }
}
