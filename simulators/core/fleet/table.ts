import type { Line } from './statistics.ts'

const shown = (value: number | null, unit: string): string => {
  if (value === null || Number.isNaN(value)) return '–'
  return `${Number.isInteger(value) ? value : value.toFixed(2)}${unit === '%' ? ' %' : ''}`
}

/** Measured beside published, in columns. */
export const table = (lines: readonly Line[]): string => {
  const rows = [
    ['', 'measured', 'published', 'off by'],
    ...lines.map(({ what, measured, published, unit }) => [
      what,
      shown(measured, unit),
      shown(published, unit),
      published === null || published === 0 ? '' : `${(100 * (measured / published - 1)).toFixed(1)} %`,
    ]),
  ]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
