// InfluxQL, the one query language that InfluxDB 1, 2 and 3 all answer.

/** InfluxQL reads NUL as the end of the statement and CR as a line feed, and has no escape for either. */
// oxlint-disable-next-line no-control-regex -- that is the point
const unwritable = /[\0\r]/

/** Backslash, quote and line feed are the only characters that end or change a quoted text; all others stand for themselves. */
const escape = (text: string, quote: '"' | "'"): string => {
  if (unwritable.test(text)) throw new RangeError('InfluxQL cannot write this text')
  return text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`).replaceAll('\n', '\\n')
}

export const quoteIdentifier = (name: string): string => `"${escape(name, '"')}"`
export const quoteString = (text: string): string => `'${escape(text, "'")}'`

/** Time literal of a whole number of ms. */
export const milliseconds = (ms: number): string => `${Math.trunc(ms)}ms`

/** One row of a result, by column. */
export type ResultRow = ReadonlyMap<string, string | number | boolean | null>

/** What `/query` answers: rows per statement, of all series in order. Throws with the database's own words. */
export const readResults = (answer: unknown): readonly (readonly ResultRow[])[] => {
  const { results, error } = asRecord(answer)
  if (typeof error === 'string') throw new Error(error)
  if (!Array.isArray(results)) throw new TypeError('an InfluxQL answer has no results')
  return results.map((result: unknown) => {
    const { series, error: failed } = asRecord(result)
    if (typeof failed === 'string') throw new Error(failed)
    return Array.isArray(series) ? series.flatMap(readSeries) : []
  })
}

const readSeries = (series: unknown): readonly ResultRow[] => {
  const { columns, values } = asRecord(series)
  if (!Array.isArray(columns) || !Array.isArray(values)) return []
  return values.map(
    (row: unknown) =>
      new Map(columns.map((column, place) => [String(column), Array.isArray(row) ? cell(row[place]) : null])),
  )
}

const cell = (value: unknown): string | number | boolean | null =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

export const numberIn = (row: ResultRow | undefined, column: string): number | null => {
  const value = row?.get(column)
  return typeof value === 'number' ? value : null
}
