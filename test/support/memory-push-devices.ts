import type { UserId } from '#domain/ids.ts'
import type { Instant } from '#domain/time.ts'
import type { PushDevice, PushDevices } from '#server/core/push-devices.ts'

/** Pushed browsers as the database keeps them. */
export class MemoryPushDevices implements PushDevices {
  readonly #devices = new Map<string, PushDevice>()

  async put(device: Parameters<PushDevices['put']>[0]): Promise<PushDevice> {
    const known = [...this.#devices.values()].find(({ endpoint }) => endpoint === device.endpoint)
    const fresh = { lastOkAt: null, lastShownAt: null, lastFailureAt: null, lastFailure: null, goneAt: null }
    const kept: PushDevice =
      known === undefined
        ? { ...fresh, ...device }
        : { ...known, ...device, deviceId: known.deviceId, createdAt: known.createdAt, lastFailure: null, goneAt: null }
    this.#devices.set(kept.deviceId, kept)
    return kept
  }

  async ofUser(userId: UserId): Promise<readonly PushDevice[]> {
    return [...this.#devices.values()]
      .filter((device) => device.userId === userId)
      .toSorted((a, b) => a.createdAt - b.createdAt)
  }

  async device(deviceId: string): Promise<PushDevice | null> {
    return this.#devices.get(deviceId) ?? null
  }

  async remove(userId: UserId, deviceId: string): Promise<boolean> {
    return this.#devices.get(deviceId)?.userId === userId && this.#devices.delete(deviceId)
  }

  async sent(deviceId: string, at: Instant): Promise<void> {
    this.#change(deviceId, { lastOkAt: at })
  }

  async failed(deviceId: string, reason: string, gone: boolean, at: Instant): Promise<void> {
    this.#change(deviceId, { lastFailureAt: at, lastFailure: reason, ...(gone ? { goneAt: at } : {}) })
  }

  async shown(deviceId: string, at: Instant): Promise<void> {
    this.#change(deviceId, { lastShownAt: at })
  }

  async endpoints(limit: number): Promise<readonly string[]> {
    return [...this.#devices.values()]
      .filter(({ goneAt }) => goneAt === null)
      .slice(0, limit)
      .map((d) => d.endpoint)
  }

  #change(deviceId: string, changes: Partial<PushDevice>): void {
    const device = this.#devices.get(deviceId)
    if (device !== undefined) this.#devices.set(deviceId, { ...device, ...changes })
  }
}
