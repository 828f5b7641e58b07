import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { chartWords } from '#dashboard/core/chart-words.ts'
import type { ChartData, Lane } from '#dashboard/core/chart-series.ts'
import { lanes } from './chart-lanes.ts'
import type { LaneSpec, LanesProps } from './chart-lanes.ts'
import { laneHeights, laneOptions } from './chart-lane-options.ts'
import { useApp } from './state/app-state.ts'
import type { ChartModel } from './state/chart-model.ts'
import type { ChannelModel } from './state/pump-model.ts'

const emptyLane: Lane = { x: [], y: [] }

/** Lanes on one time axis with a common cursor. Gaps are hatched; no line crosses one. */
export const ChartLanes = ({ chart, data, pump }: LanesProps): JSX.Element => (
  <div class="lanes">
    {lanes.map((lane, index) => (
      <LaneView key={lane.field} spec={lane} chart={chart} data={data} pump={pump} last={index === lanes.length - 1} />
    ))}
  </div>
)

interface LaneViewProps {
  readonly spec: LaneSpec
  readonly chart: ChartModel
  readonly data: ChartData
  readonly pump: ChannelModel
  readonly last: boolean
}

const LaneView = ({ spec, chart, data, last }: LaneViewProps): JSX.Element => {
  const app = useApp()
  const { formats } = app
  const words = app.wordsWith(chartWords)
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const shown = useRef(data)
  const theme = app.theme.value
  shown.current = data

  useLayoutEffect(() => {
    const element = host.current
    if (element === null) return
    const made = new uPlot(
      laneOptions({ spec, last, width: element.clientWidth, data: () => shown.current, formats: formats.value, chart }),
      dataOf(spec, shown.current),
      element,
    )
    plot.current = made
    const resize = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: laneHeights[last ? 'last' : 'other'] }),
    )
    resize.observe(element)
    return () => {
      resize.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [spec, last, theme, formats.value, chart])

  useEffect(() => plot.current?.setData(dataOf(spec, data)), [spec, data])
  const cursor = chart.cursor.value
  useEffect(() => {
    const drawn = plot.current
    if (drawn === null) return
    const left = cursor === null ? -10 : drawn.valToPos(cursor / 1000, 'x')
    // told to this lane alone: each lane hears of the cursor itself
    drawn.setCursor({ left, top: cursor === null ? -10 : 10 }, false)
  }, [cursor, data])

  const newest = data.readings.findLast((reading) => reading.values[spec.field] !== undefined)
  const value = newest?.values[spec.field]?.last
  return (
    <div class="lane" data-lane={spec.field}>
      <p class="lane-head">
        <b>{spec.name(words)}</b> {spec.unit}
        <span class="lane-now">
          {newest === undefined || value === undefined
            ? words.notReported
            : words.chart.lastAt(
                spec.shown(formats.value, value),
                formats.value.moment(newest.at, app.live.now.value ?? data.to),
              )}
        </span>
      </p>
      <div class="lane-plot" ref={host} />
    </div>
  )
}

const dataOf = (spec: LaneSpec, data: ChartData): uPlot.AlignedData => {
  const lane = data.lanes[spec.field] ?? emptyLane
  return [[...lane.x], [...lane.y]]
}
