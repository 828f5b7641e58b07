import type { PumpSession, SessionStep } from '#domain/pump-protocols/profile.ts'
import type { Host } from './replay.ts'

/** The hub's own session of a protocol, as whoever asks a pump in a replay. */
export class SessionHost implements Host {
  readonly #newSession: () => PumpSession
  #session: PumpSession

  constructor(newSession: () => PumpSession) {
    this.#newSession = newSession
    this.#session = newSession()
  }

  opened(nowMs: number): readonly Uint8Array[] {
    return sent(this.#session.opened(nowMs))
  }

  received(bytes: Uint8Array, nowMs: number): readonly Uint8Array[] {
    return sent(this.#session.received(bytes, nowMs))
  }

  tick(nowMs: number): readonly Uint8Array[] {
    return sent(this.#session.tick(nowMs))
  }

  closed(): void {
    this.#session = this.#newSession()
  }
}

const sent = (steps: readonly SessionStep[]): readonly Uint8Array[] =>
  steps.flatMap((step) => (step.kind === 'send' ? [step.bytes] : []))
