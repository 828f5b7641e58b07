import type { At, LiveUpdate } from '#domain/live/messages.ts'

/** The last updates, for clients that come back after a short drop. */
export interface UpdateRing {
  push(update: LiveUpdate): void
  /** All updates after `at` up to `now`, or null when any is missing or the epoch is another: send a snapshot. */
  after(at: At, now: At): readonly LiveUpdate[] | null
}

export const createUpdateRing = (capacity = 1000): UpdateRing => {
  let updates: readonly LiveUpdate[] = []

  return {
    push(update) {
      updates = updates.length < capacity * 2 ? [...updates, update] : [...updates.slice(-capacity + 1), update]
    },

    after(at, now) {
      if (at.epoch !== now.epoch || at.seq > now.seq) return null
      const missed = updates.filter((update) => update.at.seq > at.seq)
      return missed.length === now.seq - at.seq ? missed : null
    },
  }
}
