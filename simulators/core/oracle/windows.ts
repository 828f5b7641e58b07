export interface Window {
  /** ms, inclusive. */
  readonly from: number
  /** ms, exclusive. */
  readonly to: number
}

/** Cuts [from, to) so that none holds more than `most` of `times`, which are in order: each fits into one answer. */
export const windowsOf = (times: readonly number[], { from, to }: Window, most: number): readonly Window[] => {
  const cuts = Array.from({ length: Math.floor((times.length - 1) / most) }, (_, n) => times[(n + 1) * most] ?? to)
  const edges = [from, ...cuts.filter((at) => at > from && at < to), to]
  return edges.slice(1).map((end, place) => ({ from: edges[place] ?? from, to: end }))
}
