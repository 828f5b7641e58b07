import type { JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { PumpEventView } from '#domain/live/pump-about.ts'
import { chartWords } from '#dashboard/core/chart-words.ts'
import { marksIn } from '#dashboard/core/chart-marks.ts'
import type { ChartMark } from '#dashboard/core/chart-marks.ts'
import type { ChartData } from '#dashboard/core/chart-series.ts'
import { eventText } from './pump-event-text.ts'
import { useApp } from './state/app-state.ts'

interface MarksProps {
  readonly data: ChartData
  readonly events: readonly PumpEventView[]
}

/** Ticks for program changes, diamonds for boluses, on the lanes' time axis. */
export const ChartMarks = ({ data, events }: MarksProps): JSX.Element => {
  const words = useApp().wordsWith(chartWords)
  const marks = marksIn(events, data)
  return (
    <ul class="marks" aria-label={words.chart.marks}>
      {marks.map((mark) => (
        <Mark key={`${mark.kind} ${mark.at}`} mark={mark} data={data} />
      ))}
    </ul>
  )
}

const Mark = ({ mark, data }: { readonly mark: ChartMark; readonly data: ChartData }): JSX.Element => {
  const app = useApp()
  const item = useRef<HTMLLIElement>(null)
  const share = (mark.at - data.from) / (data.to - data.from)
  useLayoutEffect(() => {
    item.current?.style.setProperty('inset-inline-start', `${share * 100}%`)
  }, [share])
  const text = mark.events
    .map((event) => `${app.formats.value.moment(event.at, data.to)} ${eventText(app, event)}`)
    .join(', ')
  return (
    <li ref={item} class={`mark ${mark.kind}`} title={text} data-testid="chart-mark" data-kind={mark.kind}>
      <span class="sr">{text}</span>
    </li>
  )
}
