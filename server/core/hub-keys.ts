import type { HubId } from '#domain/ids.ts'
import type { Clock } from '#domain/time.ts'
import type { HubKey, HubRegistry } from './ports.ts'

/** A revocation takes effect within this time everywhere (security.md 2.5, I12). */
const keptMs = 5000

/** Keys as the registry gave them within the last 5 s. Unknown keys are asked for each time: a hub may enrol any moment. */
export class HubKeys {
  readonly #registry: Pick<HubRegistry, 'key'>
  readonly #clock: Clock
  readonly #known = new Map<string, { readonly key: HubKey; readonly readAt: number }>()

  constructor(registry: Pick<HubRegistry, 'key'>, clock: Clock) {
    this.#registry = registry
    this.#clock = clock
  }

  async find(keyId: string): Promise<HubKey | null> {
    const known = this.#known.get(keyId)
    if (known !== undefined && this.#clock.monotonic() - known.readAt < keptMs) return known.key
    const readAt = this.#clock.monotonic()
    const key = await this.#registry.key(keyId)
    if (key === null) this.#known.delete(keyId)
    else this.#known.set(keyId, { key, readAt })
    return key
  }

  /** After a revocation on this very server: at once. */
  forget(hubId: HubId): void {
    for (const [keyId, { key }] of this.#known) if (key.hubId === hubId) this.#known.delete(keyId)
  }
}
