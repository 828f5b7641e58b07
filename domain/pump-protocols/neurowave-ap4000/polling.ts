import { RequestLine } from '../request-line.ts'
import { connectRequest, statusRequest } from './requests.ts'

const rules = { timeoutMs: 1000, sendings: 2 }
/** A reply is still expected this long after its request. */
const lateMs = 5000
const connectEveryMs = 2000
/** A pump that speaks another version of the protocol is asked again this often: somebody may have changed the cable. */
const askUnknownEveryMs = 60_000
/** Status requests running that nobody answered, then the pump is asked again who it is. */
const failuresBeforeConnect = 3

export type RequestName = 'CONNREQ' | 'STATREQ'

export interface Due {
  readonly send: Uint8Array | null
  readonly timeouts: number
}

/** What to ask a pump and when (neurowave-ap4000.md 5). */
export class Polling {
  readonly #line = new RequestLine<RequestName>(rules, lateMs)
  readonly #statusEveryMs: number
  /** The pump that has said who it is; null: ask first. */
  #systemId: string | null = null
  #nextMs = 0
  #failures = 0

  constructor(statusEveryMs: number) {
    this.#statusEveryMs = statusEveryMs
  }

  reopened(nowMs: number): void {
    this.#line.reopened()
    this.restart(nowMs)
  }

  /** The pump behind the port is not known (any more). */
  restart(nowMs: number): void {
    this.#systemId = null
    this.#nextMs = nowMs
    this.#failures = 0
  }

  introduced(systemId: string, nowMs: number): void {
    this.#systemId = systemId
    this.#nextMs = nowMs
    this.#failures = 0
  }

  /** The pump cannot be asked anything else. */
  unsupported(nowMs: number): void {
    this.restart(nowMs + askUnknownEveryMs)
  }

  /** False when nobody asked for it. */
  answered(name: RequestName, nowMs: number): boolean {
    const { expected } = this.#line.answered(name, nowMs)
    if (expected && name === 'STATREQ') this.#failures = 0
    return expected
  }

  due(nowMs: number): Due {
    const { again, givenUp } = this.#line.overdue(nowMs)
    if (again !== null) return { send: again, timeouts: 0 }
    if (givenUp === 'STATREQ') this.#unanswered(nowMs)
    return { send: this.#line.outstanding === null ? this.#ask(nowMs) : null, timeouts: givenUp === null ? 0 : 1 }
  }

  #unanswered(nowMs: number): void {
    this.#failures += 1
    if (this.#failures >= failuresBeforeConnect) this.restart(nowMs)
  }

  #ask(nowMs: number): Uint8Array | null {
    if (nowMs < this.#nextMs) return null
    if (this.#systemId === null) {
      this.#nextMs = nowMs + connectEveryMs
      return this.#line.ask('CONNREQ', connectRequest(), nowMs, 1)
    }
    this.#nextMs = nowMs + this.#statusEveryMs
    return this.#line.ask('STATREQ', statusRequest(this.#systemId), nowMs)
  }
}
