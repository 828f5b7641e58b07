// Which rows of a long list have to be there. Pure.

/** Where each row begins, px, and after the last where the list ends. Rows that nobody has measured are as high as the least. */
export const offsetsOf = (heights: ReadonlyMap<number, number>, least: number, count: number): Float64Array => {
  const offsets = new Float64Array(count + 1)
  let at = 0
  for (let row = 0; row < count; row += 1) {
    at += heights.get(row) ?? least
    offsets[row + 1] = at
  }
  return offsets
}

/** The row at `y` px; before the first it is the first, after the last the last. */
export const rowAt = (offsets: Float64Array, y: number): number => {
  let [low, high] = [0, Math.max(0, offsets.length - 2)]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((offsets[middle] ?? 0) <= y) low = middle
    else high = middle - 1
  }
  return low
}

export interface WindowAsked {
  readonly scrollTop: number
  readonly height: number
  readonly offsets: Float64Array
  /** Kept beside the window, such as the row that has the focus; null: none. */
  readonly kept: number | null
}

/** Rows above and below what is seen, so that a quick scroll shows no hole. */
const overscan = 8

/** In order. */
export const rowsInWindow = ({ scrollTop, height, offsets, kept }: WindowAsked): readonly number[] => {
  const count = offsets.length - 1
  if (count === 0) return []
  const first = Math.max(0, rowAt(offsets, scrollTop) - overscan)
  const last = Math.min(count - 1, rowAt(offsets, scrollTop + height) + overscan)
  const rows: number[] = []
  if (kept !== null && kept >= 0 && kept < first) rows.push(kept)
  for (let row = first; row <= last; row += 1) rows.push(row)
  if (kept !== null && kept > last && kept < count) rows.push(kept)
  return rows
}
