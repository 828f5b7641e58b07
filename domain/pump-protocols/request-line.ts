/** How long a pump may take, and how often it is asked the same. */
export interface RequestRules {
  readonly timeoutMs: number
  /** The first sending counts. */
  readonly sendings: number
}

interface Outstanding<N> {
  readonly name: N
  readonly frame: Uint8Array
  readonly sendings: number
  sentMs: number
  sent: number
}

/**
 * The host's side of request and reply on one port: one request at a time, the same bytes again after the time-out, then given up.
 * A reply that comes late is still what was asked for, but it answers only a request of its own name.
 */
export class RequestLine<N extends string> {
  readonly #rules: RequestRules
  #outstanding: Outstanding<N> | null = null
  /** When each request went out that may still be answered, also after its time-out. */
  readonly #expected = new Map<N, number[]>()
  /** The longest that a pump may take to answer, ms. */
  lateMs: number

  constructor(rules: RequestRules, lateMs: number) {
    this.#rules = rules
    this.lateMs = lateMs
  }

  get outstanding(): N | null {
    return this.#outstanding?.name ?? null
  }

  /** A port that is open anew owes no answers. */
  reopened(): void {
    this.#outstanding = null
    this.#expected.clear()
  }

  /** Nothing may be outstanding. */
  ask(name: N, frame: Uint8Array, nowMs: number, sendings: number = this.#rules.sendings): Uint8Array {
    this.#outstanding = { name, frame, sendings, sentMs: nowMs, sent: 1 }
    this.#expect(name, nowMs)
    return frame
  }

  /** A reply of this name has come. `expected`: somebody asked for it, if long ago; `settles`: it answers what is outstanding. */
  answered(name: N, nowMs: number): { readonly expected: boolean; readonly settles: boolean } {
    const waiting = this.#waiting(name, nowMs)
    if (waiting.length > 1) this.#expected.set(name, waiting.slice(1))
    else this.#expected.delete(name)
    const settles = waiting.length > 0 && this.#outstanding?.name === name
    if (settles) this.#outstanding = null
    return { expected: waiting.length > 0, settles }
  }

  /** After a time-out: the frame to send again, or the name of the request that nobody answers. */
  overdue(nowMs: number): { readonly again: Uint8Array | null; readonly givenUp: N | null } {
    const waiting = this.#outstanding
    if (!waiting || nowMs - waiting.sentMs < this.#rules.timeoutMs) return { again: null, givenUp: null }
    if (waiting.sent < waiting.sendings) {
      waiting.sent += 1
      waiting.sentMs = nowMs
      this.#expect(waiting.name, nowMs)
      return { again: waiting.frame, givenUp: null }
    }
    this.#outstanding = null
    return { again: null, givenUp: waiting.name }
  }

  #expect(name: N, nowMs: number): void {
    for (const other of this.#expected.keys())
      if (this.#waiting(other, nowMs).length === 0) this.#expected.delete(other)
    this.#expected.set(name, [...this.#waiting(name, nowMs), nowMs])
  }

  #waiting(name: N, nowMs: number): number[] {
    return (this.#expected.get(name) ?? []).filter((sentMs) => nowMs - sentMs <= this.lateMs)
  }
}
