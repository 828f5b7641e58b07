import type { LinkState } from '../uplink/envelope.ts'
import type { PumpEvent } from './profile.ts'

/** After this long in `waiting` the port says what seems to be wrong. */
const diagnosisMs = 10_000

export interface LinkLimits {
  readonly staleMs: number
  readonly lostMs: number
}

/**
 * closed -> waiting -> up -> stale -> lost (docs/protocols/README.md). Only state that belongs to a known pump keeps the link up:
 * bytes, or frames of a pump without identity, do not. A pump whose port stays closed is lost as well. A link that is only listened
 * to is neither up nor ever lost while its port is open: its silence says nothing.
 */
export class LinkWatch {
  #state: LinkState = 'closed'
  #reason: string | null = null
  #openedMs = 0
  #heardMs: number | null = null
  #bytes = false
  #hint: string | null = null

  get state(): LinkState {
    return this.#state
  }

  get reason(): string | null {
    return this.#reason
  }

  get lastHeardMs(): number | null {
    return this.#heardMs
  }

  opened(nowMs: number): readonly PumpEvent[] {
    this.#openedMs = nowMs
    this.#bytes = false
    this.#hint = null
    return this.#to('waiting', null)
  }

  closed(reason: string): readonly PumpEvent[] {
    return this.#to('closed', reason)
  }

  bytesSeen(): void {
    this.#bytes = true
  }

  /** A frame came that is good but tells no pump's state; `hint` says why, in words for a person. */
  unusable(hint: string): void {
    this.#hint = hint
  }

  /** The pump behind the port is in doubt: nothing counts until its identity is known again. */
  doubted(reason: string): readonly PumpEvent[] {
    this.#hint = reason
    return this.#state === 'up' || this.#state === 'stale' ? this.#to('waiting', reason) : []
  }

  /** From now on the pump is not asked: `reason` says so in words. What it tells by itself counts as before. */
  listening(reason: string): readonly PumpEvent[] {
    return this.#to('listening', reason)
  }

  /** Words about a pump that was heard while it is only listened to: its link stays as it is. */
  heardUnasked(atMs: number): void {
    this.#heardMs = atMs
  }

  /** The pump answers, and tells no state; `reason` says why. The link stays as it is, and the time without state runs on. */
  refused(reason: string): readonly PumpEvent[] {
    this.#hint = reason
    return this.#to(this.#state, reason)
  }

  /** State of the identified pump, as of `atMs`. `reason`: what people should know although the link is up. */
  heard(atMs: number, reason: string | null = null): readonly PumpEvent[] {
    this.#heardMs = atMs
    this.#hint = null
    return this.#to('up', reason)
  }

  tick(nowMs: number, limits: LinkLimits): readonly PumpEvent[] {
    switch (this.#state) {
      case 'lost':
      case 'listening':
        return []
      case 'closed':
        return this.#heardMs !== null && nowMs - this.#heardMs >= limits.lostMs ? this.#to('lost', this.#reason) : []
      case 'waiting':
        return this.#waiting(nowMs, limits)
      case 'up':
      case 'stale': {
        const silentMs = nowMs - (this.#heardMs ?? this.#openedMs)
        const why = this.#hint ?? 'no status from the pump'
        if (silentMs >= limits.lostMs) return this.#to('lost', why)
        if (silentMs >= limits.staleMs) return this.#to('stale', why)
        return []
      }
    }
  }

  #waiting(nowMs: number, limits: LinkLimits): readonly PumpEvent[] {
    // a pump that was heard before and does not come back is lost, even if the port is open and noisy
    if (this.#heardMs !== null && nowMs - Math.max(this.#heardMs, this.#openedMs) >= limits.lostMs)
      return this.#to('lost', this.#diagnosis())
    return nowMs - this.#openedMs >= diagnosisMs ? this.#to('waiting', this.#diagnosis()) : []
  }

  #diagnosis(): string {
    return this.#hint ?? (this.#bytes ? 'wrong speed, parity or profile' : 'silent')
  }

  #to(state: LinkState, reason: string | null): readonly PumpEvent[] {
    if (state === this.#state && reason === this.#reason) return []
    this.#state = state
    this.#reason = reason
    return [{ kind: 'link', link: state, reason }]
  }
}
