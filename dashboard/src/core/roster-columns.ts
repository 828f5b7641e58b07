import type { RosterFilter, RosterSort } from '#domain/live/roster-kinds.ts'

export const columnIds = [
  'drug',
  'state',
  'rate',
  'time-left',
  'battery',
  'data-age',
  'hub',
  'team',
  'contact',
] as const
/** Columns somebody can hide; the identity always stands. */
export type ColumnId = (typeof columnIds)[number]

/** Columns that a view brings with it. */
export type ViewColumn = 'ends' | 'battery-until' | 'adherence' | 'planned' | 'ends-home' | 'next'
export type AnyColumn = 'label' | ColumnId | ViewColumn

const ofView: Readonly<Record<RosterFilter, readonly ViewColumn[]>> = {
  all: [],
  ending: ['ends'],
  battery: ['battery-until'],
  unheard: [],
  adherence: ['adherence', 'planned'],
  supply: ['ends-home', 'next'],
}

/** The identity first, then what the view is about, then the rest. */
export const columnsOf = (filter: RosterFilter, hidden: readonly ColumnId[]): readonly AnyColumn[] => [
  'label',
  ...ofView[filter],
  ...columnIds.filter((id) => !hidden.includes(id)),
]

const sorts: Readonly<Partial<Record<AnyColumn, RosterSort>>> = {
  label: 'label',
  drug: 'drug',
  state: 'state',
  rate: 'rate',
  'time-left': 'time-left',
  battery: 'battery',
  'data-age': 'data-age',
  hub: 'hub',
  team: 'team',
  ends: 'time-left',
  'ends-home': 'time-left',
  'battery-until': 'battery',
}

/** Null: the column has no order. */
export const sortOfColumn = (column: AnyColumn): RosterSort | null => sorts[column] ?? null

/** Least widths, px; what is left over is shared out in proportion. */
const widths: Readonly<Record<AnyColumn, number>> = {
  label: 236,
  drug: 180,
  state: 160,
  rate: 100,
  'time-left': 116,
  battery: 104,
  'data-age': 76,
  hub: 104,
  team: 124,
  contact: 116,
  ends: 116,
  'battery-until': 116,
  adherence: 124,
  planned: 176,
  'ends-home': 176,
  next: 176,
}

/** Tracks of a grid, and the least width of all of them, px. */
export const tracksOf = (columns: readonly AnyColumn[]): { readonly tracks: string; readonly width: number } => ({
  tracks: columns.map((column) => `minmax(${widths[column]}px, ${widths[column]}fr)`).join(' '),
  width: columns.reduce((sum, column) => sum + widths[column], 0),
})
