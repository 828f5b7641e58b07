interface Shown {
  readonly layout: { readonly width: number; readonly height: number; readonly pitchX: number }
  readonly cells: Uint8Array
  readonly ink: object
  readonly named: number | null
  readonly frozen: boolean
}

/** More than these and the whole map is drawn at less cost. */
const fewCells = 64

/** Which cells of the map are to be drawn again; null: all of them, because something else changed, too, or too many did. */
export const changedCells = (before: Shown | null, after: Shown): readonly number[] | null => {
  if (before === null || before.cells.length !== after.cells.length) return null
  if (!isSame(before.layout, after.layout) || !isSame(before.ink, after.ink)) return null
  if (before.named !== after.named || before.frozen !== after.frozen) return null
  const changed: number[] = []
  for (const [index, bits] of after.cells.entries()) if (before.cells[index] !== bits) changed.push(index)
  return changed.length > fewCells ? null : changed
}

const isSame = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b)
