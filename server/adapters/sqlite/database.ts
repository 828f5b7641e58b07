import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ServerError } from '#server/core/errors.ts'
import { DiskProof } from './disk-proof.ts'

/** Forward only: a released migration is never edited, the next one is added behind it. */
export interface Migration {
  readonly name: string
  readonly sql: string
}

/** SQLite 3.7.0 to 3.51.2 can corrupt a file when the WAL is reset (reliability.md 3, rule 18). */
const oldestSqlite = [3, 51, 3] as const

/** A connection to a database of ours. */
export class Database extends DatabaseSync {
  readonly #proof: DiskProof | null
  /** The disk has refused a change: whatever was committed since it turned may be lost, and no later answer of it is worth anything. */
  #lost: Error | null = null

  /** `folder`: where the file is; null for a database in memory. */
  constructor(file: string, folder: string | null) {
    super(file, { timeout: 2000 })
    this.#proof = folder === null ? null : new DiskProof(folder)
  }

  /**
   * Runs `work` in one transaction: all or none. The connection is synchronous, so nothing else gets in between. Durable when it returns; once
   * the disk has refused, every later one is refused, too, until the program opens the file anew.
   */
  transaction<T>(work: () => T): T {
    if (this.#lost !== null) throw this.#lost
    const result = this.#committed(work)
    try {
      this.#proof?.check()
    } catch (error) {
      const what = `the disk under ${this.location()} takes no changes any more, so what was committed last may be lost`
      this.#lost = new Error(`${what}: check the file system, then start the server again`, { cause: error })
      throw this.#lost
    }
    return result
  }

  override close(): void {
    super.close()
    this.#proof?.[Symbol.dispose]()
  }

  override [Symbol.dispose](): void {
    if (this.isOpen) this.close()
  }

  #committed<T>(work: () => T): T {
    this.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.exec('COMMIT')
      return result
    } catch (error) {
      if (this.isTransaction) this.exec('ROLLBACK')
      throw error
    }
  }
}

/**
 * Opens (and makes) a database that survives power loss: WAL, `synchronous=FULL`, one connection per file.
 * Throws `SRV_DATABASE_UNUSABLE` when the file or the engine is not what this release needs.
 */
export const openDatabase = (file: string, migrations: readonly Migration[]): Database => {
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

const open = (file: string): Database => {
  try {
    return new Database(file, file === ':memory:' ? null : dirname(file))
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

const migrate = (database: Database, file: string, migrations: readonly Migration[]): void => {
  const done = Number(pragma(database, 'PRAGMA user_version'))
  if (done > migrations.length)
    throw new ServerError('SRV_DATABASE_UNUSABLE', `${file} was written by a newer release (schema ${done})`)
  for (const [index, migration] of migrations.entries()) {
    if (index < done) continue
    database.transaction(() => {
      database.exec(migration.sql)
      database.exec(`PRAGMA user_version=${index + 1}`)
    })
  }
}
