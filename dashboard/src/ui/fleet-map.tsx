import { useComputed, useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { PumpId } from '#domain/ids.ts'
import { mapWords } from '#dashboard/core/map-words.ts'
import { cell } from '#dashboard/core/fleet-cells.ts'
import { changedCells } from '#dashboard/core/fleet-changes.ts'
import { cellAfter, cellAt, fleetLayout, nearest } from '#dashboard/core/fleet-layout.ts'
import type { FleetLayout } from '#dashboard/core/fleet-layout.ts'
import { drawFleet, fleetInk, redrawCells } from './fleet-draw.ts'
import type { Drawing, FleetInk } from './fleet-draw.ts'
import { FleetLegend } from './fleet-legend.tsx'
import { FleetName } from './fleet-name.tsx'
import { useApp } from './state/app-state.ts'

/** Room around the cells: a High is drawn larger than its cell. */
const margin = 6
/** A pointer this near to an alarm's cell means the alarm. */
const nearPx = 9

/** True: the canvas has another size now, and is empty. */
const sized = (canvas: HTMLCanvasElement, { width, height }: FleetLayout): boolean => {
  const scale = devicePixelRatio
  const wide = Math.round((width + 2 * margin) * scale)
  const high = Math.round((height + 2 * margin) * scale)
  if (canvas.width === wide && canvas.height === high) return false
  canvas.width = wide
  canvas.height = high
  canvas.style.inlineSize = `${wide / scale}px`
  canvas.style.blockSize = `${high / scale}px`
  return true
}

interface FleetMapProps {
  /** A cell was pressed: show this pump alone. */
  readonly choose: (pumpId: PumpId) => void
}

/** Every pump of the site as one cell of a canvas: 5,000 elements would cost four fifths of the main thread. */
export const FleetMap = ({ choose }: FleetMapProps): JSX.Element => {
  const app = useApp()
  const { live } = app
  const words = app.wordsWith(mapWords)
  const canvas = useRef<HTMLCanvasElement>(null)
  const box = useRef<HTMLDivElement>(null)
  const width = useSignal(0)
  const named = useSignal<number | null>(null)
  const layout = useComputed(() => fleetLayout(live.fleet.value.ids.length, Math.max(40, width.value - 2 * margin)))

  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    const watch = new ResizeObserver(() => (width.value = element.clientWidth))
    watch.observe(element)
    width.value = element.clientWidth
    return () => watch.disconnect()
  }, [width])

  useEffect(() => {
    let frame = 0
    const draw = (): void => {
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(() => paint(canvas.current, layout.peek()))
    }
    /** What the canvas shows now. */
    let shown: Omit<Drawing, 'context'> | null = null
    // Asking for the colours computes the style of the page.
    let ink: FleetInk | null = null
    const inkAnew = (): void => {
      ink = null
      draw()
    }
    const forced = matchMedia('(forced-colors: active)')
    forced.addEventListener('change', inkAnew)
    const paint = (element: HTMLCanvasElement | null, shape: FleetLayout): void => {
      const context = element?.getContext('2d')
      if (element == null || context == null) return
      ink ??= fleetInk()
      const next = {
        layout: shape,
        cells: live.fleet.peek().cells,
        ink,
        named: named.peek(),
        frozen: live.frozen.peek(),
      }
      const changed = sized(element, shape) ? null : changedCells(shown, next)
      shown = next
      if (changed === null) {
        const scale = devicePixelRatio
        context.setTransform(scale, 0, 0, scale, margin * scale, margin * scale)
        context.clearRect(-margin, -margin, element.width, element.height)
        drawFleet({ context, ...next })
      } else redrawCells({ context, ...next }, changed)
    }
    const stops = [live.fleet, layout, named, live.frozen].map((source) => source.subscribe(draw))
    stops.push(app.theme.subscribe(inkAnew))
    return () => {
      for (const end of stops) end()
      forced.removeEventListener('change', inkAnew)
      cancelAnimationFrame(frame)
    }
  }, [app, live, layout, named])

  const at = (event: MouseEvent): number | null => {
    const { cells } = live.fleet.peek()
    const bounds = canvas.current?.getBoundingClientRect()
    if (bounds === undefined) return null
    const zoom = bounds.width / (canvas.current?.offsetWidth ?? bounds.width)
    const x = (event.clientX - bounds.left) / zoom - margin
    const y = (event.clientY - bounds.top) / zoom - margin
    const urgent = [...cells.keys()].filter((index) => ((cells[index] ?? 0) & cell.priority) > 0)
    return nearest(layout.peek(), urgent, x, y, nearPx) ?? cellAt(layout.peek(), cells.length, x, y)
  }
  const press = (index: number | null): void => {
    const id = index === null ? undefined : live.fleet.peek().ids[index]
    if (id !== undefined) choose(id)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const { ids } = live.fleet.peek()
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      return press(named.peek())
    }
    const next = cellAfter(layout.peek(), ids.length, named.peek() ?? -1, event.key)
    if (next === null) return
    event.preventDefault()
    named.value = Math.max(0, next)
  }

  return (
    <div class="fleet" ref={box}>
      <canvas
        ref={canvas}
        data-testid="fleet-map"
        tabIndex={0}
        role="application"
        aria-label={words.map.label}
        aria-describedby="fleet-name"
        onKeyDown={onKeyDown}
        onFocus={() => (named.value ??= 0)}
        onBlur={() => (named.value = null)}
        onPointerMove={(event) => (named.value = at(event))}
        onPointerLeave={() => (named.value = null)}
        onClick={(event) => press(at(event))}
      />
      <FleetName named={named} />
      <FleetLegend />
    </div>
  )
}
