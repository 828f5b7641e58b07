import type { At, LiveChange } from '#domain/live/messages.ts'
import type { PumpId } from '#domain/ids.ts'
import type { LiveFeed } from '#server/core/ports.ts'

/** The live feed's fake: keeps what it is given. */
export class MemoryLiveFeed implements LiveFeed {
  readonly updates: { readonly at: At; readonly changes: readonly LiveChange[] }[] = []
  readonly pumps: PumpId[] = []
  #closed = false

  publish(at: At, changes: readonly LiveChange[]): void {
    if (!this.#closed) this.updates.push({ at, changes })
  }

  telemetry(pumpIds: readonly PumpId[]): void {
    if (!this.#closed) this.pumps.push(...pumpIds)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
  }
}
