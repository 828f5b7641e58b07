import { fullJitter, laneBackoff } from './backoff.ts'
import { gatewayErrorCode } from './errors.ts'
import { Bell } from './waiting.ts'
import type { Scheduler } from '#domain/time.ts'
import type { EpisodeId, PumpId } from '#domain/ids.ts'
import type { Heartbeat } from '#domain/uplink/envelope.ts'
import type { Random } from './backoff.ts'
import type { Uplink } from './ports.ts'
import { troubleOf } from './lane-forwarder.ts'
import type { LaneTrouble } from './lane-forwarder.ts'

export const heartbeatEveryMs = 10_000
/** A refused hub tries again this slowly, ms. */
const refusedHubMs = 30_000
/** The local alarm sounds when no server has answered for 5 s, so one slow answer must fit between (alarms.md "Hub fallback"). */
const urgentEveryMs = 1_000

export interface HeartbeatDeps {
  readonly uplink: Pick<Uplink, 'heartbeat'>
  readonly body: () => Promise<Omit<Heartbeat, 'v' | 'anchor'>>
  readonly scheduler: Scheduler
  readonly random: Random
  readonly snapshotsWanted: (pumpIds: readonly PumpId[]) => void
  /** High alarms that a nurse has answered, as of a heartbeat whose body was made at `askedMs`, monotonic. */
  readonly accepted: (episodeIds: readonly EpisodeId[], askedMs: number) => void
  /** Alarms that a nurse has closed out while they go on. */
  readonly closedOut: (episodeIds: readonly EpisodeId[]) => void
  /** Somebody may have to be told now: beat every second, to hear of an acceptance, or of no server, in time. */
  readonly urgent: () => boolean
  readonly troubleChanged: (trouble: LaneTrouble | null) => void
}

/** Tells the server every 10 s that this hub lives. A boot's first exchange: records travel only after it, so that they can be dated. */
export class HeartbeatLoop {
  readonly #deps: HeartbeatDeps
  readonly #bell = new Bell()
  readonly #first = Promise.withResolvers<void>()
  #trouble: LaneTrouble | null = null
  #beats = 0
  #turns = 0

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

  /** Grows with every attempt, answered or not. */
  get turns(): number {
    return this.#turns
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
    const { uplink, body, scheduler, random, snapshotsWanted, accepted, closedOut, urgent } = this.#deps
    let failures = 0
    while (!signal.aborted) {
      let backoffMs: number | null = null
      this.#turns += 1
      try {
        const asked = await body()
        const reply = await uplink.heartbeat(asked, signal)
        failures = 0
        this.#beats += 1
        this.#tell(null)
        this.#first.resolve()
        accepted(reply.acceptedHigh, asked.monotonicMs)
        if (reply.closedOut.length > 0) closedOut(reply.closedOut)
        if (reply.snapshotsWanted.length > 0) snapshotsWanted(reply.snapshotsWanted)
      } catch (error) {
        if (signal.aborted) return
        failures += 1
        const code = gatewayErrorCode(error) ?? 'GW_UPLINK_UNREACHABLE'
        this.#tell(troubleOf(code, error))
        // The records must not wait for ever for a server that does not like the heartbeat's shape.
        if (code === 'GW_UPLINK_BATCH_REFUSED') this.#first.resolve()
        backoffMs =
          code === 'GW_UPLINK_HUB_REFUSED'
            ? refusedHubMs * (0.8 + 0.4 * random())
            : fullJitter(laneBackoff.alarm, failures, random)
      }
      await this.#bell.wait(scheduler, backoffMs ?? (urgent() ? urgentEveryMs : heartbeatEveryMs), signal)
    }
  }

  #tell(trouble: LaneTrouble | null): void {
    const changed = trouble?.code !== this.#trouble?.code
    this.#trouble = trouble
    if (changed) this.#deps.troubleChanged(trouble)
  }
}
