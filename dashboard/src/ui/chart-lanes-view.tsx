import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { ChartData, Lane } from '#dashboard/core/chart-series.ts'
import type { Formats } from '#dashboard/core/format.ts'
import { lanes } from './chart-lanes.ts'
import type { LaneSpec, LanesProps } from './chart-lanes.ts'
import { useApp } from './state/app-state.ts'

const laneHeight = 104
const lastLaneHeight = 128
const axisWidth = 48
const emptyLane: Lane = { x: [], y: [] }

/** Lanes on one time axis with a common cursor. Gaps are hatched; no line crosses one. */
export const ChartLanes = ({ data }: LanesProps): JSX.Element => (
  <div class="lanes">
    {lanes.map((lane, index) => (
      <LaneView key={lane.field} spec={lane} data={data} last={index === lanes.length - 1} />
    ))}
  </div>
)

interface LaneViewProps {
  readonly spec: LaneSpec
  readonly data: ChartData
  readonly last: boolean
}

const LaneView = ({ spec, data, last }: LaneViewProps): JSX.Element => {
  const app = useApp()
  const { words, formats } = app
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const shown = useRef(data)
  const theme = app.theme.value
  const lane = data.lanes[spec.field] ?? emptyLane
  const values = lane.y.filter((value) => value !== null)
  const number = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(spec.decimals))
  const name = spec.name(words)
  const summary = words.chart.summary(
    name,
    number(values.length === 0 ? undefined : Math.min(...values)),
    number(values.length === 0 ? undefined : Math.max(...values)),
    number(values.at(-1)),
    spec.unit,
    data.gaps.length,
  )
  shown.current = data

  useLayoutEffect(() => {
    const element = host.current
    if (element === null) return
    const created = new uPlot(
      optionsOf(spec, last, element, () => shown.current, formats.value),
      dataOf(spec, shown.current),
      element,
    )
    plot.current = created
    const resize = new ResizeObserver(() =>
      created.setSize({ width: element.clientWidth, height: last ? lastLaneHeight : laneHeight }),
    )
    resize.observe(element)
    return () => {
      resize.disconnect()
      created.destroy()
      plot.current = null
    }
  }, [spec, last, theme, formats.value])

  useEffect(() => plot.current?.setData(dataOf(spec, data)), [spec, data])

  return (
    <figure class="lane" aria-label={summary}>
      <figcaption>
        <b>{name}</b> {spec.unit}
        <span class="lane-now">{number(values.at(-1))}</span>
      </figcaption>
      <div class="lane-plot" ref={host} />
    </figure>
  )
}

const dataOf = (spec: LaneSpec, data: ChartData): uPlot.AlignedData => {
  const lane = data.lanes[spec.field] ?? emptyLane
  return [[...lane.x], [...lane.y]]
}

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

const optionsOf = (
  spec: LaneSpec,
  last: boolean,
  element: HTMLElement,
  data: () => ChartData,
  formats: Formats,
): uPlot.Options => {
  const text = token('--text-3')
  const line = token('--line')
  const ink = token('--text')
  const font = '12px "Atkinson Hyperlegible Next Variable", system-ui, sans-serif'
  const stepped = uPlot.paths.stepped?.({ align: 1 })
  return {
    width: element.clientWidth,
    height: last ? lastLaneHeight : laneHeight,
    padding: [8, 8, last ? 0 : 4, 0],
    legend: { show: false },
    cursor: { sync: { key: 'pump-lanes' }, y: false, drag: { x: false, y: false }, points: { size: 7 } },
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
        points: { show: false },
        spanGaps: false,
        ...(spec.stepped && stepped !== undefined ? { paths: stepped } : {}),
        ...(spec.filled ? { fill: `color-mix(in srgb, ${ink} 8%, transparent)` } : {}),
      },
    ],
    hooks: { drawAxes: [(plot) => hatchGaps(plot, data())] },
  }
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
