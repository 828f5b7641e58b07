import { fullJitter, laneBackoff } from './backoff.ts'
import { gatewayErrorCode, messageOf } from './errors.ts'
import { Bell } from './waiting.ts'
import type { Scheduler } from '#domain/time.ts'
import type { PumpId } from '#domain/ids.ts'
import type { Heartbeat } from '#domain/uplink/envelope.ts'
import type { Random } from './backoff.ts'
import type { Uplink } from './ports.ts'
import type { LaneTrouble } from './lane-forwarder.ts'

export const heartbeatEveryMs = 10_000
/** A refused hub tries again this slowly, ms. */
const refusedHubMs = 30_000

export interface HeartbeatDeps {
  readonly uplink: Pick<Uplink, 'heartbeat'>
  readonly body: () => Promise<Omit<Heartbeat, 'v' | 'anchor'>>
  readonly scheduler: Scheduler
  readonly random: Random
  readonly snapshotsWanted: (pumpIds: readonly PumpId[]) => void
  readonly troubleChanged: (trouble: LaneTrouble | null) => void
}

/** Tells the server every 10 s that this hub lives. A boot's first exchange: records travel only after it, so that they can be dated. */
export class HeartbeatLoop {
  readonly #deps: HeartbeatDeps
  readonly #bell = new Bell()
  readonly #first = Promise.withResolvers<void>()
  #trouble: LaneTrouble | null = null
  #beats = 0

  constructor(deps: HeartbeatDeps) {
    this.#deps = deps
  }

  /** Resolves once the server has answered a heartbeat of this boot, or has refused its body for good. */
  get first(): Promise<void> {
    return this.#first.promise
  }

  get beats(): number {
    return this.#beats
  }

  get trouble(): LaneTrouble | null {
    return this.#trouble
  }

  /** Beat now: a pump's link changed, and the server should not learn it up to 10 s late. */
  soon(): void {
    this.#bell.ring()
  }

  /** Ends only when `signal` aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { uplink, body, scheduler, random, snapshotsWanted } = this.#deps
    let failures = 0
    while (!signal.aborted) {
      let delay = heartbeatEveryMs
      try {
        const reply = await uplink.heartbeat(await body(), signal)
        failures = 0
        this.#beats += 1
        this.#tell(null)
        this.#first.resolve()
        if (reply.snapshotsWanted.length > 0) snapshotsWanted(reply.snapshotsWanted)
      } catch (error) {
        if (signal.aborted) return
        failures += 1
        const code = gatewayErrorCode(error) ?? 'GW_UPLINK_UNREACHABLE'
        this.#tell({ code, message: messageOf(error) })
        // The records must not wait for ever for a server that does not like the heartbeat's shape.
        if (code === 'GW_UPLINK_BATCH_REFUSED') this.#first.resolve()
        delay =
          code === 'GW_UPLINK_HUB_REFUSED'
            ? refusedHubMs * (0.8 + 0.4 * random())
            : fullJitter(laneBackoff.alarm, failures, random)
      }
      await this.#bell.wait(scheduler, delay, signal)
    }
  }

  #tell(trouble: LaneTrouble | null): void {
    const changed = trouble?.code !== this.#trouble?.code
    this.#trouble = trouble
    if (changed) this.#deps.troubleChanged(trouble)
  }
}
