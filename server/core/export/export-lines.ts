import type { HistoryField } from '#domain/live/api.ts'
import type { ExportFormat, ExportResolution } from '#domain/live/export.ts'
import { csvField } from '../csv-field.ts'
import { historyFields } from '../history-buckets.ts'
import { columnName } from '../telemetry-columns.ts'
import type { ExportRow } from './export-rows.ts'

/** What stands above the readings, so that a file explains itself. */
export interface ExportHead {
  readonly pumpId: string
  readonly channel: string | null
  readonly from: number
  readonly to: number
  readonly resolution: ExportResolution
  readonly simulated: boolean
  readonly site: string
  readonly timeZone: string
  /** Samples are kept since then. */
  readonly samplesSince: number
  readonly gapMs: number
  readonly madeAt: number
}

/** ms since the epoch as RFC 3339 in UTC. */
export type IsoTime = (ms: number) => string

const units: Readonly<Record<HistoryField, string>> = {
  rateMlPerHour: 'mL/h',
  linePressureMmHg: 'mmHg',
  infusedTotalMl: 'mL',
  programRemainingMl: 'mL',
  batteryPercent: '%',
}

const statement = 'Research and demonstration software, not a medical device. Rely on the pump’s own alarm.'
const newLine = '\r\n'

export interface ExportLines {
  head(head: ExportHead): string
  rows(rows: readonly ExportRow[]): string
}

const spread = ['', '_lowest', '_highest'] as const

const csvColumns = (resolution: ExportResolution): readonly string[] => [
  'kind',
  'time',
  'until',
  'state',
  'samples',
  'late',
  ...historyFields.flatMap((field) =>
    resolution === 'samples' ? [columnName(field)] : spread.map((suffix) => `${columnName(field)}${suffix}`),
  ),
]

const gapSentence = (gapMs: number): string =>
  `a row of the kind "gap" is a time of more than ${gapMs / 1000} s of which nothing is stored: what the pump did then is not known from here`

const csvLines = (resolution: ExportResolution, iso: IsoTime): ExportLines => ({
  head: (head) => {
    const comments = [
      statement,
      ...(head.simulated ? ['SIMULATED, no patient'] : []),
      `site=${head.site} pump=${head.pumpId} channel=${head.channel ?? '-'}`,
      `from=${iso(head.from)} to=${iso(head.to)} made=${iso(head.madeAt)}`,
      `times are UTC (RFC 3339); the time zone of the site is ${head.timeZone}`,
      resolution === 'samples'
        ? `every sample as it was stored; samples are kept since ${iso(head.samplesSince)}, before that ask for minutes`
        : 'one row per minute: last value, lowest and highest',
      `units: ${historyFields.map((field) => `${columnName(field)} ${units[field]}`).join(', ')}`,
      `late: how many came more than two minutes after they were measured, unless configured otherwise`,
      gapSentence(head.gapMs),
    ]
    const lines = comments.map((line) => `# ${line.replaceAll(/[\r\n]+/g, ' ')}`)
    return `${[...lines, csvColumns(resolution).join(',')].join(newLine)}${newLine}`
  },
  rows: (rows) => rows.map((row) => `${csvRow(row, resolution, iso)}${newLine}`).join(''),
})

const csvRow = (row: ExportRow, resolution: ExportResolution, iso: IsoTime): string => {
  const empty = historyFields.flatMap(() => (resolution === 'samples' ? [''] : ['', '', '']))
  if (row.kind === 'gap') return ['gap', iso(row.from), iso(row.to), '', '', '', ...empty].join(',')
  const { from, to, state, samples, late, values } = row.bucket
  const numbers = historyFields.flatMap((field): readonly (string | number)[] => {
    const extremes = values[field]
    if (extremes === undefined) return resolution === 'samples' ? [''] : ['', '', '']
    return resolution === 'samples' ? [extremes[3]] : [extremes[3], extremes[1], extremes[2]]
  })
  const until = to === from ? '' : iso(to)
  return ['reading', iso(from), until, csvField(state), samples, late, ...numbers].join(',')
}

const jsonLines = (resolution: ExportResolution, iso: IsoTime): ExportLines => ({
  head: ({ from, to, madeAt, samplesSince, gapMs, timeZone, ...head }) =>
    `${JSON.stringify({
      kind: 'about',
      statement,
      ...head,
      from: iso(from),
      to: iso(to),
      madeAt: iso(madeAt),
      times: 'RFC 3339, UTC',
      timeZone,
      units,
      values: resolution === 'samples' ? 'value' : '[first, lowest, highest, last]',
      samplesSince: iso(samplesSince),
      gap: gapSentence(gapMs),
    })}\n`,
  rows: (rows) => rows.map((row) => `${JSON.stringify(jsonRow(row, resolution, iso))}\n`).join(''),
})

const jsonRow = (row: ExportRow, resolution: ExportResolution, iso: IsoTime): object => {
  if (row.kind === 'gap') return { kind: 'gap', from: iso(row.from), to: iso(row.to) }
  const { from, to, state, samples, late, values } = row.bucket
  const told = resolution === 'samples' ? singles(values) : values
  return { kind: 'reading', at: iso(from), ...(to === from ? {} : { until: iso(to) }), state, samples, late, ...told }
}

const singles = (values: Readonly<Partial<Record<HistoryField, readonly number[]>>>): object =>
  Object.fromEntries(Object.entries(values).map(([field, extremes]) => [field, extremes[3]]))

export const exportLines = (format: ExportFormat, resolution: ExportResolution, iso: IsoTime): ExportLines => {
  switch (format) {
    case 'csv':
      return csvLines(resolution, iso)
    case 'jsonl':
      return jsonLines(resolution, iso)
  }
}
