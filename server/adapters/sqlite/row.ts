import type { SQLOutputValue } from 'node:sqlite'
import { ServerError } from '#server/core/errors.ts'

export type Row = Record<string, SQLOutputValue>

// STRICT tables make the types certain; these readers make the compiler, and a wrong SELECT, see it too.

const wrong = (column: string): ServerError => new ServerError('SRV_DATABASE_UNUSABLE', `column ${column} is missing`)

export const text = (row: Row, column: string): string => {
  const value = row[column]
  if (typeof value !== 'string') throw wrong(column)
  return value
}

export const textOrNull = (row: Row, column: string): string | null => (row[column] === null ? null : text(row, column))

export const number = (row: Row, column: string): number => {
  const value = row[column]
  if (typeof value !== 'number') throw wrong(column)
  return value
}

export const numberOrNull = (row: Row, column: string): number | null =>
  row[column] === null ? null : number(row, column)

export const bytes = (row: Row, column: string): Uint8Array => {
  const value = row[column]
  if (!(value instanceof Uint8Array)) throw wrong(column)
  return value
}
