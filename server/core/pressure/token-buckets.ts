export interface BucketRule {
  /** Tokens that may be taken at once. */
  readonly burst: number
  readonly perSecond: number
}

const mostKeys = 10_000

interface Bucket {
  tokens: number
  at: number
}

/** One bucket of tokens for each key. Bounded: of more keys than it keeps, those that asked longest ago are full again. */
export class TokenBuckets {
  readonly #rule: BucketRule
  readonly #buckets = new Map<string, Bucket>()

  constructor(rule: BucketRule) {
    this.#rule = rule
  }

  /** `nowMs` monotonic. False: there is none left. */
  take(key: string, nowMs: number): boolean {
    const tokens = this.#left(key, nowMs)
    this.#buckets.delete(key)
    this.#buckets.set(key, { tokens: Math.max(0, tokens - 1), at: nowMs })
    const oldest = this.#buckets.keys().next()
    if (this.#buckets.size > mostKeys && oldest.done !== true) this.#buckets.delete(oldest.value)
    return tokens >= 1
  }

  /** Whether one is left, without taking it. */
  has(key: string, nowMs: number): boolean {
    return this.#left(key, nowMs) >= 1
  }

  #left(key: string, nowMs: number): number {
    const { burst, perSecond } = this.#rule
    const bucket = this.#buckets.get(key)
    if (bucket === undefined) return burst
    return Math.min(burst, bucket.tokens + ((nowMs - bucket.at) / 1000) * perSecond)
  }
}
