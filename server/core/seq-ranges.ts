import type { SeqRange } from '#domain/uplink/records.ts'

/** Sets of numbers as inclusive ranges: sorted, and neither overlapping nor touching. */
export type SeqRanges = readonly SeqRange[]

export const hasSeq = (ranges: SeqRanges, seq: number): boolean => {
  let low = 0
  let high = ranges.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const range = ranges[middle]
    if (range === undefined) return false
    if (seq < range[0]) high = middle - 1
    else if (seq > range[1]) low = middle + 1
    else return true
  }
  return false
}

/** The set with `seqs` in it, in any order and with repetitions. */
export const withSeqs = (ranges: SeqRanges, seqs: readonly number[]): SeqRanges =>
  union(
    ranges,
    seqs.toSorted((a, b) => a - b).map((seq): SeqRange => [seq, seq]),
  )

/** Both together; `incoming` in the order of its first numbers, it may overlap itself. */
export const union = (ranges: SeqRanges, incoming: SeqRanges): SeqRanges => {
  const merged: [number, number][] = []
  let left = 0
  let right = 0
  while (left < ranges.length || right < incoming.length) {
    const a = ranges[left]
    const b = incoming[right]
    const next = b === undefined || (a !== undefined && a[0] <= b[0]) ? a : b
    if (next === undefined) break
    if (next === a) left += 1
    else right += 1
    const last = merged.at(-1)
    if (last !== undefined && next[0] <= last[1] + 1) last[1] = Math.max(last[1], next[1])
    else merged.push([next[0], next[1]])
  }
  return merged
}

/** `ranges` without the numbers of `gone`. */
export const minus = (ranges: SeqRanges, gone: SeqRanges): SeqRanges => {
  const left: [number, number][] = []
  let place = 0
  for (const [first, last] of ranges) {
    let from = first
    while (place < gone.length && (gone[place]?.[1] ?? 0) < first) place += 1
    for (let at = place; from <= last; at += 1) {
      const hole = gone[at]
      if (hole === undefined || hole[0] > last) {
        left.push([from, last])
        break
      }
      if (hole[0] > from) left.push([from, hole[0] - 1])
      from = hole[1] + 1
    }
  }
  return left
}

/** What of `ranges` lies within first and last; nothing when they are the wrong way round. */
export const within = (ranges: SeqRanges, first: number, last: number): SeqRanges =>
  ranges.flatMap(([from, to]): SeqRange[] =>
    first > last || to < first || from > last ? [] : [[Math.max(from, first), Math.min(to, last)]],
  )

export const sizeOf = (ranges: SeqRanges): number => ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0)

/** What to take out of and put into a store that holds `before` so that it holds `after`. Ranges are keyed by their first number. */
export const rangeChanges = (
  before: SeqRanges,
  after: SeqRanges,
): { readonly gone: readonly number[]; readonly put: readonly SeqRange[] } => {
  const old = new Map(before.map(([first, last]) => [first, last]))
  const kept = new Set(after.map(([first]) => first))
  return {
    gone: before.filter(([first]) => !kept.has(first)).map(([first]) => first),
    put: after.filter(([first, last]) => old.get(first) !== last),
  }
}
