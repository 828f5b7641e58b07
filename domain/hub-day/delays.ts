// How long records took from the hub's date to their arrival, in classes of a factor of the square root of two. Pure and bounded.

const leastMs = 10
const perDouble = 2
/** Up to about 32 days; what took longer counts there. */
const classes = 57

export interface Delays {
  readonly counts: readonly number[]
  readonly total: number
  readonly maxMs: number
}

export const noDelays: Delays = { counts: Array.from({ length: classes }, () => 0), total: 0, maxMs: 0 }

const classOf = (ms: number): number =>
  ms <= leastMs ? 0 : Math.min(classes - 1, Math.ceil(Math.log2(ms / leastMs) * perDouble))

/** Upper edge of a class, ms. */
const edgeOf = (at: number): number => leastMs * 2 ** (at / perDouble)

/** A hub's clock that is ahead makes no negative delay. */
export const addDelays = (delays: Delays, all: readonly number[]): Delays => {
  const counts = [...delays.counts]
  let { maxMs } = delays
  for (const ms of all) {
    const took = Math.max(0, ms)
    const at = classOf(took)
    counts[at] = (counts[at] ?? 0) + 1
    maxMs = Math.max(maxMs, took)
  }
  return { counts, total: delays.total + all.length, maxMs }
}

export const joined = (a: Delays, b: Delays): Delays => ({
  counts: a.counts.map((count, at) => count + (b.counts[at] ?? 0)),
  total: a.total + b.total,
  maxMs: Math.max(a.maxMs, b.maxMs),
})

/** By nearest rank, rounded up to its class, never above the longest; null: there were none. */
export const delayAt = ({ counts, total, maxMs }: Delays, share: number): number | null => {
  if (total === 0) return null
  let left = Math.ceil(share * total)
  for (const [at, count] of counts.entries()) {
    left -= count
    if (left <= 0) return Math.round(Math.min(maxMs, edgeOf(at)))
  }
  return Math.round(maxMs)
}
