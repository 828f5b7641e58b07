import { useSignal } from '@preact/signals'
import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { AlarmBurden, AlarmLoad, Analytics } from '#domain/live/analytics.ts'
import { historyWords } from '#dashboard/core/history-words.ts'
import { age } from '#dashboard/core/format.ts'
import { filterOfGroup } from '#dashboard/core/history-query.ts'
import type { HistoryQuery } from '#dashboard/core/history-query.ts'
import {
  logScale,
  rateLines,
  rateOf,
  rateTop,
  recommendedMix,
  rootScale,
  stacked,
} from '#dashboard/core/history-scales.ts'
import { groupName, percent } from './history-format.ts'
import { episodesHref } from './history-link.ts'
import { useApp } from './state/app-state.ts'

// Grey drawings of a few lines: colour belongs to alarms that go on.

interface ChartProps {
  readonly title: string
  readonly note: string
  readonly wide?: boolean
  readonly children: ComponentChildren
}

const Chart = ({ title, note, wide = false, children }: ChartProps): JSX.Element => (
  <figure class={`card chart ${wide ? 'wide' : ''}`}>
    <figcaption>
      <h2>{title}</h2>
      <p class="second">{note}</p>
    </figcaption>
    {children}
  </figure>
)

/** The width that there is, px: text in a drawing keeps its size. */
const useWidth = () => {
  const ref = useRef<HTMLDivElement>(null)
  const width = useSignal(0)
  useEffect(() => {
    const box = ref.current
    if (box === null) return
    const watch = new ResizeObserver(() => (width.value = box.clientWidth))
    watch.observe(box)
    return () => watch.disconnect()
  }, [])
  return { ref, width }
}

const height = 150
const axis = 34

export const RateChart = ({ load }: { readonly load: AlarmLoad }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(historyWords).past
  const { ref, width } = useWidth()
  const top = rateTop(load)
  const y = rootScale(top, height)
  const plot = Math.max(0, width.value - axis)
  const step = plot / Math.max(1, load.buckets.length)
  const mean = load.perNurseHour === null ? text.figures.none : load.perNurseHour.toFixed(2)
  return (
    <Chart title={text.rate} note={text.rateNote} wide>
      <div ref={ref}>
        <svg
          width={width.value}
          height={height + 26}
          role="img"
          aria-label={text.rateSummary(mean, load.mostInTenMinutes)}
        >
          {load.buckets.map((bucket, index) => {
            const bar = y(rateOf(bucket, load))
            const x = axis + index * step
            return (
              <g key={bucket.from}>
                {bar > 0 && (
                  <rect class="bar" x={x} y={height - bar} width={Math.max(1, step - 1)} height={Math.max(1, bar)} />
                )}
                {bucket.most > 0 && (
                  <line
                    class="worst"
                    x1={x}
                    x2={x + Math.max(2, step - 1)}
                    y1={height - y(bucket.most)}
                    y2={height - y(bucket.most)}
                  />
                )}
              </g>
            )
          })}
          {rateLines.map((line) => (
            <g key={line}>
              <line class="limit" x1={axis} x2={width.value} y1={height - y(line)} y2={height - y(line)} />
              <text x={axis - 6} y={height - y(line) + 4} text-anchor="end">
                {line}
              </text>
            </g>
          ))}
          <line class="base" x1={axis} x2={width.value} y1={height} y2={height} />
          <text x={axis - 6} y={height + 4} text-anchor="end">
            0
          </text>
          {ticksOf(load, plot).map(({ at, x, anchor }) => (
            <text key={at} x={axis + x} y={height + 20} text-anchor={anchor}>
              {load.bucketMs >= 3_600_000 ? app.formats.value.day(at) : app.formats.value.time(at)}
            </text>
          ))}
        </svg>
      </div>
    </Chart>
  )
}

const ticksOf = ({ buckets, bucketMs }: AlarmLoad, plot: number) => {
  const from = buckets[0]?.from ?? 0
  const span = buckets.length * bucketMs
  const shown = Math.max(2, Math.min(8, Math.floor(plot / 110)))
  return Array.from({ length: shown }, (_, index) => {
    const share = index / (shown - 1)
    const anchor = index === 0 ? ('start' as const) : index === shown - 1 ? ('end' as const) : ('middle' as const)
    return { at: from + share * span, x: share * plot, anchor }
  })
}

const barHeight = 26

interface StackProps {
  readonly parts: readonly number[]
  readonly width: number
}

