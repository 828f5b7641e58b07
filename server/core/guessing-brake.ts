/**
 * Slows password guessing without ever locking anybody out: five wrong tries a minute per name and address are free, each
 * further one waits twice as long as the one before, up to ten seconds. Other addresses of the same name are not slowed.
 */
export interface GuessingBrake {
  /** How long to hold the next try back, ms. */
  delayMs(key: string, nowMs: number): number
  failed(key: string, nowMs: number): void
  succeeded(key: string): void
}

const freeTries = 5
const firstDelayMs = 500
const longestDelayMs = 10_000
const forgetAfterMs = 60_000
const maxKeys = 10_000

export const createGuessingBrake = (): GuessingBrake => {
  const tries = new Map<string, { failures: number; lastAt: number }>()

  return {
    delayMs(key, nowMs) {
      const entry = tries.get(key)
      if (entry === undefined || entry.failures < freeTries) return 0
      // Failures fade one by one, so that a pause helps.
      const faded = Math.floor((nowMs - entry.lastAt) / forgetAfterMs)
      const extra = entry.failures - faded - freeTries
      return extra < 0 ? 0 : Math.min(longestDelayMs, firstDelayMs * 2 ** extra)
    },

    failed(key, nowMs) {
      const entry = tries.get(key)
      const faded = entry === undefined ? 0 : Math.floor((nowMs - entry.lastAt) / forgetAfterMs)
      const before = entry === undefined ? 0 : Math.max(0, entry.failures - faded)
      tries.delete(key)
      tries.set(key, { failures: Math.min(before + 1, freeTries + 10), lastAt: nowMs })
      const oldest = tries.keys().next()
      if (tries.size > maxKeys && oldest.done !== true) tries.delete(oldest.value)
    },

    succeeded(key) {
      tries.delete(key)
    },
  }
}
