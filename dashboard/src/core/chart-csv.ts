import type { HistoryField } from '#domain/live/api.ts'
import type { ChartData } from './chart-series.ts'
import { tableRows } from './chart-table.ts'

export interface CsvQuestion {
  readonly pumpId: string
  /** Null: the pump has one. */
  readonly channelId: string | null
  readonly resolutionMs: number
  /** Server time of the last heartbeat; null: none was heard. */
  readonly dataAsOf: number | null
  /** Stands on top of every export. */
  readonly statement: string
  readonly simulated: boolean
  /** `2026-11-23T02:41:07.000Z` */
  readonly iso: (ms: number) => string
}

/** What the chart shows as text for programs: the question and "data as of" on top, then one line per reading or gap, oldest first. */
export const chartCsv = (data: ChartData, fields: readonly HistoryField[], question: CsvQuestion): string => {
  const { iso } = question
  const head = [
    `# ${question.statement}`,
    ...(question.simulated ? ['# SIMULATED, no patient'] : []),
    `# pump=${question.pumpId} channel=${question.channelId ?? '-'}`,
    `# from=${iso(data.from)} to=${iso(data.to)}`,
    `# resolution=${question.resolutionMs === 0 ? 'every sample' : `${question.resolutionMs} ms, with lowest and highest`}`,
    `# data as of=${question.dataAsOf === null ? 'not known' : iso(question.dataAsOf)}`,
    ['time', 'until', ...fields.flatMap((field) => [field, `${field}Low`, `${field}High`])].join(','),
  ]
  const rows = tableRows(data)
    .toReversed()
    .map((row) => {
      if (row.kind === 'gap')
        return [iso(row.gap.from), iso(row.gap.to), ...fields.flatMap(() => ['', '', ''])].join(',')
      const values = fields.flatMap((field): readonly (string | number)[] => {
        const spread = row.reading.values[field]
        return spread === undefined ? ['', '', ''] : [spread.last, spread.low, spread.high]
      })
      return [iso(row.reading.at), '', ...values].join(',')
    })
  return `${[...head, ...rows].join('\r\n')}\r\n`
}

/** Of the device only: no label stands in a file's name. */
export const csvName = (
  pumpId: string,
  { from, to }: { readonly from: number; readonly to: number },
  iso: (ms: number) => string,
): string => {
  const stamp = (ms: number): string => iso(ms).slice(0, 16).replaceAll(/[-:]/g, '')
  return `${pumpId.replaceAll(/[^\w.-]+/g, '-')}_${stamp(from)}Z_${stamp(to)}Z.csv`
}

/** Where every sample of that time can be had, as they were stored: the server streams it and records the look. */
export const samplesAddress = (
  pumpId: string,
  channelId: string | null,
  { from, to }: { readonly from: number; readonly to: number },
): string => {
  const asked = new URLSearchParams({ from: String(Math.floor(from)), to: String(Math.ceil(to)) })
  if (channelId !== null) asked.set('channel', channelId)
  return `/api/v1/pumps/${encodeURIComponent(pumpId)}/export?${asked}`
}
