import { GatewayError } from '#gateway/core/errors.ts'
import type { FaultKind } from './fault-plan.ts'
import type { OracleServer } from './oracle-server.ts'
import type { VirtualProcess, VirtualTime } from './virtual-time.ts'

/** The hub gives an exchange up after this long, ms (reliability.md 5). */
const connectMs = 3_000
const answerMs = 10_000

export interface NetworkOptions {
  readonly time: VirtualTime
  readonly server: () => OracleServer | null
  /** How much of this a hub's line has now, s; null: nothing. */
  readonly faultOf: (hub: number, kind: FaultKind) => number | null
  readonly random: () => number
  readonly counters: { requests: number; repeated: number }
}

/** The line between a hub and the server: it loses, delays, repeats and overtakes, and never changes what it carries. */
export class Network {
  readonly #options: NetworkOptions

  constructor(options: NetworkOptions) {
    this.#options = options
  }

  async exchange<T>(hub: number, from: VirtualProcess, ask: (server: OracleServer) => Promise<T>): Promise<T> {
    const { time, faultOf, random, counters } = this.#options
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    counters.requests += 1
    const unreachable = (): void => reject(new GatewayError('GW_UPLINK_UNREACHABLE', 'no answer'))
    const cut = faultOf(hub, 'hub-link') !== null
    const cancel = from.after(cut ? connectMs : answerMs, unreachable)
    if (cut) return promise
    const slowMs = 1000 * (faultOf(hub, 'slow-link') ?? 0)
    const againMs = faultOf(hub, 'repeated-requests')
    const arrive = async (): Promise<void> => {
      const server = this.#options.server()
      if (server?.serves !== true) {
        if (from.isAlive) unreachable()
        return
      }
      try {
        const answer = await ask(server)
        if (faultOf(hub, 'hub-link') !== null || faultOf(hub, 'replies-lost') !== null) return
        from.after(10 + 30 * random(), () => {
          cancel()
          resolve(answer)
        })
      } catch (error) {
        from.after(10, () =>
          reject(error instanceof GatewayError ? error : new GatewayError('GW_UPLINK_UNREACHABLE', String(error))),
        )
      }
    }
    time.after(10 + 30 * random() + slowMs, () => void arrive())
    if (againMs !== null) this.#again(1000 * againMs * random(), ask)
    return promise
  }

  /** The same request again, whenever: nobody waits for its answer, and its hub may be dead by then. */
  #again<T>(delayMs: number, ask: (server: OracleServer) => Promise<T>): void {
    const { time, server, counters } = this.#options
    time.after(50 + delayMs, () => {
      const there = server()
      if (there?.serves !== true) return
      counters.repeated += 1
      ask(there).catch(() => {})
    })
  }
}
