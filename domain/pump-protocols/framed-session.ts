import type { LinkState } from '../uplink/envelope.ts'
import { Counters } from './counters.ts'
import type { Decoded, FrameDecoder } from './frame-decoder.ts'
import type { LinkLimits } from './link-watch.ts'
import { LinkWatch } from './link-watch.ts'
import type { PortCounters, PumpEvent, PumpIdentity, PumpSession, SessionStep } from './profile.ts'

/**
 * What every session does alike (docs/protocols/README.md 1, 5 and 6): a new decoder per opening, counters, supervision of the link.
 * A protocol adds what its frames mean and what is due to be sent.
 */
export abstract class FramedSession<F extends object> implements PumpSession {
  protected readonly counts: Counters = new Counters()
  protected readonly watch: LinkWatch = new LinkWatch()
  /** The pump that was last known on this port, also while it has to be verified again. */
  protected known: PumpIdentity | null = null
  readonly #newDecoder: () => FrameDecoder<F>
  #decoder: FrameDecoder<F> | null = null
  #openings = 0

  constructor(newDecoder: () => FrameDecoder<F>) {
    this.#newDecoder = newDecoder
  }

  get link(): LinkState {
    return this.watch.state
  }
  get reason(): string | null {
    return this.watch.reason
  }
  get identity(): PumpIdentity | null {
    return this.known
  }
  get counters(): PortCounters {
    return this.counts.values
  }
  get lastHeardMs(): number | null {
    return this.watch.lastHeardMs
  }

  opened(nowMs: number): readonly SessionStep[] {
    if (this.#openings > 0) this.counts.add('reconnects')
    this.#openings += 1
    this.#decoder = this.#newDecoder()
    this.portOpened(nowMs)
    return [...eventSteps(this.watch.opened(nowMs)), ...this.due(nowMs)]
  }

  received(chunk: Uint8Array, nowMs: number): readonly SessionStep[] {
    if (!this.#decoder) return []
    this.counts.add('bytes', chunk.length)
    if (chunk.length > 0) this.watch.bytesSeen()
    return [...this.#decoded(this.#decoder.push(chunk, nowMs), nowMs), ...this.due(nowMs)]
  }

  tick(nowMs: number): readonly SessionStep[] {
    const supervised = eventSteps(this.watch.tick(nowMs, this.limits()))
    if (!this.#decoder) return supervised
    return [...this.#decoded(this.#decoder.tick(nowMs), nowMs), ...supervised, ...this.due(nowMs)]
  }

  closed(reason: string, _nowMs: number): readonly SessionStep[] {
    this.#decoder = null
    this.portClosed()
    return eventSteps(this.watch.closed(reason))
  }

  /** The port is open anew: nothing is outstanding, and the pump has to say again who it is. */
  protected abstract portOpened(nowMs: number): void
  protected abstract portClosed(): void
  protected abstract limits(): LinkLimits
  /** A frame with a right check. */
  protected abstract frame(frame: F, nowMs: number): readonly PumpEvent[]
  /** What is to be sent, or to be reported without a frame, now. Called after every chunk and tick. */
  protected abstract due(nowMs: number): readonly SessionStep[]
  /** A frame was rejected. */
  protected rejected(_fault: Extract<Decoded<F>, { ok: false }>['fault'], _discarded: Uint8Array): void {}

  #decoded(results: readonly Decoded<F>[], nowMs: number): readonly SessionStep[] {
    return results.flatMap((result) => {
      if (result.ok) {
        this.counts.add('ok')
        return eventSteps(this.frame(result.frame, nowMs))
      }
      this.counts.add(result.fault, result.fault === 'junk' ? result.discarded.length : 1)
      this.rejected(result.fault, result.discarded)
      return []
    })
  }
}

export const eventSteps = (events: readonly PumpEvent[]): readonly SessionStep[] =>
  events.map((event) => ({ kind: 'event', event }))
