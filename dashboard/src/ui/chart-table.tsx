import type { JSX } from 'preact'
import { tableRows } from '#dashboard/core/chart-series.ts'
import type { ChartData } from '#dashboard/core/chart-series.ts'
import { laneFields, lanes } from './chart-lanes.ts'
import { useApp } from './state/app-state.ts'

export const ChartTable = ({ data }: { readonly data: ChartData }): JSX.Element => {
  const app = useApp()
  const { words, formats } = app
  const rows = tableRows(data, laneFields)
  return (
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
            <tr key={row.at}>
              <th scope="row">{formats.value.timeSeconds(row.at)}</th>
              {lanes.map((lane, index) => {
                const value = row.values[index] ?? null
                return <td key={lane.field}>{value === null ? words.notReported : value.toFixed(lane.decimals)}</td>
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
