import type { PumpEvent, PumpSession, SessionStep } from '#domain/pump-protocols/profile.ts'
import { crcOf } from './support.ts'

/** A session with a hand-driven clock: what it reports and what it sends, as text without CR LF. */
export class Bench {
  readonly session: PumpSession
  nowMs = 0
  readonly events: PumpEvent[] = []
  readonly sent: string[] = []
  /** Why the session gave a connection up. */
  readonly reopens: string[] = []
  readonly #tickMs = 100

  constructor(session: PumpSession) {
    this.session = session
  }

  open(): this {
    return this.#take(this.session.opened(this.nowMs))
  }

  close(reason = 'unplugged'): this {
    return this.#take(this.session.closed(reason, this.nowMs))
  }

  receive(...wire: readonly Uint8Array[]): this {
    for (const chunk of wire) this.#take(this.session.received(chunk, this.nowMs))
    return this
  }

  /** Lets time pass, ticking as the gateway does. */
  pass(ms: number): this {
    const until = this.nowMs + ms
    while (this.nowMs < until) {
      this.nowMs = Math.min(until, this.nowMs + this.#tickMs)
      this.#take(this.session.tick(this.nowMs))
    }
    return this
  }

  of<K extends PumpEvent['kind']>(kind: K): Extract<PumpEvent, { kind: K }>[] {
    return this.events.filter((event): event is Extract<PumpEvent, { kind: K }> => event.kind === kind)
  }

  get links(): string[] {
    return this.of('link').map(({ link }) => link)
  }

  get kinds(): string[] {
    return this.events.map((event) => (event.kind === 'event' ? event.event : event.kind))
  }

  /** Forgets what was reported and sent so far. */
  clear(): this {
    this.events.length = 0
    this.sent.length = 0
    return this
  }

  #take(steps: readonly SessionStep[]): this {
    for (const step of steps) {
      if (step.kind === 'event') this.events.push(step.event)
      else if (step.kind === 'reopen') this.reopens.push(step.reason)
      else this.sent.push(Buffer.from(step.bytes).toString('latin1').trimEnd())
    }
    return this
  }
}

/** An IP1 frame for situations the page does not print; the check comes from this file's own CRC. */
export const ip1 = (body: string): Uint8Array =>
  Uint8Array.from(Buffer.from(`$IP1,${body}*${crcOf(`IP1,${body}`)}\r\n`))
