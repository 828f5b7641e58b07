import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { GatewayError } from '../../core/errors.ts'
import { isCheckDue } from './check-due.ts'
import { failpoint } from './failpoint.ts'
import { salvage } from './salvage.ts'
import { fromVersion0, schema, schemaVersion, sql } from './sql.ts'
import { isDamage } from './sqlite-errors.ts'

/** Older libraries may corrupt a WAL when it is reset: 3.7.0 to 3.51.2 (reliability.md 3 rule 18). */
const oldestFitSqlite = [3, 51, 3] as const

/** Somebody who looks into the file may hold it this long, ms, before that counts as an I/O error. */
const busyTimeoutMs = 2_000

/** A check reads every page in use; beyond this many it would hold up the start, and rows are checked as they are read. */
const mostPagesChecked = 16_384

/** Left behind by a process that read damage while it ran: the next start checks the whole file, however big. */
export const suspectMark = (path: string): string => `${path}.suspect`

export const pragma = (database: DatabaseSync, name: string): unknown =>
  database.prepare(`PRAGMA ${name}`).get()?.[name]

const open = (path: string, wallAt: number): DatabaseSync => {
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs })
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
    assertFit(database, path)
    check(database, path, isCheckDue(lastCheck(database), wallAt) ? 'integrity_check' : 'quick_check')
    migrate(database, path)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

const assertFit = (database: DatabaseSync, path: string): void => {
  const version = String(database.prepare('SELECT sqlite_version() AS v').get()?.['v'])
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  const [needMajor, needMinor, needPatch] = oldestFitSqlite
  if (major * 1e6 + minor * 1e3 + patch < needMajor * 1e6 + needMinor * 1e3 + needPatch)
    throw new GatewayError('GW_OUTBOX_UNSAFE', `SQLite ${version} is too old, ${oldestFitSqlite.join('.')} is needed`)
  const journal = pragma(database, 'journal_mode')
  const synchronous = pragma(database, 'synchronous')
  if (journal !== 'wal' || synchronous !== 2)
    throw new GatewayError(
      'GW_OUTBOX_UNSAFE',
      `${path} does not survive power loss: journal ${String(journal)}, synchronous ${String(synchronous)}`,
    )
}

/** Null in a file that is new or older than its notes. */
const lastCheck = (database: DatabaseSync): unknown => {
  try {
    return database.prepare(sql.noted).get('checked-at')?.['value'] ?? null
  } catch (error) {
    if (isDamage(error)) throw error
    return null
  }
}

const check = (database: DatabaseSync, path: string, name: 'quick_check' | 'integrity_check'): void => {
  const used = Number(pragma(database, 'page_count')) - Number(pragma(database, 'freelist_count'))
  if (used > mostPagesChecked && !existsSync(suspectMark(path))) return
  const verdict = database.prepare(`PRAGMA ${name}(1)`).get()?.[name]
  if (verdict !== 'ok')
    throw new GatewayError('GW_OUTBOX_UNFIT', `${path} fails its integrity check: ${String(verdict).slice(0, 200)}`)
}

const definitionsOf = (database: DatabaseSync): string =>
  JSON.stringify(database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name, type').all())

let known: string | null = null
const ourDefinitions = (): string => {
  if (known !== null) return known
  using fresh = new DatabaseSync(':memory:')
  fresh.exec(schema)
  return (known = definitionsOf(fresh))
}

/** Forward only. A file of a later version belongs to a later gateway and stays as it is. */
const migrate = (database: DatabaseSync, path: string): void => {
  const version = Number(pragma(database, 'user_version'))
  const tablesAreOurs = definitionsOf(database) === ourDefinitions()
  // No check of SQLite's looks at these: a flipped bit in a table's text or in the version would end every start.
  if (tablesAreOurs !== (version === schemaVersion))
    throw new GatewayError('GW_OUTBOX_UNFIT', `${path} does not have the tables of its version ${version}`)
  if (version === schemaVersion) return
  if (version > schemaVersion)
    throw new GatewayError(
      'GW_OUTBOX_UNSAFE',
      `${path} was written by a later gateway (version ${version}, this one knows ${schemaVersion}): install that one again`,
    )
  const isNew = database.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'records'").get()?.['n'] === 0
  database.exec(`BEGIN IMMEDIATE; ${isNew ? schema : fromVersion0} PRAGMA user_version = ${schemaVersion}; COMMIT;`)
}

/**
 * Opens the file. One that is damaged is set aside under another name, never deleted, and its good rows are carried over
 * (reliability.md 3 rule 19). The new file is complete before it gets the old one's place, so a crash in between loses nothing.
 */
export const openOrReplace = (path: string, setAside: string, wallAt: number): DatabaseSync => {
  const salvagedPath = `${path}.salvaged`
  if (!existsSync(path) && existsSync(salvagedPath)) takePlace(path, salvagedPath, setAside)
  removeFile(salvagedPath)
  try {
    return opened(path, wallAt)
  } catch (error) {
    if (!isDamage(error) || !existsSync(path)) throw error
  }
  build(path, salvagedPath, setAside, wallAt)
  moveAside(path, setAside)
  failpoint('start-set-aside')
  takePlace(path, salvagedPath, setAside)
  return opened(path, wallAt)
}

const opened = (path: string, wallAt: number): DatabaseSync => {
  const database = open(path, wallAt)
  rmSync(suspectMark(path), { force: true })
  return database
}

const build = (path: string, salvagedPath: string, setAside: string, wallAt: number): void => {
  using into = open(salvagedPath, wallAt)
  into.exec('BEGIN IMMEDIATE')
  const rows = salvage(path, into)
  into.prepare(sql.note).run('salvaged', JSON.stringify({ rows, setAside: basename(setAside) }))
  failpoint('start-salvage')
  into.exec('COMMIT')
}

const parts = ['', '-wal', '-shm'] as const

const moveAside = (path: string, setAside: string): void => {
  for (const part of parts) if (existsSync(path + part)) renameSync(path + part, setAside + part)
  syncFolder(dirname(path))
}

/** A log of the old file must never meet the new one. */
const takePlace = (path: string, salvagedPath: string, setAside: string): void => {
  moveAside(path, setAside)
  renameSync(salvagedPath, path)
  syncFolder(dirname(path))
}

const removeFile = (path: string): void => {
  for (const part of parts) rmSync(path + part, { force: true })
}

const syncFolder = (folder: string): void => {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
