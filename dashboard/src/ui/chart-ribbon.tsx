import type { JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { AlarmView } from '#domain/live/views.ts'
import { chartWords } from '#dashboard/core/chart-words.ts'
import type { ChartData } from '#dashboard/core/chart-series.ts'
import type { ChannelModel } from './state/pump-model.ts'
import { useApp } from './state/app-state.ts'

interface RibbonProps {
  readonly data: ChartData
  readonly pump: ChannelModel
  readonly alarms: readonly AlarmView[]
}

/** Alarms of the range on the lanes' time axis. */
export const ChartRibbon = ({ data, pump, alarms }: RibbonProps): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(chartWords)
  const open = app.live.order.value.filter((alarm) => alarm.pumpId === pump.id)
  const known = new Set(open.map((alarm) => alarm.episodeId))
  const all = [...alarms.filter((alarm) => !known.has(alarm.episodeId)), ...open].filter(
    (alarm) => (alarm.endedAt ?? data.to) > data.from && alarm.startedAt < data.to,
  )
  return (
    <ul class="ribbon" aria-label={words.chart.alarms}>
      {all.map((alarm) => (
        <Span key={alarm.episodeId} alarm={alarm} from={data.from} to={data.to} />
      ))}
    </ul>
  )
}

interface SpanProps {
  readonly alarm: AlarmView
  readonly from: number
  readonly to: number
}

const Span = ({ alarm, from, to }: SpanProps): JSX.Element => {
  const app = useApp()
  const { formats } = app
  const words = app.wordsWith(chartWords)
  const item = useRef<HTMLLIElement>(null)
  const start = Math.max(alarm.startedAt, from)
  const end = Math.min(alarm.endedAt ?? to, to)
  useLayoutEffect(() => {
    const percent = (ms: number): string => `${((ms - from) / (to - from)) * 100}%`
    item.current?.style.setProperty('inset-inline-start', percent(start))
    item.current?.style.setProperty('inline-size', `max(6px, ${((end - start) / (to - from)) * 100}%)`)
  }, [start, end, from, to])
  const text = words.chart.alarmSpan(
    words.alarm[alarm.code].name,
    formats.value.moment(alarm.startedAt, to),
    alarm.endedAt === null ? words.chart.now : formats.value.moment(alarm.endedAt, to),
  )
  return (
    <li ref={item} class={`span is-${alarm.priority}`} title={text}>
      <span class="sr">{text}</span>
    </li>
  )
}
