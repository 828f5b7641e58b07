import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ServerError } from '#server/core/errors.ts'

/** Forward only: a released migration is never edited, the next one is added behind it. */
export interface Migration {
  readonly name: string
  readonly sql: string
}

/** SQLite 3.7.0 to 3.51.2 can corrupt a file when the WAL is reset (reliability.md 3, rule 18). */
const oldestSqlite = [3, 51, 3] as const

/**
 * Opens (and makes) a database that survives power loss: WAL, `synchronous=FULL`, one connection per file.
 * Throws `SRV_DATABASE_UNUSABLE` when the file or the engine is not what this release needs.
 */
export const openDatabase = (file: string, migrations: readonly Migration[]): DatabaseSync => {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const database = open(file)
  try {
    database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;')
    assertEngine(database, file)
    migrate(database, file, migrations)
    return database
  } catch (error) {
    database.close()
    if (error instanceof ServerError) throw error
    throw new ServerError('SRV_DATABASE_UNUSABLE', `${file} cannot be opened as a database`, error)
  }
}

/** Runs `work` in one transaction: all or none. The connection is synchronous, so nothing else gets in between. */
export const inTransaction = <T>(database: DatabaseSync, work: () => T): T => {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

const open = (file: string): DatabaseSync => {
  try {
    return new DatabaseSync(file, { timeout: 2000 })
  } catch (error) {
    throw new ServerError('SRV_DATABASE_UNUSABLE', `${file} cannot be opened`, error)
  }
}

const pragma = (database: DatabaseSync, sql: string): unknown => {
  const row = database.prepare(sql).get()
  return row === undefined ? undefined : Object.values(row)[0]
}

const assertEngine = (database: DatabaseSync, file: string): void => {
  const version = String(pragma(database, 'SELECT sqlite_version()'))
  if (isOlder(version.split('.').map(Number), oldestSqlite))
    throw new ServerError('SRV_DATABASE_UNUSABLE', `SQLite ${version} is older than ${oldestSqlite.join('.')}`)
  const mode = pragma(database, 'PRAGMA journal_mode')
  if (mode !== 'wal' && !(mode === 'memory' && file === ':memory:'))
    throw new ServerError('SRV_DATABASE_UNUSABLE', `${file} has journal mode ${String(mode)} instead of wal`)
  if (pragma(database, 'PRAGMA synchronous') !== 2)
    throw new ServerError('SRV_DATABASE_UNUSABLE', `${file} is not synchronous=FULL`)
}

const isOlder = (version: readonly number[], floor: readonly number[]): boolean => {
  for (const [place, least] of floor.entries()) {
    const part = version[place] ?? 0
    if (part !== least) return part < least
  }
  return false
}

const migrate = (database: DatabaseSync, file: string, migrations: readonly Migration[]): void => {
  const done = Number(pragma(database, 'PRAGMA user_version'))
  if (done > migrations.length)
    throw new ServerError('SRV_DATABASE_UNUSABLE', `${file} was written by a newer release (schema ${done})`)
  for (const [index, migration] of migrations.entries()) {
    if (index < done) continue
    inTransaction(database, () => {
      database.exec(migration.sql)
      database.exec(`PRAGMA user_version=${index + 1}`)
    })
  }
}
