import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { chartWords } from '#dashboard/core/chart-words.ts'
import { tablePage, tableRows } from '#dashboard/core/chart-table.ts'
import type { TableRow } from '#dashboard/core/chart-table.ts'
import type { ChartData, Spread } from '#dashboard/core/chart-series.ts'
import { age } from '#dashboard/core/format.ts'
import { lanes } from './chart-lanes.ts'
import type { LaneSpec } from './chart-lanes.ts'
import { useApp } from './state/app-state.ts'

/** The chart as numbers, newest first, at most 60 rows a page; a gap is a row of its own. */
export const ChartTable = ({ data }: { readonly data: ChartData }): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(chartWords)
  const wanted = useSignal(0)
  const { rows, page, pages } = tablePage(tableRows(data), wanted.value)
  return (
    <>
      <div class="table-scroll chart-table" tabIndex={0} role="region" aria-label={words.chart.table}>
        <table class="data-table">
          <thead>
            <tr>
              <th scope="col">{words.chart.time}</th>
              {lanes.map((lane) => (
                <th key={lane.field} scope="col">
                  {lane.name(words)}, {lane.unit}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.kind === 'gap' ? `gap ${row.gap.from}` : row.reading.at} row={row} to={data.to} />
            ))}
          </tbody>
        </table>
      </div>
      <p class="pager" data-testid="table-pager">
        <button class="btn" disabled={page === 0} onClick={() => (wanted.value = page - 1)}>
          {words.chart.newer}
        </button>
        <span>{words.chart.pageOf(page + 1, pages)}</span>
        <button class="btn" disabled={page >= pages - 1} onClick={() => (wanted.value = page + 1)}>
          {words.chart.older}
        </button>
      </p>
    </>
  )
}

const Row = ({ row, to }: { readonly row: TableRow; readonly to: number }): JSX.Element => {
  const app = useApp()
  const { formats } = app
  const words = app.wordsWith(chartWords)
  const now = app.live.now.value ?? to
  const moment = (ms: number): string => formats.value.momentSeconds(ms, now)
  if (row.kind === 'gap')
    return (
      <tr class="gap-row" data-testid="gap-row">
        <th scope="row">{moment(row.gap.from)}</th>
        <td class="hatch" colSpan={lanes.length}>
          <span class="plate">{words.chart.gapRow(age(row.gap.to - row.gap.from), moment(row.gap.to))}</span>
        </td>
      </tr>
    )
  return (
    <tr>
      <th scope="row">{moment(row.reading.at)}</th>
      {lanes.map((lane) => (
        <td key={lane.field}>
          <Cell lane={lane} spread={row.reading.values[lane.field] ?? null} />
        </td>
      ))}
    </tr>
  )
}

const Cell = ({ lane, spread }: { readonly lane: LaneSpec; readonly spread: Spread | null }): JSX.Element => {
  const app = useApp()
  const { formats } = app
  if (spread === null) return <span class="not-reported">{app.words.notReported}</span>
  const text = (value: number): string => lane.shown(formats.value, value)
  return (
    <>
      {text(spread.last)}
      {spread.low !== spread.high && (
        <span class="unit">
          {' '}
          ({text(spread.low)} – {text(spread.high)})
        </span>
      )}
    </>
  )
}
