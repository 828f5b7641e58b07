import type { BootId, HubId } from '#domain/ids.ts'
import type { Clock, Instant } from '#domain/time.ts'
import type { Heartbeat, HeartbeatReply } from '#domain/uplink/envelope.ts'
import type { Dating } from './dating.ts'
import type { HubConditionAlarms } from './hub-condition-alarms.ts'
import type { AcceptedHigh, BeatOrder, HeartbeatSink, HubRegistry, IngestObserver } from './ports.ts'
import type { SnapshotRequests } from './snapshot-requests.ts'

export interface HubHeartbeatDependencies {
  readonly registry: Pick<HubRegistry, 'heard'>
  readonly dating: Dating
  readonly sink: HeartbeatSink
  readonly conditions: Pick<HubConditionAlarms, 'take'>
  readonly observer: Pick<IngestObserver, 'olderBootSpeaks'>
  readonly snapshots: SnapshotRequests
  readonly accepted: AcceptedHigh
  readonly clock: Clock
}

/** A heartbeat of an older boot may be this much younger than the first of the next boot, ms: it waited on its way. */
const overlapMs = 30_000

/** A hub's sign of life: stored with its anchor, handed to the link watch, and answered with what the hub has to know. */
export class HubHeartbeat {
  readonly #deps: HubHeartbeatDependencies
  /** The boot each hub spoke from last, since this server started. */
  readonly #boots = new Map<HubId, BootId>()
  /** For hubs whose newest boot seems to begin later than now: when that was noticed. */
  readonly #noticed = new Map<HubId, { readonly newestSince: Instant; readonly at: Instant }>()

  constructor(deps: HubHeartbeatDependencies) {
    this.#deps = deps
  }

  async receive(hubId: HubId, body: Heartbeat, receivedAt: Instant): Promise<HeartbeatReply> {
    const { registry, dating, sink, conditions, snapshots, accepted, clock } = this.#deps
    // A hub that is heard is alive, even when nothing can be written.
    sink.heartbeat(hubId, body, receivedAt)
    await dating.takeAnchor(hubId, body, receivedAt)
    const order = await registry.heard(hubId, body, receivedAt)
    if (order.order === 'newest') await conditions.take(hubId, body.conditions)
    else this.#judgeClone(hubId, body, order, receivedAt)
    if (order.order !== 'older-boot' && this.#boots.get(hubId) !== body.bootId) {
      this.#boots.set(hubId, body.bootId)
      snapshots.want(
        hubId,
        body.pumps.map((pump) => pump.pumpId),
      )
    }
    const reported = new Set(body.pumps.map((pump) => pump.pumpId))
    return {
      serverTime: clock.now(),
      snapshotsWanted: snapshots.wanted(hubId).filter((pumpId) => reported.has(pumpId)),
      acceptedHigh: [...accepted.acceptedHigh(hubId)],
      closedOut: [...accepted.closedOut(hubId)],
    }
  }

  /** Fresh heartbeats of an older boot beside a newer one (security.md 2.4): two programs have the key of one hub. */
  #judgeClone(hubId: HubId, { bootId, monotonicMs, anchor }: Heartbeat, order: BeatOrder, receivedAt: Instant): void {
    if (order.order !== 'older-boot' || anchor === null) return
    const builtAt = anchor.serverAt + monotonicMs - anchor.monotonicMs - anchor.errorMs
    // Later than now: dated by a clock of this server that was put back since. A live boot has an anchor of the new one soon.
    if (builtAt > receivedAt) return
    const since = this.#since(hubId, order.newestSince, receivedAt)
    if (builtAt > since + overlapMs) this.#deps.observer.olderBootSpeaks(hubId, bootId)
  }

  /** When the newest boot was first heard, by the clock as it is now: it may have been put back since. */
  #since(hubId: HubId, newestSince: Instant, receivedAt: Instant): Instant {
    if (newestSince <= receivedAt) return newestSince
    const noticed = this.#noticed.get(hubId)
    if (noticed?.newestSince === newestSince && noticed.at <= receivedAt) return noticed.at
    this.#noticed.set(hubId, { newestSince, at: receivedAt })
    return receivedAt
  }
}
