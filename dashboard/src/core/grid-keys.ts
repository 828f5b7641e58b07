/** Row −1 is the head. */
export interface GridCell {
  readonly row: number
  readonly column: number
}

export interface GridSize {
  readonly rows: number
  readonly columns: number
  /** Rows that are seen at once. */
  readonly page: number
}

export interface GridKey {
  readonly key: string
  readonly ctrl: boolean
}

/** Where the keys of an ARIA grid lead; null: the key is not the grid's. `rtl`: left and right are exchanged. */
export const gridMove = (at: GridCell, { key, ctrl }: GridKey, size: GridSize, rtl = false): GridCell | null => {
  const to = (row: number, column: number): GridCell => ({
    row: Math.min(Math.max(row, -1), size.rows - 1),
    column: Math.min(Math.max(column, 0), size.columns - 1),
  })
  const { row, column } = at
  switch (key) {
    case 'ArrowDown':
      return to(row + 1, column)
    case 'ArrowUp':
      return to(row - 1, column)
    case 'ArrowRight':
      return to(row, column + (rtl ? -1 : 1))
    case 'ArrowLeft':
      return to(row, column + (rtl ? 1 : -1))
    case 'PageDown':
      return to(row + size.page, column)
    case 'PageUp':
      return to(Math.max(row - size.page, 0), column)
    case 'Home':
      return ctrl ? to(0, 0) : to(row, 0)
    case 'End':
      return ctrl ? to(size.rows - 1, size.columns - 1) : to(row, size.columns - 1)
    default:
      return null
  }
}
