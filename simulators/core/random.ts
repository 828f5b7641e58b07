/** A seeded source of numbers: the same seed gives the same numbers on every machine. Not for secrets. */
export interface Random {
  /** In [0, 1). */
  next(): number
  /** A whole number, both ends included. */
  whole(low: number, high: number): number
  /** In [low, high). */
  between(low: number, high: number): number
  /** Log-normal: `exp(mu + sigma × N(0, 1))`. */
  logNormal(mu: number, sigma: number): number
  /** One of the entries, by weight. */
  weighted<T>(entries: readonly (readonly [weight: number, value: T])[]): T
  /** An independent source: drawing from it does not disturb this one. */
  fork(name: string): Random
}

/** Mixes two 32-bit numbers into one (the finalizer of MurmurHash3). */
export const mix32 = (seed: number, value: number): number => {
  let h = (seed ^ Math.imul(value, 0x9e3779b1)) >>> 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Text to a 32-bit seed (FNV-1a). */
export const hashText = (text: string): number => {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h >>> 0
}

/** In [-1, 1): a number that belongs to (seed, n) alone, however often it is asked for. */
export const noiseAt = (seed: number, n: number): number => mix32(seed, n) / 0x8000_0000 - 1

/** Mulberry32: 32 bits of state, enough for scenarios. */
export const seededRandom = (seed: number): Random => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000
  }
  return {
    next,
    whole: (low, high) => low + Math.floor(next() * (high - low + 1)),
    between: (low, high) => low + next() * (high - low),
    logNormal: (mu, sigma) => {
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
      return Math.exp(mu + sigma * normal)
    },
    weighted: (entries) => {
      const total = entries.reduce((sum, [weight]) => sum + weight, 0)
      let rest = next() * total
      for (const [weight, value] of entries) {
        rest -= weight
        if (rest < 0) return value
      }
      const last = entries.at(-1)
      if (last === undefined) throw new RangeError('nothing to choose from')
      return last[1]
    },
    fork: (name) => seededRandom(mix32(seed, hashText(name))),
  }
}
