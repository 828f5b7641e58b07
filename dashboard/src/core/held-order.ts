import type { EpisodeId } from '#domain/ids.ts'

/** What the queue shows while it is held. */
export interface HeldOrder {
  /** Rows that were on screen, in the places they had. */
  readonly rows: readonly EpisodeId[]
  /** New since: they wait in a slot of their own, in the queue's order. */
  readonly arrived: readonly EpisodeId[]
}

/** Rows must not move under a pointer or the focus. While the list is held, no row changes its place among those that stay. */
export const heldOrder = (shown: readonly EpisodeId[], sorted: readonly EpisodeId[]): HeldOrder => {
  const there = new Set(sorted)
  const known = new Set(shown)
  return { rows: shown.filter((id) => there.has(id)), arrived: sorted.filter((id) => !known.has(id)) }
}

/** A held list is let go this long after something urgent waits for a place in it, and after this long in any case, ms. */
export const holdLimits = { highMs: 10_000, anyMs: 60_000 } as const

/** A press this soon after rows moved was meant for another row, ms. */
export const clickGuardMs = 350
