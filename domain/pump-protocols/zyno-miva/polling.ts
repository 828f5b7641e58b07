import { RequestLine } from '../request-line.ts'
import type { CheckRule } from './frame.ts'
import { mivaFrame } from './frame.ts'
import type { RequestName } from './requests.ts'
import { entryRequest } from './requests.ts'

const rules = { timeoutMs: 300, sendings: 3 }
/** A reply is still expected this long after its request. */
const lateMs = 1000
/** Pause after a request for the identity that nobody answered. */
const askAgainMs = 1000
/** A pump whose check never fits is asked who it is this often: noise ends, and settings are mended. */
const askMismatchedEveryMs = 60_000

/** Asked in this order before anything else; only the first must be answered. */
const opening = ['RN', 'RS', 'RC'] as const
/** Asked once, when there is time. */
const once = ['RB', 'RL', 'R2'] as const

/** Most urgent first. The end of the log goes before everything else. */
const periods = [
  ['RI', 1000],
  ['Q7', 2000],
  ['Q5', 5000],
  ['Q6', 5000],
  ['Q3', 5000],
  ['RD', 10_000],
  ['Q0', 10_000],
  ['RN', 60_000],
  ['R7', 60_000],
  ['Q4', 60_000],
  ['QD', 60_000],
  ['RC', 3_600_000],
] as const satisfies readonly (readonly [RequestName, number])[]

export interface Due {
  readonly send: Uint8Array | null
  readonly timeouts: number
}

/** What to ask a pump and when (zyno-miva.md 2 and 4). Entries of the log and the other requests take turns. */
export class Polling {
  readonly #line = new RequestLine<string>(rules, lateMs)
  readonly #rule: CheckRule
  #step = 0
  #notBeforeMs = Number.NEGATIVE_INFINITY
  #pauseMs = askAgainMs
  readonly #nextMs = new Map<RequestName, number>()
  #once: readonly RequestName[] = []
  #entryLast = false

  constructor(rule: CheckRule) {
    this.#rule = rule
  }

  /** The opening requests have been answered or skipped. */
  get introduced(): boolean {
    return this.#step >= opening.length
  }

  /** The request that is outstanding, as TEXT. */
  get outstanding(): string | null {
    return this.#line.outstanding
  }

  reopened(nowMs: number): void {
    this.#line.reopened()
    this.restart(nowMs)
  }

  /** The pump behind the port is not known (any more): start from the first request. */
  restart(nowMs: number): void {
    this.#step = 0
    this.#notBeforeMs = nowMs
    this.#pauseMs = askAgainMs
    this.#nextMs.clear()
    this.#once = once
  }

  /** Nothing that the pump says can be believed: only ask now and then who it is. */
  suspend(nowMs: number): void {
    this.reopened(nowMs + askMismatchedEveryMs)
    this.#pauseMs = askMismatchedEveryMs
  }

  /** False when nobody asked for it. `text`: of the request. */
  answered(text: string, nowMs: number): boolean {
    return this.#line.answered(text, nowMs).expected
  }

  /** The reply was of use: an opening request is not asked again. */
  settled(name: RequestName, nowMs: number): void {
    if (name === opening[this.#step]) this.#proceed(nowMs)
  }

  /** `wanted`: index of the log entry that is needed next. */
  due(nowMs: number, wanted: number | null): Due {
    const { again, givenUp } = this.#line.overdue(nowMs)
    if (again !== null) return { send: again, timeouts: 0 }
    if (givenUp !== null && givenUp === opening[this.#step]) {
      if (givenUp === 'RN') this.#notBeforeMs = nowMs + this.#pauseMs
      else this.#proceed(nowMs)
    }
    const text = this.#line.outstanding === null ? this.#next(nowMs, wanted) : null
    const send = text === null ? null : this.#line.ask(text, mivaFrame(text, this.#rule), nowMs)
    return { send, timeouts: givenUp === null ? 0 : 1 }
  }

  #proceed(nowMs: number): void {
    this.#step += 1
    this.#notBeforeMs = nowMs
    if (!this.introduced) return
    // told a moment ago
    this.#nextMs.set('RN', nowMs + 60_000)
    this.#nextMs.set('RC', nowMs + 3_600_000)
  }

  #next(nowMs: number, wanted: number | null): string | null {
    const first = opening[this.#step]
    if (first !== undefined) {
      if (nowMs < this.#notBeforeMs) return null
      this.#notBeforeMs = nowMs + this.#pauseMs
      return first
    }
    const due = periods.find(([name]) => nowMs >= (this.#nextMs.get(name) ?? nowMs))
    if (wanted !== null && due?.[0] !== 'RI' && (!this.#entryLast || (due === undefined && this.#once.length === 0))) {
      this.#entryLast = true
      return entryRequest(wanted)
    }
    if (due?.[0] !== 'RI') this.#entryLast = false
    if (due !== undefined) {
      this.#nextMs.set(due[0], nowMs + due[1])
      return due[0]
    }
    const [next, ...rest] = this.#once
    this.#once = rest
    return next ?? null
  }
}
