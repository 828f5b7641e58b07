import { messageOf } from '../../core/errors.ts'
import { openToRead } from './inspect.ts'
import { isIntact } from './row.ts'
import { recordColumns } from './sql.ts'
import type { DatabaseSync } from 'node:sqlite'

export interface Verification {
  readonly path: string
  /** What is wrong, in words; empty: the file is good. */
  readonly problems: readonly string[]
  readonly rows: number
  readonly badRows: number
  readonly quarantined: number
}

type Progress = (done: number, all: number) => void

const rowsPerLook = 500
const mostProblems = 20

const columns = recordColumns.join(', ')

/**
 * The whole of one outbox file: SQLite's own check, and the checksum of every row, which sees the single bits that check misses. Reads
 * only. `progress` hears how many of how many rows are done. Throws `GW_OUTBOX_UNFIT` when the file cannot be read at all.
 */
export const verifyFile = (path: string, progress: Progress = () => {}): Verification => {
  using database = openToRead(path)
  const look = new Look(database, progress)
  if (!look.has('records')) return { path, problems: ['this is no outbox file'], rows: 0, badRows: 0, quarantined: 0 }
  look.at('SQLite’s own check', () => look.integrity())
  for (const table of ['records', 'thinned']) look.at(`table ${table}`, () => look.rowsOf(table))
  const quarantined = look.at('the quarantine', () => look.count('quarantine')) ?? 0
  return { path, problems: look.problems, rows: look.rows, badRows: look.badRows, quarantined }
}

class Look {
  rows = 0
  badRows = 0
  readonly problems: string[] = []
  readonly #database: DatabaseSync
  readonly #progress: Progress

  constructor(database: DatabaseSync, progress: Progress) {
    this.#database = database
    this.#progress = progress
  }

  has(table: string): boolean {
    return this.#database.prepare('SELECT count(*) AS n FROM sqlite_schema WHERE name = ?').get(table)?.['n'] === 1
  }

  count(table: string): number {
    return this.has(table) ? Number(this.#database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']) : 0
  }

  /** A part that cannot be read is a problem, and the next part is looked at all the same. */
  at<T>(what: string, work: () => T): T | null {
    try {
      return work()
    } catch (error) {
      this.problems.push(`${what} cannot be read: ${messageOf(error)}`)
      return null
    }
  }

  integrity(): void {
    for (const row of this.#database.prepare(`PRAGMA integrity_check(${mostProblems})`).all())
      if (row['integrity_check'] !== 'ok') this.problems.push(String(row['integrity_check']))
  }

  rowsOf(table: string): void {
    if (!this.has(table)) return
    const all = this.rows + this.count(table)
    const select = this.#database.prepare(
      `SELECT ${columns} FROM ${table} WHERE seq > ? ORDER BY seq LIMIT ${rowsPerLook}`,
    )
    let after = 0
    for (;;) {
      const look = select.all(after)
      for (const row of look) {
        this.rows += 1
        if (isIntact(row)) continue
        this.badRows += 1
        if (this.badRows <= mostProblems)
          this.problems.push(`row ${Number(row['seq'])} of ${table} has a wrong checksum`)
      }
      this.#progress(this.rows, all)
      if (look.length < rowsPerLook) return
      after = Number(look.at(-1)?.['seq'])
    }
  }
}
