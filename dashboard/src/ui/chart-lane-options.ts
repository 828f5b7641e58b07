import uPlot from 'uplot'
import { lonePoints } from '#dashboard/core/chart-series.ts'
import type { ChartData } from '#dashboard/core/chart-series.ts'
import type { Formats } from '#dashboard/core/format.ts'
import type { LaneSpec } from './chart-lanes.ts'
import { touchPlugin } from './chart-touch.ts'
import type { ChartModel } from './state/chart-model.ts'

export const laneHeights = { other: 104, last: 128 } as const
export const axisWidth = 48

export interface LaneOptions {
  readonly spec: LaneSpec
  readonly last: boolean
  readonly width: number
  /** What is drawn now. */
  readonly data: () => ChartData
  readonly formats: Formats
  readonly chart: ChartModel
}

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
const font = '12px "Atkinson Hyperlegible Next Variable", system-ui, sans-serif'
/** A stretch drawn shorter than this, px, was meant as a click. */
const shortestDrag = 6

export const laneOptions = ({ spec, last, width, data, formats, chart }: LaneOptions): uPlot.Options => {
  const text = token('--text-3')
  const line = token('--line')
  const ink = token('--text')
  const stepped = uPlot.paths.stepped?.({ align: 1 })
  return {
    width,
    height: laneHeights[last ? 'last' : 'other'],
    padding: [8, 8, last ? 0 : 4, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { size: 7 },
      drag: { x: true, y: false, setScale: false, dist: shortestDrag },
      bind: {
        dblclick: () => () => {
          chart.backToLive()
          return null
        },
        mouseleave: () => () => {
          chart.cursor.value = null
          return null
        },
      },
    },
    scales: {
      x: { time: true, range: () => [data().from / 1000, data().to / 1000] },
      y: { range: (_, low, high) => [Math.min(0, low ?? 0), niceTop(Math.max(high ?? 0, spec.atLeast))] },
    },
    axes: [
      {
        show: last,
        stroke: text,
        font,
        grid: { show: true, stroke: line, width: 1 },
        ticks: { show: false },
        size: last ? 24 : 0,
        space: 80,
        values: (_, ticks) => ticks.map((tick) => tickText(formats, data(), ticks)(tick * 1000)),
      },
      {
        stroke: text,
        font,
        size: axisWidth,
        gap: 6,
        grid: { stroke: line, width: 1 },
        ticks: { show: false },
        splits: (_, __, ___, max) => [0, max / 2, max],
        values: (_, ticks) => ticks.map((tick) => formats.volume(tick)),
      },
    ],
    series: [
      {},
      {
        stroke: ink,
        width: 2,
        points: {
          show: false,
          size: 4,
          width: 0,
          fill: ink,
          filter: (plot) => lonePoints(Array.from(plot.data[1] ?? [])),
        },
        spanGaps: false,
        ...(spec.stepped && stepped !== undefined ? { paths: stepped } : {}),
        ...(spec.filled ? { fill: `color-mix(in srgb, ${ink} 8%, transparent)` } : {}),
      },
    ],
    plugins: [touchPlugin(chart)],
    hooks: {
      drawAxes: [(plot) => hatchGaps(plot, data())],
      setCursor: [(plot) => tellCursor(plot, chart)],
      setSelect: [(plot) => zoomToSelection(plot, chart)],
    },
  }
}

/** The pointer's moment becomes the chart's, so that the other lanes and the line of values follow. */
const tellCursor = (plot: uPlot, chart: ChartModel): void => {
  const { left } = plot.cursor
  if (left === undefined || left < 0) return
  const at = Math.round(plot.posToVal(left, 'x') * 1000)
  if (at !== chart.cursor.peek()) chart.cursor.value = at
}

const zoomToSelection = (plot: uPlot, chart: ChartModel): void => {
  const { left, width } = plot.select
  if (width < shortestDrag) return
  const at = (position: number): number => Math.round(plot.posToVal(position, 'x') * 1000)
  const span = { from: at(left), to: at(left + width) }
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
  chart.zoomTo(span)
}

const tickText = (formats: Formats, data: ChartData, ticks: readonly number[]): ((ms: number) => string) => {
  const stepSeconds = (ticks[1] ?? 0) - (ticks[0] ?? 0)
  if (ticks.length > 1 && stepSeconds < 60) return formats.timeSeconds
  if (stepSeconds >= 43_200) return formats.day
  return data.to - data.from > 86_400_000 ? (ms) => formats.moment(ms, 0) : formats.time
}

/** 1, 2, 5, 10 … so that the axis' middle is a short number. */
const niceTop = (value: number): number => {
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 4, 5, 10].map((step) => step * power).find((step) => step >= value * 1.04) ?? 10 * power
}

const hatchSpacing = 8

/** Diagonals over every stretch without data, the live end included. */
const hatchGaps = (plot: uPlot, data: ChartData): void => {
  const { ctx, bbox } = plot
  const scale = devicePixelRatio
  ctx.save()
  ctx.beginPath()
  for (const gap of data.gaps) {
    const left = plot.valToPos(gap.from / 1000, 'x', true)
    const right = plot.valToPos(gap.to / 1000, 'x', true)
    const from = Math.max(left, bbox.left)
    ctx.rect(from, bbox.top, Math.max(scale, Math.min(right, bbox.left + bbox.width) - from), bbox.height)
  }
  ctx.clip()
  ctx.clearRect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.strokeStyle = token('--hatch')
  ctx.lineWidth = 1.5 * scale
  ctx.beginPath()
  const step = hatchSpacing * scale
  for (let x = bbox.left - bbox.height; x < bbox.left + bbox.width; x += step) {
    ctx.moveTo(x, bbox.top + bbox.height)
    ctx.lineTo(x + bbox.height, bbox.top)
  }
  ctx.stroke()
  ctx.restore()
}
