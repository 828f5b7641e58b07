import { RequestLine } from '../request-line.ts'
import { alarisFrame } from './frame.ts'
import type { RequestName } from './requests.ts'

const rules = { timeoutMs: 500, sendings: 2 }
/** Pause after an opening request that nobody answered. */
const askAgainMs = 1000
/** The longest that a pump may take to answer, until it says otherwise (4000 was seen). */
const defaultLateMs = 4000
const longestLateMs = 10_000

/** Asked in this order before anything else; only the first must be answered. */
const opening = ['INST_SERIALNO', 'COMMS_PROTOCOL', 'COMMS_RESPONSE_MAX'] as const

/** Most urgent first: what is due goes out in this order, one at a time. */
const periods = [
  ['ALARM', 1000],
  ['INF', 2000],
  ['INST_SERIALNO', 60_000],
  ['INF_VTBI', 10_000],
  ['SYRINGE_STATUS', 30_000],
] as const

export interface Due {
  readonly send: Uint8Array | null
  readonly timeouts: number
}

/** What to ask a pump and when (alaris-acp.md 5). One request is outstanding; one that comes due meanwhile waits, it never piles up. */
export class Polling {
  #step = 0
  #notBeforeMs = Number.NEGATIVE_INFINITY
  readonly #nextMs = new Map<RequestName, number>()
  readonly #line = new RequestLine<RequestName>(rules, defaultLateMs)
  #lastAsked: RequestName | null = null
  #syringeChanged = false

  /** The opening requests have been answered or skipped. */
  get introduced(): boolean {
    return this.#step >= opening.length
  }

  /** The pump behind the port is not known (any more): start from the first request. */
  restart(nowMs: number): void {
    this.#step = 0
    this.#notBeforeMs = nowMs
    this.#syringeChanged = false
    this.#nextMs.clear()
  }

  /** A port that is open anew owes no answers. */
  reopened(nowMs: number): void {
    this.restart(nowMs)
    this.#line.reopened()
    this.#line.lateMs = defaultLateMs
  }

  syringeChanged(): void {
    this.#syringeChanged = true
  }

  /** What the pump announces as its slowest answer, ms. */
  slowest(limitMs: number | null): void {
    if (limitMs !== null) this.#line.lateMs = Math.min(Math.max(limitMs, rules.timeoutMs), longestLateMs)
  }

  /** A reply of this name has come. False when nobody asked for it, also long ago. */
  answered(name: RequestName, nowMs: number): boolean {
    const { expected, settles } = this.#line.answered(name, nowMs)
    if (settles) this.#notBeforeMs = nowMs + askAgainMs
    return expected
  }

  /** The reply was of use: an opening request is not asked again. */
  settled(name: RequestName, nowMs: number): void {
    if (name !== opening[this.#step]) return
    this.#step += 1
    this.#notBeforeMs = nowMs
  }

  due(nowMs: number): Due {
    const { again, givenUp } = this.#line.overdue(nowMs)
    if (again !== null) return { send: again, timeouts: 0 }
    if (givenUp !== null) this.#unanswered(givenUp, nowMs)
    const send = this.#line.outstanding === null ? this.#ask(nowMs) : null
    return { send, timeouts: givenUp === null ? 0 : 1 }
  }

  #ask(nowMs: number): Uint8Array | null {
    const name = this.#next(nowMs)
    if (name === null) return null
    this.#lastAsked = name
    return this.#line.ask(name, alarisFrame(name), nowMs)
  }

  #unanswered(name: RequestName, nowMs: number): void {
    if (name !== opening[this.#step]) return
    if (name === 'INST_SERIALNO') this.#notBeforeMs = nowMs + askAgainMs
    else this.#step += 1
  }

  #next(nowMs: number): RequestName | null {
    const first = opening[this.#step]
    if (first !== undefined) return nowMs >= this.#notBeforeMs ? first : null
    const due = periods.filter(([name]) => nowMs >= (this.#nextMs.get(name) ?? this.#firstMs(name, nowMs)))
    // the most urgent, but not twice running: a request that is never answered must not keep the others away
    const [name, periodMs] = due.find(([other]) => other !== this.#lastAsked) ?? due[0] ?? []
    if (name !== undefined) {
      this.#nextMs.set(name, nowMs + periodMs)
      return name
    }
    if (!this.#syringeChanged) return null
    this.#syringeChanged = false
    return 'INF_RATE_MAX_SYRINGE'
  }

  /** The serial number has just been told; everything else is due at once. */
  #firstMs(name: RequestName, nowMs: number): number {
    if (name !== 'INST_SERIALNO') return nowMs
    this.#nextMs.set(name, nowMs + 60_000)
    return nowMs + 60_000
  }
}
