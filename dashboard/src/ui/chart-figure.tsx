import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import type { AlarmView } from '#domain/live/views.ts'
import { chartWords } from '#dashboard/core/chart-words.ts'
import { neighbourAlarm, readingAt } from '#dashboard/core/chart-cursor.ts'
import type { ChartData } from '#dashboard/core/chart-series.ts'
import { nbsp } from '#dashboard/core/format.ts'
import { staleAfterMs } from '#dashboard/core/freshness.ts'
import { lanes } from './chart-lanes.ts'
import type { LanesProps } from './chart-lanes.ts'
import { ChartMarks } from './chart-marks.tsx'
import { ChartRibbon } from './chart-ribbon.tsx'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'
import type { ChartModel } from './state/chart-model.ts'
import type { ChannelModel } from './state/pump-model.ts'
import type { PumpPageModel } from './state/pump-page-model.ts'

interface FigureProps {
  readonly chart: ChartModel
  readonly data: ChartData
  readonly alarms: readonly AlarmView[]
  readonly page: PumpPageModel
  readonly pump: ChannelModel
}

/** The cursor may rest this long before its value is spoken, ms. */
const speakAfterMs = 250
const bigStep = 10
const zoomIn = 0.5

/** Ribbon, marks and lanes as one picture: it takes the focus, is summed up in words, and is read by arrow keys. */
export const ChartFigure = ({ chart, data, alarms, page, pump }: FigureProps): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(chartWords)
  const summaryId = useId()
  const spoken = useSignal('')
  const readout = readoutOf(app, chart.cursor.value, data, pump)
  useEffect(() => {
    if (readout === null) return
    const timer = setTimeout(() => (spoken.value = readout), speakAfterMs)
    return () => clearTimeout(timer)
  }, [readout, spoken])

  const starts = (): readonly number[] => {
    const open = app.live.order.peek().filter((alarm) => alarm.pumpId === pump.id)
    return [...new Set([...alarms, ...(page.closed.peek() ?? []), ...open].map((alarm) => alarm.startedAt))]
  }
  const jump = (direction: 'previous' | 'next'): void => {
    const at = neighbourAlarm(starts(), chart.cursor.peek() ?? data.to, direction)
    if (at === null) spoken.value = direction === 'previous' ? words.chart.noEarlierAlarm : words.chart.noLaterAlarm
    else chart.goTo(at)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const does = actOf(event, chart, jump)
    if (does === null) return
    event.preventDefault()
    event.stopPropagation()
    does()
  }
  return (
    <figure
      class="chart-figure"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the arrow keys read it
      tabIndex={0}
      aria-label={words.chart.figure}
      aria-describedby={summaryId}
      data-testid="chart-figure"
      onKeyDown={onKeyDown}
    >
      <p class="sr" id={summaryId}>
        {summaryOf(app, data)} {words.chart.keys}
      </p>
      <p class="chart-readout" data-testid="chart-readout" aria-hidden="true">
        {readout ?? words.chart.readoutHint}
      </p>
      <p class="sr" aria-live="polite" data-testid="chart-spoken">
        {spoken.value}
      </p>
      <ChartRibbon data={data} pump={pump} alarms={alarms} />
      <ChartMarks data={data} events={page.about.value?.events ?? []} />
      <LazyLanes chart={chart} data={data} pump={pump} />
    </figure>
  )
}

const actOf = (
  event: KeyboardEvent,
  chart: ChartModel,
  jump: (direction: 'previous' | 'next') => void,
): (() => void) | null => {
  const steps = event.shiftKey ? bigStep : 1
  switch (event.key) {
    case 'ArrowLeft':
      return () => chart.step(-steps)
    case 'ArrowRight':
      return () => chart.step(steps)
    case 'Home':
      return () => chart.step(Number.NEGATIVE_INFINITY)
    case 'End':
      return () => chart.step(Number.POSITIVE_INFINITY)
    case '+':
    case '=':
      return () => chart.zoomBy(zoomIn)
    case '-':
      return () => chart.zoomBy(1 / zoomIn)
    case '0':
      return () => chart.backToLive()
    case 't':
    case 'T':
      return () => (chart.asTable.value = true)
    case '[':
      return () => jump('previous')
    case ']':
      return () => jump('next')
    case 'Escape':
      return chart.cursor.peek() === null ? null : () => (chart.cursor.value = null)
    default:
      return null
  }
}

/** The moment of the cursor and its values; null: there is no cursor. */
const readoutOf = (app: AppState, at: number | null, data: ChartData, pump: ChannelModel): string | null => {
  const { formats } = app
  const words = app.wordsWith(chartWords)
  if (at === null) return null
  const tolerance = Math.max(staleAfterMs(pump.identity.value.statusIntervalMs), (data.to - data.from) / 1200)
  const reading = readingAt(data.readings, at, tolerance)
  const now = app.live.now.value ?? data.to
  if (reading === null) return words.chart.readoutGap(formats.value.momentSeconds(at, now))
  const values = lanes.map((lane) => {
    const spread = reading.values[lane.field]
    const value =
      spread === undefined ? words.notReported : `${lane.shown(formats.value, spread.last)}${nbsp}${lane.unit}`
    const range =
      spread === undefined || spread.low === spread.high
        ? ''
        : ` (${lane.shown(formats.value, spread.low)} – ${lane.shown(formats.value, spread.high)})`
    return `${lane.name(words)} ${value}${range}`
  })
  return [formats.value.momentSeconds(reading.at, now), ...values].join(', ')
}

const summaryOf = (app: AppState, data: ChartData): string => {
  const { formats } = app
  const words = app.wordsWith(chartWords)
  return lanes
    .map((lane) => {
      const spreads = data.readings.flatMap((reading) => reading.values[lane.field] ?? [])
      const number = (value: number | undefined): string =>
        value === undefined ? '–' : lane.shown(formats.value, value)
      const [low, high] =
        spreads.length === 0
          ? []
          : [Math.min(...spreads.map((one) => one.low)), Math.max(...spreads.map((one) => one.high))]
      return words.chart.summary(
        lane.name(words),
        number(low),
        number(high),
        number(spreads.at(-1)?.last),
        lane.unit,
        data.gaps.length,
      )
    })
    .join(' ')
}

/** The chart library is fetched when the first chart is shown, and not before. */
const LazyLanes = (props: LanesProps): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(chartWords)
  const loaded = useSignal<((props: LanesProps) => JSX.Element) | null>(null)
  const failed = useSignal(false)
  const asked = useRef(false)
  useEffect(() => {
    if (asked.current) return
    asked.current = true
    import('./chart-lanes-view.tsx').then(
      (module) => (loaded.value = module.ChartLanes),
      () => {
        failed.value = true
        app.update.partMissing.value = true
      },
    )
  }, [app, loaded, failed])
  if (failed.value) return <p class="notice">{words.chart.unavailable}</p>
  const Lanes = loaded.value
  return Lanes === null ? <p class="hint chart-space">{words.chart.loading}</p> : <Lanes {...props} />
}
