import { cell } from '#dashboard/core/fleet-cells.ts'
import { cellsAround, centreOf } from '#dashboard/core/fleet-layout.ts'
import type { FleetLayout } from '#dashboard/core/fleet-layout.ts'

/** Colours of the theme that is shown. */
export interface FleetInk {
  readonly quiet: string
  readonly hatch: string
  readonly text: string
  readonly surface: string
  readonly focus: string
  readonly fill: readonly string[]
  readonly edge: readonly string[]
}

const token = (style: CSSStyleDeclaration, name: string): string => style.getPropertyValue(name).trim()

export const fleetInk = (): FleetInk => {
  const style = getComputedStyle(document.documentElement)
  return {
    quiet: token(style, '--cell'),
    hatch: token(style, '--hatch'),
    text: token(style, '--text'),
    surface: token(style, '--surface'),
    focus: token(style, '--focus'),
    fill: ['', token(style, '--lo'), token(style, '--md'), token(style, '--hi')],
    edge: ['', token(style, '--lo-edge'), token(style, '--md-edge'), token(style, '--hi-edge')],
  }
}

export interface Drawing {
  readonly context: CanvasRenderingContext2D
  readonly layout: FleetLayout
  readonly cells: Uint8Array
  readonly ink: FleetInk
  /** The cell that is named, and those the queue shows alone. */
  readonly named: number | null
  readonly frozen: boolean
}

/** The whole map. */
export const drawFleet = (drawing: Drawing): void => {
  const { context, layout, cells, named } = drawing
  context.clearRect(0, 0, layout.width + 8, layout.height + 8)
  drawCells(drawing, [...cells.keys()])
  if (named !== null) ring(drawing, named)
}

/** So far a cell's drawing reaches from its centre, px. */
const reach = 12

/** Only what stands where these cells do: a few alarms do not draw 5,000 cells again. */
export const redrawCells = (drawing: Drawing, changed: readonly number[]): void => {
  const { context, layout, cells, named } = drawing
  for (const index of changed) {
    const box = onPixels(context, centreOf(layout, index))
    context.save()
    context.beginPath()
    context.rect(...box)
    context.clip()
    context.clearRect(...box)
    drawCells(drawing, cellsAround(layout, cells.length, index, 2 * reach))
    if (named !== null) ring(drawing, named)
    context.restore()
  }
}

/** A box around a cell, with its edges between the screen's own pixels: no seam is seen afterwards. */
const onPixels = (
  context: CanvasRenderingContext2D,
  { x, y }: { readonly x: number; readonly y: number },
): [x: number, y: number, width: number, height: number] => {
  const { a: scale, e, f } = context.getTransform()
  const snapped = (value: number, shift: number): number => (Math.round(value * scale + shift) - shift) / scale
  const [left, top] = [snapped(x - reach, e), snapped(y - reach, f)]
  return [left, top, snapped(x + reach, e) - left, snapped(y + reach, f) - top]
}

/** Quiet cells first, then unknown ones, then alarms from Low to High, so that the urgent lie on top. */
const drawCells = (drawing: Drawing, indexes: readonly number[]): void => {
  const { context, layout, cells, ink, frozen } = drawing
  const alarms: number[][] = [[], [], [], []]
  context.fillStyle = ink.quiet
  const dash = Math.max(2.5, layout.pitchX * 0.56)
  const thick = layout.pitchX > 12 ? 2 : 1.25
  for (const index of indexes) {
    const bits = cells[index] ?? 0
    const priority = bits & cell.priority
    if (priority > 0) alarms[priority]?.push(index)
    else if (!frozen && (bits & (cell.stale | cell.never)) === 0) {
      const { x, y } = centreOf(layout, index)
      context.fillRect(x - dash / 2, y - thick / 2, dash, thick)
    }
  }
  drawUnknown(drawing, indexes)
  for (const priority of [1, 2, 3]) for (const index of alarms[priority] ?? []) drawAlarm(drawing, index, priority)
}

/** A box with a diagonal: unknown is a pattern, never a colour. Nothing ever heard: an empty box. */
const drawUnknown = ({ context, layout, cells, ink, frozen }: Drawing, indexes: readonly number[]): void => {
  const half = Math.min(6, Math.max(2, layout.pitchX * 0.36))
  context.strokeStyle = ink.text
  context.globalAlpha = 0.72
  context.lineWidth = 1
  context.beginPath()
  for (const index of indexes) {
    const bits = cells[index] ?? 0
    const unknown = frozen || (bits & (cell.stale | cell.never)) !== 0
    if (!unknown || (bits & cell.priority) > 0) continue
    const { x, y } = centreOf(layout, index)
    context.rect(x - half, y - half, 2 * half, 2 * half)
    if ((bits & cell.never) === 0) {
      context.moveTo(x - half, y + half)
      context.lineTo(x + half, y - half)
    }
  }
  context.stroke()
  context.globalAlpha = 1
}

const sizes = [0, 0.62, 0.68, 0.78] as const
const smallest = [0, 3.6, 4.2, 4.6] as const

const drawAlarm = ({ context, layout, cells, ink }: Drawing, index: number, priority: number): void => {
  const bits = cells[index] ?? 0
  const { x, y } = centreOf(layout, index)
  const half = Math.min(9, Math.max(smallest[priority] ?? 4, layout.pitchX * (sizes[priority] ?? 0.6)))
  shape(context, priority, x, y, half)
  context.fillStyle = (bits & cell.quietened) === 0 ? (ink.fill[priority] ?? '') : ink.surface
  context.strokeStyle = ink.edge[priority] ?? ''
  context.lineWidth = (bits & cell.quietened) === 0 ? 1 : 1.75
  context.fill()
  context.stroke()
  if ((bits & (cell.unverified | cell.stale | cell.never)) === 0) return
  context.strokeStyle = ink.text
  context.lineWidth = 1
  context.beginPath()
  context.moveTo(x - half, y + half)
  context.lineTo(x + half, y - half)
  context.stroke()
}

/** High a square, Medium a triangle, Low a circle: the queue's own shapes. */
const shape = (context: CanvasRenderingContext2D, priority: number, x: number, y: number, half: number): void => {
  context.beginPath()
  if (priority === 3) context.rect(x - half, y - half, 2 * half, 2 * half)
  else if (priority === 1) context.arc(x, y, half, 0, 2 * Math.PI)
  else {
    context.moveTo(x, y - half)
    context.lineTo(x + half * 1.1, y + half * 0.85)
    context.lineTo(x - half * 1.1, y + half * 0.85)
    context.closePath()
  }
}

const ring = ({ context, layout, ink }: Drawing, index: number): void => {
  const { x, y } = centreOf(layout, index)
  const half = Math.max(7, layout.pitchX * 0.9)
  context.strokeStyle = ink.surface
  context.lineWidth = 5
  context.strokeRect(x - half, y - half, 2 * half, 2 * half)
  context.strokeStyle = ink.focus
  context.lineWidth = 2.5
  context.strokeRect(x - half, y - half, 2 * half, 2 * half)
}
