import { useComputed, useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { ChannelId } from '#domain/ids.ts'
import type { History } from '#domain/live/api.ts'
import { chartData } from '#dashboard/core/chart-series.ts'
import type { ChartData, Point } from '#dashboard/core/chart-series.ts'
import { age, nbsp } from '#dashboard/core/format.ts'
import { laneFields } from './chart-lanes.ts'
import type { LanesProps } from './chart-lanes.ts'
import { ChartRibbon } from './chart-ribbon.tsx'
import { ChartTable } from './chart-table.tsx'
import { useApp } from './state/app-state.ts'
import type { ChannelModel } from './state/pump-model.ts'

const ranges = { '15m': 900_000, '1h': 3_600_000, '6h': 21_600_000, '24h': 86_400_000, '7d': 604_800_000 } as const
type Range = keyof typeof ranges
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a literal are known
const rangeNames = Object.keys(ranges) as readonly Range[]
/** The stored part is fetched again this often; between two fetches live samples fill in. */
const refetchMs = 60_000
const maxPoints = 600

/** `channel`: which one to ask for; null when the pump has only one. */
export const ChartCard = ({
  pump,
  channel,
}: {
  readonly pump: ChannelModel
  readonly channel: ChannelId | null
}): JSX.Element => {
  const app = useApp()
  const { words, live } = app
  const range = useSignal<Range>('15m')
  const asTable = useSignal(false)
  const history = useSignal<History | 'failed' | null>(null)
  const points = useLivePoints(pump)
  const ready = live.loaded.value && live.now.value !== null

  useEffect(() => {
    if (!ready) return
    let current = true
    const fetchNow = async (): Promise<void> => {
      const to = live.serverNow(performance.now())
      if (to === null || live.frozen.peek()) return
      const from = to - ranges[range.peek()]
      const answer = await app.link.request<'history'>({
        what: 'history',
        pumpId: pump.id,
        channel,
        from,
        to,
        maxPoints,
      })
      if (current) history.value = answer.ok ? answer.body : 'failed'
    }
    void fetchNow()
    const timer = setInterval(() => void fetchNow(), refetchMs)
    return () => {
      current = false
      clearInterval(timer)
    }
  }, [app, live, pump.id, channel, range, range.value, ready, history])

  const data = useComputed((): ChartData | null => {
    const stored = history.value
    if (stored === null || stored === 'failed') return null
    const now = live.now.value ?? stored.to
    const window = { ...stored, from: now - ranges[range.value], to: now }
    return chartData(window, points.value, pump.identity.value.statusIntervalMs, laneFields)
  })

  return (
    <section class="card chart-card" aria-labelledby="chart-title">
      <div class="chart-head">
        <h3 id="chart-title">{words.chart.title(words.chart.ranges[range.value])}</h3>
        <div class="segmented" role="group" aria-label={words.chart.range}>
          {rangeNames.map((name) => (
            <button
              key={name}
              aria-pressed={range.value === name}
              onClick={() => {
                range.value = name
                history.value = null
              }}
            >
              {words.chart.ranges[name]}
            </button>
          ))}
        </div>
        <button class="btn" aria-pressed={asTable.value} onClick={() => (asTable.value = !asTable.value)}>
          {asTable.value ? words.chart.chart : words.chart.table}
        </button>
      </div>
      {history.value === 'failed' ? (
        <p class="notice">{words.chart.unavailable}</p>
      ) : data.value === null || history.value === null ? (
        <p class="hint chart-space">{words.chart.loading}</p>
      ) : (
        <>
          <ChartRibbon data={data.value} pump={pump} alarms={history.value.alarms} />
          {asTable.value ? (
            <ChartTable data={data.value} />
          ) : (
            <LazyLanes data={data.value} pump={pump} alarms={history.value.alarms} />
          )}
          <ChartFoot data={data.value} pump={pump} resolutionMs={history.value.resolutionMs} />
        </>
      )}
    </section>
  )
}

/** Samples heard since the page was opened, at most an hour of them. */
const useLivePoints = (pump: ChannelModel): { readonly value: readonly Point[] } => {
  const points = useSignal<readonly Point[]>([])
  useEffect(
    () =>
      pump.sampledAt.subscribe((at) => {
        const sample = pump.sample.peek()
        if (at === null || sample === null || at <= (points.peek().at(-1)?.at ?? 0)) return
        points.value = [...points.peek().slice(-3_600), { at, values: sample }]
      }),
    [pump, points],
  )
  return points
}

/** The chart library is fetched when the first chart is shown, and not before. */
const LazyLanes = (props: LanesProps): JSX.Element => {
  const { words } = useApp()
  const loaded = useSignal<((props: LanesProps) => JSX.Element) | null>(null)
  const failed = useSignal(false)
  const asked = useRef(false)
  useEffect(() => {
    if (asked.current) return
    asked.current = true
    import('./chart-lanes-view.tsx').then(
      (module) => (loaded.value = module.ChartLanes),
      () => (failed.value = true),
    )
  }, [loaded, failed])
  if (failed.value) return <p class="notice">{words.chart.unavailable}</p>
  const Lanes = loaded.value
  return Lanes === null ? <p class="hint chart-space">{words.chart.loading}</p> : <Lanes {...props} />
}

const seconds = (ms: number): string => `${(Math.max(0, ms) / 1000).toFixed(1)}${nbsp}s`

interface FootProps {
  readonly data: ChartData
  readonly pump: ChannelModel
  readonly resolutionMs: number
}

const ChartFoot = ({ data, pump, resolutionMs }: FootProps): JSX.Element => {
  const app = useApp()
  const { words, live, formats } = app
  const sampled = pump.sampledAt.value
  const received = pump.receivedAt.value
  const clock = pump.sample.value?.pumpClockAt ?? null
  const now = live.now.value
  return (
    <p class="chart-foot">
      {data.lastSampleAt === null
        ? words.chart.emptyNever
        : data.lastSampleAt < data.from
          ? words.chart.empty(formats.value.moment(data.lastSampleAt, now ?? data.to))
          : words.chart.dataTo(formats.value.timeSeconds(data.lastSampleAt))}
      <span>{resolutionMs === 0 ? words.chart.everySample : words.chart.resolution(age(resolutionMs))}</span>
      {data.gaps.length > 0 && <span>{words.chart.hatch}</span>}
      {clock !== null && <span>{words.pump.chainPump(formats.value.timeSeconds(Date.parse(clock)))}</span>}
      {sampled !== null && received !== null && <span>{words.pump.chainServer(seconds(received - sampled))}</span>}
    </p>
  )
}
