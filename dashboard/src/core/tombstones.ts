import type { EpisodeId } from '#domain/ids.ts'

/** A row that left keeps its place this long, ms: nobody presses what slid into it, and the focus has somewhere to stay. */
export const tombstoneMs = 4_000

/** Puts those that have gone back to where they stood: behind the row that was before them. */
export const withTombstones = (
  shown: readonly EpisodeId[],
  order: readonly EpisodeId[],
  gone: ReadonlySet<EpisodeId>,
): readonly EpisodeId[] => {
  const result = order.filter((id) => !gone.has(id))
  for (const [index, id] of shown.entries()) {
    if (!gone.has(id)) continue
    const before = shown.slice(0, index).findLast((other) => result.includes(other))
    result.splice(before === undefined ? 0 : result.indexOf(before) + 1, 0, id)
  }
  return result
}
