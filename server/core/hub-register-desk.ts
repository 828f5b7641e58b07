import type { HubId } from '#domain/ids.ts'
import type { HubKeyView, RegisteredHub } from '#domain/live/hub-registry.ts'
import type { Person } from '#domain/live/views.ts'
import type { Clock } from '#domain/time.ts'
import { keyWords } from '#domain/uplink/key-words.ts'
import type { Claim, Enrolment } from './enrolment.ts'
import type { HubRegistry, KeyLife, KnownHub } from './ports.ts'

export interface HubRegisterDependencies {
  readonly registry: Pick<HubRegistry, 'hubs' | 'keys' | 'revoke' | 'rename'>
  readonly enrolment: Pick<Enrolment, 'createClaim'>
  readonly clock: Clock
}

/** Which hubs may come in (security.md 2.5): an administrator lets them in, names them and locks them out. */
export class HubRegisterDesk {
  readonly #deps: HubRegisterDependencies

  constructor(deps: HubRegisterDependencies) {
    this.#deps = deps
  }

  async list(): Promise<RegisteredHub[]> {
    const { registry } = this.#deps
    const hubs = await registry.hubs()
    return Promise.all(hubs.map(async (hub) => viewOf(hub, await registry.keys(hub.hubId))))
  }

  /** A claim for a hub that is not known yet. */
  invite(by: Person, name: string): Promise<Claim> {
    return this.#deps.enrolment.createClaim({ name }, by)
  }

  /** A claim by which a known hub gets another key under its own id, which revokes those it has. Null: no such hub. */
  async inviteAgain(by: Person, hubId: HubId): Promise<Claim | null> {
    const hub = (await this.#deps.registry.hubs()).find((known) => known.hubId === hubId)
    return hub === undefined ? null : this.#deps.enrolment.createClaim({ name: hub.name, hubId }, by)
  }

  /** False: no such hub. */
  rename(by: Person, hubId: HubId, name: string): Promise<boolean> {
    return this.#deps.registry.rename(hubId, name, { by, at: this.#deps.clock.now() })
  }

  /** What it sends is refused within 5 s; it keeps its records. False: no such hub. */
  revoke(by: Person, hubId: HubId): Promise<boolean> {
    return this.#deps.registry.revoke(hubId, { by, at: this.#deps.clock.now() })
  }
}

const viewOf = (hub: KnownHub, keys: readonly KeyLife[]): RegisteredHub => ({
  hubId: hub.hubId,
  name: hub.name,
  state: hub.state === 'revoked' ? 'revoked' : hub.enrolledAt === null ? 'waiting' : 'active',
  enrolledAt: hub.enrolledAt,
  lastHeardAt: hub.lastHeardAt,
  gatewayVersion: hub.lastHeartbeat?.versions.gateway ?? null,
  nodeVersion: hub.lastHeartbeat?.versions.node ?? null,
  pumps: hub.lastHeartbeat?.pumps.length ?? 0,
  keys: keys.toReversed().map(keyViewOf),
})

const keyViewOf = ({ keyId, state, createdAt, validUntil }: KeyLife): HubKeyView => ({
  keyId,
  words: keyWords(keyId),
  active: state === 'active',
  createdAt,
  validUntil,
})
