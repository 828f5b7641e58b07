import type { EpisodeId } from '#domain/ids.ts'

/**
 * Rows must not move under a pointer. While the list is held, rows already shown keep their places among each other; a new
 * row goes before the first shown one that sorts after it, so a new High still comes to the top.
 */
export const heldOrder = (shown: readonly EpisodeId[], sorted: readonly EpisodeId[]): readonly EpisodeId[] => {
  const rank = new Map(sorted.map((id, index) => [id, index]))
  const held = shown.filter((id) => rank.has(id))
  const known = new Set(held)
  return sorted
    .filter((id) => !known.has(id))
    .reduceRight<readonly EpisodeId[]>((order, id) => {
      const own = rank.get(id) ?? 0
      const at = order.findIndex((other) => (rank.get(other) ?? 0) > own)
      return at === -1 ? [...order, id] : [...order.slice(0, at), id, ...order.slice(at)]
    }, held)
}
