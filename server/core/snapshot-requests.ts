import type { HubId, PumpId } from '#domain/ids.ts'

/**
 * Pumps whose full alarm list the server wants from their hub. A wish stands until a snapshot of that pump has been journalled:
 * a lost reply or a lost batch does not lose it.
 */
export class SnapshotRequests {
  readonly #wanted = new Map<HubId, Set<PumpId>>()

  want(hubId: HubId, pumpIds: Iterable<PumpId>): void {
    const wanted = this.#wanted.get(hubId) ?? new Set()
    for (const pumpId of pumpIds) wanted.add(pumpId)
    this.#wanted.set(hubId, wanted)
  }

  arrived(hubId: HubId, pumpId: PumpId): void {
    this.#wanted.get(hubId)?.delete(pumpId)
  }

  wanted(hubId: HubId): readonly PumpId[] {
    return [...(this.#wanted.get(hubId) ?? [])]
  }
}
