import { DatabaseSync } from 'node:sqlite'

/** Samples in a server's embedded database, of pumps whose names begin so. */
export const samplesIn = (file: string, prefix = ''): number => {
  using database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
  const count = 'SELECT count(*) AS samples FROM sample WHERE substr(pump_id, 1, length(?1)) = ?1'
  return Number(database.prepare(count).get(prefix)?.['samples'])
}
