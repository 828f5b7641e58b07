import type { ChartData, Gap, Reading } from './chart-series.ts'

export const rowsPerPage = 60

export type TableRow =
  | { readonly kind: 'reading'; readonly reading: Reading }
  /** Nothing is known of this stretch. */
  | { readonly kind: 'gap'; readonly gap: Gap }

/** Every reading and every gap, newest first. A gap stands between the readings around it. */
export const tableRows = ({ readings, gaps }: Pick<ChartData, 'readings' | 'gaps'>): readonly TableRow[] => {
  const rows: { readonly at: number; readonly row: TableRow }[] = [
    ...readings.map((reading) => ({ at: reading.at, row: { kind: 'reading', reading } as const })),
    ...gaps.map((gap) => ({ at: (gap.from + gap.to) / 2, row: { kind: 'gap', gap } as const })),
  ]
  return rows.toSorted((a, b) => b.at - a.at).map(({ row }) => row)
}

export interface TablePage {
  readonly rows: readonly TableRow[]
  /** From 0; the one asked for, or the last there is. */
  readonly page: number
  readonly pages: number
}

export const tablePage = (rows: readonly TableRow[], wanted: number): TablePage => {
  const pages = Math.max(1, Math.ceil(rows.length / rowsPerPage))
  const page = Math.min(Math.max(0, wanted), pages - 1)
  return { rows: rows.slice(page * rowsPerPage, (page + 1) * rowsPerPage), page, pages }
}
