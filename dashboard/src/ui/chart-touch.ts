import type uPlot from 'uplot'
import type { ChartModel } from './state/chart-model.ts'

/** Before a finger has moved this far sideways, px, nothing is meant by it. */
const deadPx = 8

/** One finger moves through time, two look closer or wider; up and down stays the page's (`touch-action: pan-y`). */
export const touchPlugin = (chart: ChartModel): uPlot.Plugin => ({
  hooks: {
    ready: [(plot) => follow(plot, chart)],
  },
})

const follow = (plot: uPlot, chart: ChartModel): void => {
  const { over } = plot
  const fingers = new Map<number, number>()
  let moved = false
  const msPerPx = (): number => {
    const span = chart.span.peek()
    return span === null || over.clientWidth === 0 ? 0 : (span.to - span.from) / over.clientWidth
  }
  const spread = (): number => {
    const [a, b] = [...fingers.values()]
    return a === undefined || b === undefined ? 0 : Math.abs(a - b)
  }
  over.style.touchAction = 'pan-y'
  over.addEventListener('pointerdown', (event) => {
    if (event.pointerType !== 'touch') return
    fingers.set(event.pointerId, event.clientX)
    moved = false
  })
  over.addEventListener('pointermove', (event) => {
    const before = fingers.get(event.pointerId)
    if (before === undefined) return
    const by = event.clientX - before
    if (!moved && fingers.size === 1 && Math.abs(by) < deadPx) return
    moved = true
    const width = spread()
    fingers.set(event.pointerId, event.clientX)
    if (fingers.size === 1) chart.moveBy(-by * msPerPx())
    else if (width > 0 && spread() > 0) {
      const middle = [...fingers.values()].reduce((sum, x) => sum + x, 0) / fingers.size
      const at = plot.posToVal(middle - over.getBoundingClientRect().left, 'x') * 1000
      chart.zoomBy(width / spread(), at)
    }
  })
  for (const type of ['pointerup', 'pointercancel'] as const)
    over.addEventListener(type, (event) => void fingers.delete(event.pointerId))
}
