import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '#domain/time.ts'

const write = 'INSERT INTO written (one, at) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET at = excluded.at'

interface Writable extends Pick<DatabaseSync, 'prepare'> {
  /** Returns when it is durable. */
  transaction(work: () => void): void
}

/** Commits one row to the journal's database, which throws when nothing can be stored: disk full, read-only, damaged. */
export const createSqliteWriteProbe = (database: Writable, clock: Clock): (() => void) => {
  const statement = database.prepare(write)
  return () => database.transaction(() => void statement.run(clock.now()))
}
