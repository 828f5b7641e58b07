export interface WindowAsked {
  readonly scrollTop: number
  readonly height: number
  readonly rowHeight: number
  readonly count: number
  /** Kept beside the window, such as the row that has the focus; null: none. */
  readonly kept: number | null
}

/** Rows above and below what is seen, so that a quick scroll shows no hole. */
const overscan = 8

/** Which rows of a list of equal heights have to be there, in order. */
export const rowsInWindow = ({ scrollTop, height, rowHeight, count, kept }: WindowAsked): readonly number[] => {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - overscan)
  const last = Math.min(count - 1, Math.ceil((scrollTop + height) / rowHeight) + overscan)
  const rows: number[] = []
  if (kept !== null && kept >= 0 && kept < Math.min(first, count)) rows.push(kept)
  for (let row = first; row <= last; row += 1) rows.push(row)
  if (kept !== null && kept > last && kept < count) rows.push(kept)
  return rows
}

/** Where to scroll so that the row is wholly seen; null: it is. */
export const scrollTo = (
  row: number,
  { scrollTop, height, rowHeight }: Pick<WindowAsked, 'scrollTop' | 'height' | 'rowHeight'>,
): number | null => {
  const top = row * rowHeight
  if (top < scrollTop) return top
  return top + rowHeight > scrollTop + height ? top + rowHeight - height : null
}
