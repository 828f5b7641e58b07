import type { DatabaseSync } from 'node:sqlite'
import type { Clock } from '#domain/time.ts'

const write = 'INSERT INTO written (one, at) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET at = excluded.at'

/** Commits one row to the journal's database, which throws when nothing can be stored: disk full, read-only, damaged. */
export const createSqliteWriteProbe = (database: DatabaseSync, clock: Clock): (() => void) => {
  const statement = database.prepare(write)
  return () => void statement.run(clock.now())
}
