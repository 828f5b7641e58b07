import type { Query } from './requests.ts'

const periods: readonly (readonly [Query, number])[] = [
  ['DIS', 2000],
  ['RAT', 10_000],
]
const timeoutMs = 500
/** The first sending counts. */
const sendings = 2

/** Whom to ask: a two-digit address, or null for the form without one, which pump 00 answers. */
export type Target = string | null

interface Outstanding {
  readonly target: Target
  readonly query: Query
  readonly sentMs: number
  readonly sent: number
}

export interface Due {
  readonly ask: { readonly target: Target; readonly query: Query } | null
  readonly timeouts: number
}

export const addressOf = (target: Target): string => target ?? '00'

/**
 * What to ask and when (new-era-ne1000.md 6): one pump of the line after the other, one request outstanding. A pump that has told an
 * alarm is not asked again: each answer would acknowledge it.
 */
export class Polling {
  readonly #targets: readonly Target[]
  readonly #nextMs = new Map<string, number>()
  readonly #stopped = new Set<string>()
  #outstanding: Outstanding | null = null
  /** Where the next round begins, so that a pump that never answers does not keep the others away. */
  #turn = 0

  constructor(targets: readonly Target[]) {
    this.#targets = targets
  }

  get addresses(): readonly string[] {
    return this.#targets.map(addressOf)
  }

  /** Addresses that are not asked any more. */
  get stopped(): readonly string[] {
    return this.addresses.filter((address) => this.#stopped.has(address))
  }

  get asksNobody(): boolean {
    return this.#targets.every((target) => this.#stopped.has(addressOf(target)))
  }

  /** A port that is open anew owes no answers. Who has told an alarm stays unasked. */
  reopened(): void {
    this.#outstanding = null
    this.#nextMs.clear()
  }

  stop(address: string): void {
    this.#stopped.add(address)
    if (this.#outstanding !== null && addressOf(this.#outstanding.target) === address) this.#outstanding = null
  }

  /** Its state has changed: the rate may have, too. */
  askRateSoon(address: string): void {
    this.#nextMs.delete(keyOf(address, 'RAT'))
  }

  /** What a reply from this address answers. */
  outstanding(address: string): Query | null {
    const waiting = this.#outstanding
    return waiting !== null && addressOf(waiting.target) === address ? waiting.query : null
  }

  answered(): void {
    this.#outstanding = null
  }

  due(nowMs: number): Due {
    const waiting = this.#outstanding
    if (waiting === null) return { ask: this.#next(nowMs), timeouts: 0 }
    if (nowMs - waiting.sentMs < timeoutMs) return { ask: null, timeouts: 0 }
    if (waiting.sent < sendings) {
      this.#outstanding = { ...waiting, sentMs: nowMs, sent: waiting.sent + 1 }
      return { ask: waiting, timeouts: 0 }
    }
    this.#outstanding = null
    return { ask: this.#next(nowMs), timeouts: 1 }
  }

  #next(nowMs: number): Due['ask'] {
    for (const [query, periodMs] of periods)
      for (let step = 0; step < this.#targets.length; step += 1) {
        const at = (this.#turn + step) % this.#targets.length
        const target = this.#targets[at] ?? null
        const key = keyOf(addressOf(target), query)
        if (this.#stopped.has(addressOf(target)) || nowMs < (this.#nextMs.get(key) ?? nowMs)) continue
        this.#turn = at + 1
        this.#nextMs.set(key, nowMs + periodMs)
        this.#outstanding = { target, query, sentMs: nowMs, sent: 1 }
        return { target, query }
      }
    return null
  }
}

const keyOf = (address: string, query: Query): string => `${address}${query}`
