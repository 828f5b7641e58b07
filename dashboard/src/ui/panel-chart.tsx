import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { AlarmView } from '#domain/live/views.ts'
import { panelWords } from '#dashboard/core/panel-words.ts'
import { chartData } from '#dashboard/core/chart-series.ts'
import type { ChartData, Lane } from '#dashboard/core/chart-series.ts'
import { channelOf } from './alarm-place.ts'
import { drawSpark } from './panel-spark.ts'
import { useApp } from './state/app-state.ts'

const hourMs = 3_600_000
const maxPoints = 200
const fields = ['rateMlPerHour', 'linePressureMmHg'] as const

/** The last hour before and after the alarm began, small: rate and line pressure, gaps hatched. The pump's page has the chart. */
export const PanelChart = ({ alarm }: { readonly alarm: AlarmView }): JSX.Element => {
  const app = useApp()
  const { live } = app
  const words = app.wordsWith(panelWords)
  const shown = useSignal<ChartData | 'failed' | null>(null)
  const pumpId = alarm.pumpId
  useEffect(() => {
    const to = live.serverNow(performance.now())
    if (pumpId === null || to === null) return
    let current = true
    const channel = channelOf(app, alarm)
    const several = (app.live.pump(pumpId)?.channels.length ?? 1) > 1
    const ask = async (): Promise<void> => {
      const answer = await app.link.request<'history'>({
        what: 'history',
        pumpId,
        channel: several ? alarm.channelId : null,
        from: to - hourMs,
        to,
        maxPoints,
      })
      if (!current) return
      const interval = channel?.identity.peek().statusIntervalMs ?? 10_000
      shown.value = answer.ok ? chartData(answer.body, [], interval, fields) : 'failed'
    }
    void ask()
    return () => {
      current = false
    }
  }, [app, live, pumpId, alarm.episodeId, shown])
  const data = shown.value
  return (
    <section aria-label={words.panel.chart}>
      <h3>{words.panel.chart}</h3>
      {data === 'failed' ? (
        <p class="hint">{words.panel.chartFailed}</p>
      ) : (
        <div class="sparks" aria-busy={data === null}>
          <Spark name={words.panel.chartRate} data={data} field="rateMlPerHour" startedAt={alarm.startedAt} />
          <Spark name={words.panel.chartPressure} data={data} field="linePressureMmHg" startedAt={alarm.startedAt} />
        </div>
      )}
    </section>
  )
}

interface SparkProps {
  readonly name: string
  readonly data: ChartData | null
  readonly field: (typeof fields)[number]
  readonly startedAt: number
}

const Spark = ({ name, data, field, startedAt }: SparkProps): JSX.Element => {
  const app = useApp()
  const { formats } = app
  const words = app.wordsWith(panelWords)
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = app.theme.value
  const lane: Lane = data?.lanes[field] ?? { x: [], y: [] }
  const values = lane.y.filter((value) => value !== null)
  const told = (value: number | undefined): string => (value === undefined ? '–' : formats.value.volume(value))
  useEffect(() => {
    if (canvas.current !== null && data !== null)
      drawSpark(canvas.current, { data, lane, startedAt, isStepped: field === 'rateMlPerHour' })
  }, [data, lane, theme, startedAt, field])
  return (
    <figure class="spark">
      <figcaption>
        <span>{name}</span>
        <b>{told(values.at(-1))}</b>
      </figcaption>
      <canvas
        ref={canvas}
        role="img"
        aria-label={
          data === null
            ? words.panel.chartLoading
            : words.panel.chartSummary(
                name,
                told(values.length === 0 ? undefined : Math.min(...values)),
                told(values.length === 0 ? undefined : Math.max(...values)),
                told(values.at(-1)),
              )
        }
      />
    </figure>
  )
}
