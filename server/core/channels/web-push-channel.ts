import type { Priority } from '#domain/alarm/codes.ts'
import type { UserId } from '#domain/ids.ts'
import { declared } from '#domain/paging/declarative-push.ts'
import { threadOf } from '#domain/paging/page.ts'
import type { Page } from '#domain/paging/page.ts'
import { maxPushBytes, maxPushedEpisodes } from '#domain/paging/push-message.ts'
import type { PageEnd, PushMessage } from '#domain/paging/push-message.ts'
import type { Clock } from '#domain/time.ts'
import type { Log } from '../log.ts'
import type { Outgoing } from '../outgoing.ts'
import type { Delivery } from '../page-channels.ts'
import type { PushDevice, PushDevices, PushSealer, PushWishes, ReceiptSeal } from '../push-devices.ts'
import { outcomeOf, undeliverable } from './outcome.ts'
import type { Outcome } from './outcome.ts'
import type { PageChannel, SelfTest } from './page-channel.ts'
import { RetryHolds } from './retry-holds.ts'

/**
 * A page is worth little after its time: what waits longer at the push service is dropped there and asked again by the server.
 * Normal urgency was measured to wait for minutes (security.md 8), so only what never pages by default has it.
 */
const wishes: Readonly<Record<Priority, Omit<PushWishes, 'topicOf'>>> = {
  high: { ttlSeconds: 120, urgency: 'high' },
  medium: { ttlSeconds: 600, urgency: 'high' },
  low: { ttlSeconds: 1800, urgency: 'normal' },
  info: { ttlSeconds: 1800, urgency: 'low' },
}

/** Without `Retry-After` a service that is asked too often is left alone for so long. */
const defaultHoldMs = 30_000
const mostTested = 50

export interface WebPushDependencies {
  readonly devices: PushDevices
  readonly sealer: PushSealer
  readonly receipts: Pick<ReceiptSeal, 'tokenFor'>
  readonly outgoing: Outgoing
  /** What a press opens: the page that shows a person her most urgent alarm. Asked each time: the port may be chosen late. */
  readonly start: () => string
  readonly clock: Clock
  readonly log: Log
}

/** Notifications on phones and computers of a person, closed browsers included. */
export class WebPushChannel implements PageChannel {
  readonly channel = 'web-push'
  readonly #deps: WebPushDependencies
  readonly #holds = new RetryHolds()

  constructor(deps: WebPushDependencies) {
    this.#deps = deps
  }

  async send(page: Page, userId: UserId): Promise<readonly Delivery[]> {
    return this.#toAll(page, userId, null)
  }

  async over(page: Page, userId: UserId, end: PageEnd): Promise<readonly Delivery[]> {
    return this.#toAll(page, userId, end)
  }

  /** To one device alone: how its owner proves it. */
  async sendTo(device: PushDevice, page: Page): Promise<Delivery> {
    return this.#deliver(device, page, null)
  }

  async selfTest(): Promise<SelfTest | null> {
    const { devices, outgoing } = this.#deps
    const origins = new Set((await devices.endpoints(mostTested)).map((endpoint) => new URL(endpoint).origin))
    if (origins.size === 0) return null
    const found = await Promise.all([...origins].map((origin) => outgoing.reach(origin)))
    return { reason: found.find((reason) => reason !== null) ?? null }
  }

  async #toAll(page: Page, userId: UserId, over: PageEnd | null): Promise<readonly Delivery[]> {
    // A call is what is tried when this has come to nothing.
    if (page.kind === 'call') return []
    const devices = await this.#deps.devices.ofUser(userId)
    const used = devices.filter(({ goneAt }) => goneAt === null)
    return Promise.all(used.map((device) => this.#deliver(device, page, over)))
  }

  async #deliver(device: PushDevice, page: Page, over: PageEnd | null): Promise<Delivery> {
    const outcome = await this.#attempt(device, page, over)
    try {
      await this.#note(device.deviceId, outcome)
    } catch (error) {
      // What became of the page is worth more than the note about it.
      this.#deps.log.error({ err: error, deviceId: device.deviceId }, 'the outcome of a push could not be stored')
    }
    return { channel: this.channel, address: `${device.name} (${device.deviceId})`, outcome }
  }

  async #note(deviceId: string, outcome: Outcome): Promise<void> {
    const { devices, clock } = this.#deps
    switch (outcome.is) {
      case 'sent':
        return devices.sent(deviceId, clock.now())
      case 'timed-out':
        return devices.failed(deviceId, 'timed-out', false, clock.now())
      case 'undeliverable':
        return devices.failed(deviceId, outcome.reason, outcome.gone, clock.now())
    }
  }

  async #attempt(device: PushDevice, page: Page, over: PageEnd | null): Promise<Outcome> {
    const { sealer, outgoing, clock } = this.#deps
    const waits = this.#holds.waits(device.deviceId, clock.monotonic())
    if (waits !== null) return undeliverable('too-many', { retryAfterMs: waits })
    const told = this.#message(device, page, over)
    const message = JSON.stringify({ ...declared(told, this.#deps.start()), ...told })
    if (new TextEncoder().encode(message).length > maxPushBytes) return undeliverable('too-large')
    const wish = wishes[page.priority]
    const sealed = sealer.seal(device, message, {
      ...wish,
      urgency: over === null ? wish.urgency : 'normal',
      topicOf: threadOf(page),
    })
    const answer = await outgoing.send({ method: 'POST', url: device.endpoint, ...sealed })
    const outcome = outcomeOf(answer)
    if (outcome.is === 'undeliverable' && outcome.reason === 'too-many')
      this.#holds.hold(device.deviceId, clock.monotonic(), outcome.retryAfterMs ?? defaultHoldMs)
    return outcome
  }

  #message({ deviceId }: PushDevice, page: Page, over: PageEnd | null): PushMessage {
    return {
      page: { ...page, episodeIds: page.episodeIds.slice(0, maxPushedEpisodes) },
      alarms: page.episodeIds.length,
      over,
      deviceId,
      receipt: this.#deps.receipts.tokenFor(page.notificationId, deviceId),
    }
  }
}
