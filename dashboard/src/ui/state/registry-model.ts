import { computed, signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { HubId } from '#domain/ids.ts'
import type { HubClaim, HubKeyView, RegisteredHub } from '#domain/live/hub-registry.ts'
import type { ServerLink } from '#dashboard/core/worker-protocol.ts'
import { AdminModel } from './admin-model.ts'

const askEveryMs = 30_000
/** While somebody waits for a hub to use its code. */
const askSoonMs = 2_000

/** A claim as long as its dialog is open: the page keeps it nowhere else. */
export interface ShownClaim extends HubClaim {
  readonly name: string
  /** The keys that the hub had before. */
  readonly before: readonly string[]
}

/** Every hub that was let in, and what an administrator does to one of them. */
export class RegistryModel extends AdminModel<'registry'> {
  readonly claim = signal<ShownClaim | null>(null)
  readonly chosen = signal<HubId | null>(null)
  /** The last act that was done. */
  readonly done = signal<'registry-name' | 'registry-revoke' | null>(null)
  readonly hub: ReadonlySignal<RegisteredHub | null> = computed(() => this.#known(this.chosen.value))
  /** The key that came by the claim that is shown. */
  readonly came: ReadonlySignal<HubKeyView | null> = computed(() => {
    const claim = this.claim.value
    const keys = this.#known(claim?.hubId ?? null)?.keys ?? []
    return keys.find(({ keyId, active }) => active && claim?.before.includes(keyId) === false) ?? null
  })

  constructor(server: ServerLink) {
    super(server, { what: 'registry' })
  }

  /** Asks from now on; returns its own end. */
  start(): () => void {
    let askedAt = performance.now()
    void this.ask()
    const timer = setInterval(() => {
      const everyMs = this.claim.peek() === null ? askEveryMs : askSoonMs
      if (performance.now() - askedAt < everyMs) return
      askedAt = performance.now()
      void this.ask()
    }, askSoonMs)
    return () => clearInterval(timer)
  }

  choose(hubId: HubId | null): void {
    this.chosen.value = hubId
    this.failure.value = null
    this.done.value = null
  }

  /** False: there is no claim. */
  async add(name: string): Promise<boolean> {
    const answer = await this.send<'registry-add'>({ what: 'registry-add', name })
    if (answer.ok) this.claim.value = { ...answer.body, name, before: [] }
    return answer.ok
  }

  async again({ hubId, name, keys }: RegisteredHub): Promise<void> {
    const answer = await this.send<'registry-again'>({ what: 'registry-again', hubId })
    if (!answer.ok) return
    this.chosen.value = null
    this.claim.value = { ...answer.body, name, before: keys.map(({ keyId }) => keyId) }
  }

  async rename(hubId: HubId, name: string): Promise<void> {
    const answer = await this.send<'registry-name'>({ what: 'registry-name', hubId, name })
    this.done.value = answer.ok ? 'registry-name' : null
  }

  async revoke(hubId: HubId): Promise<void> {
    const answer = await this.send<'registry-revoke'>({ what: 'registry-revoke', hubId })
    this.done.value = answer.ok ? 'registry-revoke' : null
    if (answer.ok) this.claim.value = null
  }

  #known(hubId: HubId | null): RegisteredHub | null {
    return this.told.value?.hubs.find((hub) => hub.hubId === hubId) ?? null
  }
}
