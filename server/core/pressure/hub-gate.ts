import type { HubId } from '#domain/ids.ts'
import type { Clock } from '#domain/time.ts'
import type { Shedding } from './shedding.ts'
import { TokenBuckets } from './token-buckets.ts'

/** What a request of a hub is about. */
export type HubLane = 'alarm' | 'heartbeat' | 'telemetry' | 'keys' | 'pairing' | 'time'

/** `overloaded`: not now, whoever you are. `too_many_requests`: not so many of yours. */
export type GateRefusal = 'overloaded' | 'too_many_requests'

/** An alarm that is turned away may be missed, and a heartbeat makes a silent hub of one that speaks. */
const alwaysOpen: readonly HubLane[] = ['alarm', 'heartbeat']

/** Of samples per hub, counted once its signature holds. A batch holds about 290 samples: a backlog may drain at 23,000 a second. */
const perHub = { burst: 400, perSecond: 80 }
/** Of what could not be proven, per address: many hubs may share one, so it is loose, and what is proven costs nothing. */
const perStranger = { burst: 120, perSecond: 2 }

/** Limits of the interface for hubs. A forged key id never counts against the hub it names (security.md 2.2). */
export class HubGate {
  readonly #shedding: Pick<Shedding, 'sheds'>
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #hubs = new TokenBuckets(perHub)
  readonly #strangers = new TokenBuckets(perStranger)
  readonly #refusals = new Map<string, number>()
  readonly limited = { hub: 0, stranger: 0 }

  constructor(shedding: Pick<Shedding, 'sheds'>, clock: Pick<Clock, 'monotonic'>) {
    this.#shedding = shedding
    this.#clock = clock
  }

  /** Refused requests by code. */
  get refusals(): ReadonlyMap<string, number> {
    return this.#refusals
  }

  /** Before anything of the request is looked at. */
  arrives(lane: HubLane, address: string): GateRefusal | null {
    if (alwaysOpen.includes(lane)) return null
    if (lane === 'telemetry' && this.#shedding.sheds('telemetry') !== null) return 'overloaded'
    const now = this.#clock.monotonic()
    // Who pairs or asks for the time can prove nothing yet.
    const proves = lane === 'telemetry' || lane === 'keys'
    const isOpen = proves ? this.#strangers.has(address, now) : this.#strangers.take(address, now)
    if (isOpen) return null
    this.limited.stranger += 1
    return 'too_many_requests'
  }

  /** More came from there than it could prove. */
  isStrange(address: string): boolean {
    return !this.#strangers.has(address, this.#clock.monotonic())
  }

  /** It could not be proven, for this reason. False: the address has failed so often that no line of a log is to be spent on it. */
  failed(address: string, code: string): boolean {
    this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1)
    return this.#strangers.take(address, this.#clock.monotonic())
  }

  /** It is this hub's. */
  proven(lane: HubLane, hubId: HubId): GateRefusal | null {
    if (lane !== 'telemetry' || this.#hubs.take(hubId, this.#clock.monotonic())) return null
    this.limited.hub += 1
    return 'too_many_requests'
  }
}