/** Light to dark from the first part to the last; the words beside it say what is what. */
const Stack = ({ parts, width }: StackProps): JSX.Element => (
  <svg width={width} height={barHeight} aria-hidden="true">
    {stacked(parts, width).map(({ from, length }, index) => (
      <rect
        key={index}
        class={`part part-${index}`}
        x={from}
        y={0}
        width={Math.max(0, length - 1)}
        height={barHeight}
      />
    ))}
  </svg>
)

interface TotalProps {
  readonly total: AlarmBurden
  readonly query: HistoryQuery
}

export const MixChart = ({ total, query }: TotalProps): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(historyWords).past
  const { ref, width } = useWidth()
  const { high, medium, low } = total
  const all = high + medium + low
  const shares = [high, medium, low].map((part) => percent(app, all === 0 ? null : part / all))
  const [h = '', m = '', l = ''] = shares
  const [aimHigh, aimMedium, aimLow] = recommendedMix.map((value) => text.figures.percent(String(value)))
  return (
    <Chart title={text.mix} note={text.mixNote}>
      <div ref={ref} class="stack-rows">
        <p class="label">{text.mixHere}</p>
        <Stack parts={[high, medium, low]} width={width.value} />
        <ul class="keys-row">
          {(['high', 'medium', 'low'] as const).map((priority, index) => (
            <li key={priority} class={`key key-${index}`}>
              <a href={episodesHref(query, { priority })}>
                {app.words.priority[priority]} {[h, m, l][index]}
              </a>
            </li>
          ))}
        </ul>
        <p class="label">{text.mixAim(aimHigh ?? '', aimMedium ?? '', aimLow ?? '')}</p>
        <Stack parts={recommendedMix} width={width.value} />
      </div>
    </Chart>
  )
}

const classes = ['true-and-acted', 'true-not-relevant', 'false'] as const

export const JudgedChart = ({ total, query }: TotalProps): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(historyWords).past
  const { ref, width } = useWidth()
  const shares = [total.trueAndActed, total.trueNotRelevant, total.false]
  return (
    <Chart
      title={text.judged}
      note={total.judged === 0 ? text.judgedNone : text.judgedNote(total.judged, total.alarms)}
    >
      <div ref={ref} class="stack-rows">
        {total.judged > 0 && (
          <>
            <Stack parts={shares.map((share) => share ?? 0)} width={width.value} />
            <ul class="keys-row">
              {classes.map((one, index) => (
                <li key={one} class={`key key-${index}`}>
                  <a href={episodesHref(query, { class: one })}>
                    {text.judgedWords[one]} {percent(app, shares[index] ?? null)}
                  </a>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Chart>
  )
}

const mostRows = 6
const rowHeight = 30
const least = 1_000
const dayMs = 86_400_000
const marks = [1_000, 10_000, 60_000, 600_000, 3_600_000, dayMs] as const

export const TakeChart = ({ body, query }: { readonly body: Analytics; readonly query: HistoryQuery }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(historyWords).past
  const { ref, width } = useWidth()
  const rows = body.rows.filter(({ toAcceptedMs }) => toAcceptedMs !== null).slice(0, mostRows)
  const x = logScale(least, dayMs, Math.max(0, width.value - 4))
  return (
    <Chart title={text.takeChart} note={rows.length === 0 ? text.figures.takeNone : text.takeNoteChart}>
      <div ref={ref}>
        {rows.map(({ key, toAcceptedMs }) => {
          const filter = filterOfGroup(body.by, key)
          const name = groupName(app, body.by, key)
          if (toAcceptedMs === null) return null
          const { median, p95, max } = toAcceptedMs
          return (
            <div key={key} class="take-row">
              <p>
                {filter === null ? name : <a href={episodesHref(query, { ...filter, trait: 'taken' })}>{name}</a>}
                <span>
                  {age(median)}, {text.figures.takeNote(age(p95), age(max))}
                </span>
              </p>
              <svg width={width.value} height={rowHeight - 18} aria-hidden="true">
                <line class="limit" x1={0} x2={width.value} y1={6} y2={6} />
                <line class="range" x1={x(median)} x2={x(p95)} y1={6} y2={6} />
                <circle class="dot" cx={x(median) + 3} cy={6} r={4} />
                <line class="tick" x1={x(max)} x2={x(max)} y1={1} y2={11} />
              </svg>
            </div>
          )
        })}
        {rows.length > 0 && (
          <svg width={width.value} height={18} aria-hidden="true">
            {marks.map((mark, index) => (
              <text
                key={mark}
                x={x(mark)}
                y={13}
                text-anchor={index === 0 ? 'start' : index === marks.length - 1 ? 'end' : 'middle'}
              >
                {age(mark)}
              </text>
            ))}
          </svg>
        )}
      </div>
    </Chart>
  )
}
