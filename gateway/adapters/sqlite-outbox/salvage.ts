import { DatabaseSync } from 'node:sqlite'
import { rowsOfLeafPages } from './leaf-pages.ts'
import { isIntact } from './row.ts'
import { recordColumns, sql } from './sql.ts'
import type { Row } from './row.ts'

const rowsPerCommit = 5_000

/** Reads that fail one after the other before the way through the tree is given up. */
const mostFailures = 2_000

/** Carries every row with a good checksum from a damaged file into a new one that has an open transaction. Returns how many. */
export const salvage = (from: string, into: DatabaseSync): number => {
  const taker = new Taker(into)
  const complete = throughSqlite(from, taker)
  // Pages that the tree does not lead to any more may still hold good rows.
  if (!complete) for (const row of rowsOfLeafPages(from)) taker.take(row)
  return taker.taken
}

class Taker {
  taken = 0
  readonly into: DatabaseSync

  constructor(into: DatabaseSync) {
    this.into = into
  }

  take(row: Row): void {
    if (!isIntact(row)) return
    const values = recordColumns.map((column) => row[column] ?? null)
    const thinned = row['span_ms'] !== undefined
    const insert = this.into.prepare((thinned ? sql.insertThinned : sql.insert).replace('INSERT', 'INSERT OR IGNORE'))
    const { changes } = thinned
      ? insert.run(...values, row['span_ms'] ?? 0, row['first_of'] ?? 0)
      : insert.run(...values)
    this.taken += Number(changes)
    // The new file is not in use yet: commits only keep its log short.
    if (Number(changes) > 0 && this.taken % rowsPerCommit === 0) this.into.exec('COMMIT; BEGIN IMMEDIATE')
  }
}

/** True when every row could be asked for. The damaged file is only read: it stays as it was found. */
const throughSqlite = (from: string, taker: Taker): boolean => {
  try {
    using damaged = new DatabaseSync(from, { readOnly: true })
    const tables = ['records', 'thinned'].map((table) => rangesOf(damaged, table, taker))
    for (const table of ['quarantine', 'tombstones', 'copied', 'ledger', 'marks']) copyTable(damaged, taker.into, table)
    return tables.every(Boolean)
  } catch {
    return false
  }
}

/** By ranges of numbers, halved where they cannot be read: one bad page costs its own rows and no others. */
const rangesOf = (damaged: DatabaseSync, table: string, taker: Taker): boolean => {
  const highest = highestOf(damaged, table)
  if (highest === null) return false
  const extra = table === 'thinned' ? ', span_ms, first_of' : ''
  const select = damaged.prepare(
    `SELECT ${recordColumns.join(', ')}${extra} FROM ${table} WHERE seq BETWEEN ? AND ? ORDER BY seq`,
  )
  let failures = 0
  let complete = true
  const waiting: [number, number][] = [[1, highest]]
  for (let range = waiting.pop(); range !== undefined; range = waiting.pop()) {
    const [low, high] = range
    try {
      for (const row of select.iterate(low, high)) taker.take(row)
      failures = 0
    } catch {
      complete = false
      failures += 1
      if (failures > mostFailures) break
      const middle = Math.floor((low + high) / 2)
      if (low < high) waiting.push([middle + 1, high], [low, middle])
    }
  }
  return complete
}

const highestOf = (damaged: DatabaseSync, table: string): number | null => {
  for (const question of [
    `SELECT max(seq) AS n FROM ${table}`,
    `SELECT seq AS n FROM sqlite_sequence WHERE name = '${table}'`,
  ])
    try {
      const n = damaged.prepare(question).get()?.['n']
      if (typeof n === 'number') return n
      if (n === null) return 0
    } catch {
      // The other way may still lead there.
    }
  return null
}

/** Small tables of ours: as far as they can be read. */
const copyTable = (damaged: DatabaseSync, into: DatabaseSync, table: string): void => {
  try {
    for (const row of damaged.prepare(`SELECT * FROM ${table}`).iterate()) {
      const names = Object.keys(row)
      into
        .prepare(`INSERT OR IGNORE INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
        .run(...Object.values(row))
    }
  } catch {
    // What came before is kept; the damaged file stays.
  }
}
