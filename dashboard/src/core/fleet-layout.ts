/** Where each cell of the fleet map stands, CSS px. */
export interface FleetLayout {
  readonly columns: number
  readonly rows: number
  readonly pitchX: number
  readonly pitchY: number
  readonly width: number
  readonly height: number
}

const widest = 22
const narrowest = 5
/** Rows stand a little apart, so that the quiet strokes read as lines of a printed timetable. */
const rowShare = 1.12

/** As few columns as keep the map no taller than it is wide; few pumps get larger cells, not more room between them. */
export const fleetLayout = (count: number, width: number): FleetLayout => {
  const wanted = Math.sqrt(Math.max(count, 1) * rowShare)
  const pitchX = Math.min(widest, Math.max(narrowest, width / Math.ceil(wanted)))
  const columns = Math.max(1, Math.floor(width / pitchX))
  const rows = Math.max(1, Math.ceil(count / columns))
  const pitchY = pitchX * rowShare
  return { columns, rows, pitchX, pitchY, width: Math.min(width, columns * pitchX), height: Math.ceil(rows * pitchY) }
}

/** Which cell lies at a point; null: none. */
export const cellAt = (layout: FleetLayout, count: number, x: number, y: number): number | null => {
  const column = Math.floor(x / layout.pitchX)
  const row = Math.floor(y / layout.pitchY)
  if (column < 0 || column >= layout.columns || row < 0) return null
  const index = row * layout.columns + column
  return index < count ? index : null
}

/** A high one is drawn larger than its cell, so a press beside it means it: the nearest wanted cell within this many px. */
export const nearest = (
  layout: FleetLayout,
  candidates: readonly number[],
  x: number,
  y: number,
  withinPx: number,
): number | null => {
  let best: number | null = null
  let least = withinPx ** 2
  for (const index of candidates) {
    const { x: cx, y: cy } = centreOf(layout, index)
    const distance = (cx - x) ** 2 + (cy - y) ** 2
    if (distance > least) continue
    best = index
    least = distance
  }
  return best
}

export const centreOf = (layout: FleetLayout, index: number): { readonly x: number; readonly y: number } => ({
  x: ((index % layout.columns) + 0.5) * layout.pitchX,
  y: (Math.floor(index / layout.columns) + 0.5) * layout.pitchY,
})

/** All cells whose centre is no further than `within` px from the centre of this one, across and down; in their order. */
export const cellsAround = (layout: FleetLayout, count: number, index: number, within: number): readonly number[] => {
  const [column, row] = [index % layout.columns, Math.floor(index / layout.columns)]
  const [across, down] = [Math.floor(within / layout.pitchX), Math.floor(within / layout.pitchY)]
  const around: number[] = []
  for (let y = Math.max(0, row - down); y <= row + down; y++)
    for (let x = Math.max(0, column - across); x <= Math.min(layout.columns - 1, column + across); x++)
      if (y * layout.columns + x < count) around.push(y * layout.columns + x)
  return around
}

/** The cell an arrow key goes to; it stays on the map. `null` key: not one of the map's. */
export const cellAfter = (layout: FleetLayout, count: number, from: number, key: string): number | null => {
  const step = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -layout.columns,
    ArrowDown: layout.columns,
    Home: -count,
    End: count,
  }[key]
  if (step === undefined || count === 0) return null
  const to = from + step
  if (key === 'Home' || key === 'End') return to < 0 ? 0 : count - 1
  return to < 0 || to >= count ? from : to
}
