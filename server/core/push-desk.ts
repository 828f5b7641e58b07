import type { UserId } from '#domain/ids.ts'
import type { NewPushDevice } from '#domain/live/push-api.ts'
import type { Page } from '#domain/paging/page.ts'
import type { PushReceipt } from '#domain/paging/push-message.ts'
import type { Clock, Instant } from '#domain/time.ts'
import type { WebPushChannel } from './channels/web-push-channel.ts'
import type { Log } from './log.ts'
import type { Delivery } from './page-channels.ts'
import type { PageReceipts } from './page-receipts.ts'
import type { PushDevice, PushDevices, PushSealer, ReceiptSeal } from './push-devices.ts'

/** More than anybody carries; the one that worked longest ago makes room. */
const mostDevices = 10

export interface PushDeskDependencies {
  readonly devices: PushDevices
  readonly sealer: PushSealer
  readonly seal: Pick<ReceiptSeal, 'isGood'>
  readonly channel: Pick<WebPushChannel, 'sendTo'>
  readonly receipts: Pick<PageReceipts, 'shown'>
  /** Told of every test page and what became of it. */
  readonly tested: (page: Page, userId: UserId, delivery: Delivery) => void
  /** Whether this is the address of a push service. */
  readonly allowsEndpoint: (url: string) => boolean
  readonly clock: Clock
  readonly newId: () => string
  readonly log: Log
}

/** A real page that asks for nothing. */
export const testPage = (id: string, at: Instant): Page => ({
  notificationId: `test-${id}`,
  kind: 'test',
  episodeIds: [],
  priority: 'high',
  place: 'primary',
  attempt: 1,
  ward: null,
  simulated: false,
  at,
})

/** What a person does with the devices that page her. */
export class PushDesk {
  readonly #deps: PushDeskDependencies

  constructor(deps: PushDeskDependencies) {
    this.#deps = deps
  }

  get publicKey(): string {
    return this.#deps.sealer.publicKey
  }

  devices(userId: UserId): Promise<readonly PushDevice[]> {
    return this.#deps.devices.ofUser(userId)
  }

  /** Null: not the address of a push service, or keys that nothing can be encrypted to. */
  async subscribe(userId: UserId, { endpoint, keys, name }: NewPushDevice): Promise<PushDevice | null> {
    const { devices, sealer, allowsEndpoint, clock, newId, log } = this.#deps
    const subscription = { endpoint, ...keys }
    if (!allowsEndpoint(endpoint) || !sealer.usable(subscription)) {
      log.warn({ userId, host: URL.parse(endpoint)?.host ?? null }, 'a push subscription was refused')
      return null
    }
    const device = await devices.put({ deviceId: newId(), userId, name, createdAt: clock.now(), ...subscription })
    await this.#makeRoom(userId, device.deviceId)
    log.info({ userId, deviceId: device.deviceId }, 'device gets pages')
    return device
  }

  /** False: that person has no such device. */
  async remove(userId: UserId, deviceId: string): Promise<boolean> {
    const removed = await this.#deps.devices.remove(userId, deviceId, this.#deps.clock.now())
    if (removed) this.#deps.log.info({ userId, deviceId }, 'device gets no more pages')
    return removed
  }

  /** A real page of kind `test`, to this device alone. Null: that person has no such device. */
  async test(userId: UserId, deviceId: string): Promise<{ notificationId: string; delivery: Delivery } | null> {
    const device = await this.#deps.devices.device(deviceId)
    if (device === null || device.userId !== userId) return null
    const page = testPage(this.#deps.newId(), this.#deps.clock.now())
    const delivery = await this.#deps.channel.sendTo(device, page)
    this.#deps.tested(page, userId, delivery)
    return { notificationId: page.notificationId, delivery }
  }

  /** False: not from that device, or not for that page. */
  async receipt({ notificationId, deviceId, receipt, step }: PushReceipt): Promise<boolean> {
    const { devices, seal, clock, receipts } = this.#deps
    if (!seal.isGood(notificationId, deviceId, receipt)) return false
    const device = await devices.device(deviceId)
    if (device === null) return false
    const at = clock.now()
    await devices.shown(deviceId, at)
    await receipts.shown({ notificationId, userId: device.userId, channel: 'web-push', address: deviceId, step, at })
    return true
  }

  async #makeRoom(userId: UserId, kept: string): Promise<void> {
    const { devices, clock, log } = this.#deps
    const others = (await devices.ofUser(userId)).filter(({ deviceId }) => deviceId !== kept)
    const surplus = others
      .toSorted((a, b) => (a.lastOkAt ?? a.createdAt) - (b.lastOkAt ?? b.createdAt))
      .slice(0, Math.max(0, others.length - (mostDevices - 1)))
    for (const { deviceId } of surplus) {
      await devices.remove(userId, deviceId, clock.now())
      log.warn({ userId, deviceId }, 'device made room for a newer one')
    }
  }
}
