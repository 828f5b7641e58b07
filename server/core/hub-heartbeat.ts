import type { BootId, HubId } from '#domain/ids.ts'
import type { Clock, Instant } from '#domain/time.ts'
import type { Heartbeat, HeartbeatReply } from '#domain/uplink/envelope.ts'
import type { Dating } from './dating.ts'
import type { AcceptedHigh, HeartbeatSink, HubRegistry } from './ports.ts'
import type { SnapshotRequests } from './snapshot-requests.ts'

/** A hub's sign of life: stored with its anchor, handed to the link watch, and answered with what the hub has to know. */
export class HubHeartbeat {
  readonly #registry: Pick<HubRegistry, 'heard'>
  readonly #dating: Dating
  readonly #sink: HeartbeatSink
  readonly #snapshots: SnapshotRequests
  readonly #accepted: AcceptedHigh
  readonly #clock: Clock
  /** The boot each hub spoke from last, since this server started. */
  readonly #boots = new Map<HubId, BootId>()

  constructor(
    registry: Pick<HubRegistry, 'heard'>,
    dating: Dating,
    sink: HeartbeatSink,
    snapshots: SnapshotRequests,
    accepted: AcceptedHigh,
    clock: Clock,
  ) {
    this.#registry = registry
    this.#dating = dating
    this.#sink = sink
    this.#snapshots = snapshots
    this.#accepted = accepted
    this.#clock = clock
  }

  async receive(hubId: HubId, body: Heartbeat, receivedAt: Instant): Promise<HeartbeatReply> {
    // A hub that is heard is alive, even when nothing can be written.
    this.#sink.heartbeat(hubId, body, receivedAt)
    await this.#dating.takeAnchor(hubId, body, receivedAt)
    await this.#registry.heard(hubId, body, receivedAt)
    if (this.#boots.get(hubId) !== body.bootId) {
      this.#boots.set(hubId, body.bootId)
      this.#snapshots.want(
        hubId,
        body.pumps.map((pump) => pump.pumpId),
      )
    }
    const reported = new Set(body.pumps.map((pump) => pump.pumpId))
    return {
      serverTime: this.#clock.now(),
      snapshotsWanted: this.#snapshots.wanted(hubId).filter((pumpId) => reported.has(pumpId)),
      acceptedHigh: [...this.#accepted.acceptedHigh(hubId)],
    }
  }
}
