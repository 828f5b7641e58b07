import type { UserId } from '#domain/ids.ts'
import type { Page } from '#domain/paging/page.ts'
import type { PageEnd } from '#domain/paging/push-message.ts'
import type { Clock } from '#domain/time.ts'
import type { Outgoing } from '../outgoing.ts'
import type { Delivery } from '../page-channels.ts'
import { hookReaches, isTelephone } from '../webhooks.ts'
import type { HookPeople, HookSigner, Webhook } from '../webhooks.ts'
import { outcomeOf, undeliverable } from './outcome.ts'
import type { Outcome } from './outcome.ts'
import type { PageChannel, SelfTest } from './page-channel.ts'
import { RetryHolds } from './retry-holds.ts'
import { hookRequest } from './webhook-templates.ts'

const defaultHoldMs = 30_000

export interface WebhookDependencies {
  readonly hooks: readonly Webhook[]
  readonly people: HookPeople
  readonly outgoing: Outgoing
  readonly sign: HookSigner
  readonly clock: Clock
  readonly site: string
  /** Asked each time: the port may be chosen late. */
  readonly wall: () => string
  /** Where a key pressed during this call is told; nobody can guess it. */
  readonly callback: (notificationId: string) => string
}

/** A telephone rings for calls alone, and calls ring nothing else; a test tries all. */
const isFor = ({ target }: Webhook, { kind }: Page): boolean =>
  kind === 'test' || isTelephone(target) === (kind === 'call')

/** Other services that wake people: each hook of the person, of a team she is on duty for, or of everybody. */
export class WebhookChannel implements PageChannel {
  readonly channel = 'webhook'
  readonly #deps: WebhookDependencies
  readonly #holds = new RetryHolds()

  constructor(deps: WebhookDependencies) {
    this.#deps = deps
  }

  async send(page: Page, userId: UserId): Promise<readonly Delivery[]> {
    return this.#toAll(page, userId, null)
  }

  async over(page: Page, userId: UserId, end: PageEnd): Promise<readonly Delivery[]> {
    return this.#toAll(page, userId, end)
  }

  /** Whether a telephone of this person would ring. */
  canCall(userId: UserId): boolean {
    const { hooks, people } = this.#deps
    return hooks.some(({ target, reach }) => {
      if (!isTelephone(target)) return false
      switch (reach.kind) {
        case 'user':
          return people.nurse(reach.name) === userId
        case 'team':
          return people.isOnDuty(reach.teamId, userId)
        case 'everybody':
          return true
      }
    })
  }

  async selfTest(): Promise<SelfTest | null> {
    const { hooks, outgoing } = this.#deps
    if (hooks.length === 0) return null
    const origins = new Set(hooks.map(({ target }) => new URL(target.url.reveal()).origin))
    const found = await Promise.all([...origins].map((origin) => outgoing.reach(origin)))
    return { reason: found.find((reason) => reason !== null) ?? null }
  }

  async #toAll(page: Page, userId: UserId, end: PageEnd | null): Promise<readonly Delivery[]> {
    const tried = await Promise.all(
      this.#deps.hooks.map(async (hook) =>
        isFor(hook, page) && (await hookReaches(hook.reach, userId, this.#deps.people))
          ? this.#deliver(hook, page, end)
          : null,
      ),
    )
    return tried.filter((delivery) => delivery !== null)
  }

  async #deliver(hook: Webhook, page: Page, end: PageEnd | null): Promise<Delivery | null> {
    const { sign, clock, site, wall, callback } = this.#deps
    const at = Math.floor(clock.now() / 1000)
    const request = hookRequest(
      hook.target,
      { page, end, wall: wall(), callback: callback(page.notificationId), site, at },
      sign,
    )
    if (request === null) return null
    return { channel: this.channel, address: hook.name, outcome: await this.#attempt(hook.name, request) }
  }

  async #attempt(name: string, request: Parameters<Outgoing['send']>[0]): Promise<Outcome> {
    const { clock, outgoing } = this.#deps
    const waits = this.#holds.waits(name, clock.monotonic())
    if (waits !== null) return undeliverable('too-many', { retryAfterMs: waits })
    const outcome = outcomeOf(await outgoing.send(request))
    if (outcome.is !== 'undeliverable') return outcome
    if (outcome.reason === 'too-many') this.#holds.hold(name, clock.monotonic(), outcome.retryAfterMs ?? defaultHoldMs)
    // A hook stands in a file: it is never dropped.
    return { ...outcome, gone: false }
  }
}
