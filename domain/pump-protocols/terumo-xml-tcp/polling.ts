import { identityRequest, lastSequence, statusRequest } from './requests.ts'

const identityEveryMs = 2000
/** Identity requests without an answer before the connection is given up. */
const identityTries = 5
const statusEveryMs = 2000
const verifyEveryMs = 60_000
const timeoutMs = 1000
/** The first sending counts. */
const sendings = 2

type Outstanding =
  | { readonly what: 'identity'; readonly sentMs: number; readonly sent: number }
  | { readonly what: 'status'; readonly sequence: number; readonly sentMs: number; readonly sent: number }

export interface Due {
  readonly send: Uint8Array | null
  readonly timeouts: number
  /** Nobody answers on this connection. */
  readonly giveUp: boolean
}

const nothing: Due = { send: null, timeouts: 0, giveUp: false }

/** What to ask and when (terumo-xml-tcp.md 7): who is there first, then its status. One request is outstanding. */
export class Polling {
  #id: string | null = null
  #outstanding: Outstanding | null = null
  /** Of the next status request: a retry has a number of its own, so that a late reply answers nothing. */
  #sequence = 0
  #statusAtMs = 0
  #verifyAtMs = 0

  /** Nobody is known on this connection (any more): ask who is there. */
  restart(): void {
    this.#id = null
    this.#outstanding = null
  }

  /** The pump to be asked from now on. */
  identified(id: string, nowMs: number): void {
    this.#outstanding = null
    if (this.#id !== id) this.#statusAtMs = nowMs
    this.#id = id
    this.#verifyAtMs = nowMs + verifyEveryMs
  }

  /** Somebody asked for an identity. */
  get asksIdentity(): boolean {
    return this.#outstanding?.what === 'identity'
  }

  /** A reply to a status request has come. False when it answers another one, or nobody's. */
  answered(id: string, sequence: number): boolean {
    const waiting = this.#outstanding
    if (waiting?.what !== 'status' || id !== this.#id || waiting.sequence !== sequence) return false
    this.#outstanding = null
    return true
  }

  due(nowMs: number): Due {
    const waiting = this.#outstanding
    if (waiting === null) return this.#next(nowMs)
    if (this.#id === null) return this.#searching(waiting, nowMs)
    if (nowMs - waiting.sentMs < timeoutMs) return nothing
    if (waiting.sent < sendings) return this.#ask(waiting.what, waiting.sent + 1, nowMs)
    this.#outstanding = null
    return { ...this.#next(nowMs), timeouts: 1 }
  }

  #searching({ sentMs, sent }: Outstanding, nowMs: number): Due {
    if (nowMs - sentMs < identityEveryMs) return nothing
    if (sent < identityTries) return { ...this.#ask('identity', sent + 1, nowMs), timeouts: 1 }
    this.#outstanding = null
    return { send: null, timeouts: 1, giveUp: true }
  }

  #next(nowMs: number): Due {
    if (this.#id === null) return this.#ask('identity', 1, nowMs)
    if (nowMs >= this.#verifyAtMs) {
      this.#verifyAtMs = nowMs + verifyEveryMs
      return this.#ask('identity', 1, nowMs)
    }
    if (nowMs < this.#statusAtMs) return nothing
    this.#statusAtMs = nowMs + statusEveryMs
    return this.#ask('status', 1, nowMs)
  }

  #ask(what: Outstanding['what'], sent: number, nowMs: number): Due {
    if (what === 'identity' || this.#id === null) {
      this.#outstanding = { what: 'identity', sentMs: nowMs, sent }
      return { ...nothing, send: identityRequest() }
    }
    const sequence = this.#sequence
    this.#sequence = sequence === lastSequence ? 0 : sequence + 1
    this.#outstanding = { what, sequence, sentMs: nowMs, sent }
    return { ...nothing, send: statusRequest(this.#id, sequence) }
  }
}
