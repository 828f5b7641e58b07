import type { JSX } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import type { ChannelId } from '#domain/ids.ts'
import { chartWords } from '#dashboard/core/chart-words.ts'
import { chartCsv, csvName, samplesAddress } from '#dashboard/core/chart-csv.ts'
import { age } from '#dashboard/core/format.ts'
import { ChartFigure } from './chart-figure.tsx'
import { ChartFoot } from './chart-foot.tsx'
import { laneFields } from './chart-lanes.ts'
import { ChartRanges } from './chart-ranges.tsx'
import { ChartTable } from './chart-table.tsx'
import { saveText } from './save-text.ts'
import { useApp } from './state/app-state.ts'
import { ChartModel } from './state/chart-model.ts'
import type { ChannelModel } from './state/pump-model.ts'
import type { PumpPageModel } from './state/pump-page-model.ts'

interface ChartCardProps {
  readonly pump: ChannelModel
  readonly page: PumpPageModel
  /** Which one to ask for; null when the pump has only one. */
  readonly channel: ChannelId | null
}

export const ChartCard = ({ pump, page, channel }: ChartCardProps): JSX.Element => {
  const app = useApp()
  const { live, link } = app
  const words = app.wordsWith(chartWords)
  const chart = useMemo(
    () => new ChartModel({ link, live, page, channel: pump, channelId: channel, fields: laneFields }),
    [link, live, page, pump, channel],
  )
  const ready = live.loaded.value && live.now.value !== null
  useEffect(() => (ready ? chart.start() : undefined), [chart, ready])
  const { history, data, window, asTable } = chart
  const shown = data.value
  const stored = history.value
  return (
    <section class="card chart-card" aria-labelledby="chart-title">
      <div class="chart-head">
        <h3 id="chart-title">
          {window.value.kind === 'fixed' ? words.chart.fixedTitle : words.chart.titles[window.value.range]}
        </h3>
        <ChartRanges chart={chart} page={page} />
        <div class="chart-acts">
          <button class="btn" aria-pressed={asTable.value} onClick={() => (asTable.value = !asTable.value)}>
            {words.chart.table}
          </button>
          <button
            class="btn"
            disabled={shown === null || stored === null || stored === 'failed'}
            onClick={() => {
              if (shown === null || stored === null || stored === 'failed') return
              saveText(
                csvName(pump.id, shown, iso),
                'text/csv',
                chartCsv(shown, laneFields, {
                  pumpId: pump.id,
                  channelId: channel,
                  resolutionMs: stored.resolutionMs,
                  dataAsOf: live.dataAsOf.value,
                  statement: words.notMedicalDevice,
                  simulated: pump.identity.value.simulated,
                  iso,
                }),
              )
            }}
          >
            {words.chart.csv}
          </button>
          {shown !== null && app.may('history.export') && (
            <a
              class="btn"
              href={samplesAddress(pump.id, channel, shown)}
              download
              title={words.chart.allSamplesHint}
              data-testid="all-samples"
            >
              {words.chart.allSamples}
            </a>
          )}
        </div>
      </div>
      <FixedBar chart={chart} />
      {stored === 'failed' ? (
        <p class="notice" role="status">
          {words.chart.unavailable}
        </p>
      ) : shown === null || stored === null ? (
        <p class="hint chart-space">{words.chart.loading}</p>
      ) : (
        <>
          {shown.readings.length === 0 && <EmptyRange lastSampleAt={shown.lastSampleAt} />}
          {asTable.value ? (
            <ChartTable data={shown} />
          ) : (
            <ChartFigure chart={chart} data={shown} alarms={stored.alarms} page={page} pump={pump} />
          )}
          <p class="chart-notes">
            <span>
              {stored.resolutionMs === 0
                ? words.chart.everySample
                : words.chart[stored.source === 'minutes' ? 'fromMinutes' : 'resolution'](age(stored.resolutionMs))}
            </span>
            {shown.gaps.length > 0 && <span>{words.chart.hatch}</span>}
          </p>
        </>
      )}
      <ChartFoot pump={pump} />
    </section>
  )
}

const iso = (ms: number): string => new Date(ms).toISOString()

/** A chart that stands still says so: it does not show what happens now. */
const FixedBar = ({ chart }: { readonly chart: ChartModel }): JSX.Element | null => {
  const app = useApp()
  const { formats } = app
  const words = app.wordsWith(chartWords)
  const window = chart.window.value
  if (window.kind === 'live') return null
  const now = app.live.now.value ?? window.to
  return (
    <p class="fixed-bar" data-testid="chart-fixed">
      <b>{words.chart.fixed}</b>
      <span>{words.chart.fromTo(formats.value.moment(window.from, now), formats.value.moment(window.to, now))}</span>
      <button class="btn" onClick={() => chart.backToLive()}>
        {words.chart.backToLive}
      </button>
    </p>
  )
}

const EmptyRange = ({ lastSampleAt }: { readonly lastSampleAt: number | null }): JSX.Element => {
  const app = useApp()
  const { formats } = app
  const words = app.wordsWith(chartWords)
  const now = app.live.now.value ?? lastSampleAt ?? 0
  return (
    <p class="hint" role="status" data-testid="chart-empty">
      {lastSampleAt === null ? words.chart.emptyNever : words.chart.empty(formats.value.moment(lastSampleAt, now))}
    </p>
  )
}
