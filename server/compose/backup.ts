import { mkdir, readdir, rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { Person } from '#domain/live/views.ts'
import {
  beginBackup,
  copySettled,
  fileFacts,
  isThere,
  moveAll,
  moveAside,
  readBackup,
} from '../adapters/backup/folder.ts'
import { nodeClock } from '../adapters/node-clock.ts'
import { checkDatabase, copyDatabase } from '../adapters/sqlite/database-copy.ts'
import { lockFolder } from '../adapters/sqlite/folder-lock.ts'
import { journalMigrations } from '../adapters/sqlite/journal-migrations.ts'
import { telemetryMigrations } from '../adapters/sqlite/telemetry-store.ts'
import type { ServerConfig } from '../config.ts'
import { isDatabase, journalFile, keysOfDatabases, patientKeysFile, telemetryFile, tooNew } from '../core/backup.ts'
import type { BackupFile, BackupManifest } from '../core/backup.ts'
import { ServerError } from '../core/errors.ts'
import { headsFileName } from './audit.ts'
import { openParts } from './office.ts'

/** In the data folder while a backup is put back: what has been put there so far. */
const unfinished = 'restoring'

const schemas = { [journalFile]: journalMigrations.length, [telemetryFile]: telemetryMigrations.length }

/** A server that started now would begin an empty journal, and nobody would be watched. Throws `SRV_BACKUP`. */
export const assertRestored = async (dataDir: string): Promise<void> => {
  if (await isThere(join(dataDir, unfinished)))
    throw new ServerError(
      'SRV_BACKUP',
      `a backup was not put back to the end in ${dataDir}: run "server restore" again`,
    )
}

export interface MadeBackup {
  readonly folder: string
  readonly manifest: BackupManifest
}

/** Databases and their keys in a new folder below `parent`, while the server runs. Throws `SRV_DATABASE_UNUSABLE`. */
export const makeBackup = async (
  { dataDir }: ServerConfig,
  parent: string,
  version: string,
  progress: (sentence: string) => void,
): Promise<MadeBackup> => {
  const madeAt = new Date(nodeClock.now()).toISOString()
  await using begun = await beginBackup(resolve(parent), madeAt)
  const files: BackupFile[] = []
  // The journal first: a sample whose number it has is in the telemetry that is copied after it.
  for (const name of [journalFile, telemetryFile, ...keysOfDatabases] as const) {
    const from = join(dataDir, name)
    if (name !== journalFile && !(await isThere(from))) continue
    progress(name)
    const to = join(begun.folder, name)
    if (isDatabase(name)) copyDatabase(from, to)
    else await copySettled(from, to)
    const schema = isDatabase(name) ? checkDatabase(to).schema : null
    files.push({ ...(await fileFacts(begun.folder, name)), schema })
  }
  const manifest: BackupManifest = { format: 1, version, madeAt, files }
  return { folder: await begun.seal(manifest), manifest }
}

/** Writes down in the audit trail that everything was taken away; false: another release's database is left as it is. */
export const noteBackup = async (
  config: ServerConfig,
  { folder, manifest }: MadeBackup,
  by: Person,
): Promise<boolean> => {
  if (manifest.files.some(({ name, schema }) => name === journalFile && schema !== journalMigrations.length))
    return false
  const { journal } = await openParts(config)
  await using _ = journal.alarms
  await journal.audit.note([
    { at: nodeClock.now(), actor: by.userId, action: 'backup.make', object: `backup:${basename(folder)}` },
  ])
  return true
}

export interface Restored {
  readonly manifest: BackupManifest
  /** Where the files are that were replaced; null: there were none. */
  readonly aside: string | null
  /** Rows of the table of patients whose key is not here. */
  readonly unreadable: number
}

export interface Restoring {
  readonly from: string
  readonly patientKeys: string | null
  readonly reason: string
  readonly by: Person
}

/**
 * Puts a backup in place of what is in the data folder, which is moved aside. Ends all sessions, because some of them may have been
 * ended since. Throws `SRV_DATA_IN_USE` while the server runs, `SRV_BACKUP` for a backup that is not whole or of a newer release.
 */
export const restoreBackup = async (
  config: ServerConfig,
  { from, patientKeys, reason, by }: Restoring,
): Promise<Restored> => {
  const { dataDir } = config
  const source = resolve(from)
  const manifest = await readBackup(source)
  const newer = tooNew(manifest, schemas)
  if (newer !== null) throw new ServerError('SRV_BACKUP', newer)
  using _ = lockFolder(dataDir)
  const staged = join(dataDir, unfinished)
  await rm(staged, { recursive: true, force: true })
  await mkdir(staged, { mode: 0o700 })
  for (const { name } of manifest.files) await copySettled(join(source, name), join(staged, name))
  const keys = patientKeys ?? join(dataDir, patientKeysFile)
  if (config.patientKeys === null && (await isThere(keys))) await copySettled(keys, join(staged, patientKeysFile))
  const unreadable = await beginAnew({ ...config, dataDir: staged }, { manifest, reason, by })

  const now = new Date(nodeClock.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const aside = join(dataDir, `replaced-${now}`)
  const replaced = [journalFile, telemetryFile].flatMap((name) => [name, `${name}-wal`, `${name}-shm`])
  const put = await readdir(staged)
  const moved = await moveAside(dataDir, aside, [...replaced, ...put, headsFileName])
  await moveAll(staged, dataDir, put)
  await rm(staged, { recursive: true })
  return { manifest, aside: moved.length === 0 ? null : aside, unreadable }
}

/** Migrates the copy, ends all sessions and writes down why. */
const beginAnew = async (
  staged: ServerConfig,
  { manifest, reason, by }: { manifest: BackupManifest } & Pick<Restoring, 'reason' | 'by'>,
): Promise<number> => {
  const { journal, accounts } = await openParts(staged)
  await using _ = journal.alarms
  for (const { userId } of await accounts.users()) await accounts.endSessionsOf(userId)
  const after = { madeAt: manifest.madeAt, version: manifest.version, reason }
  await journal.audit.note([
    { at: nodeClock.now(), actor: by.userId, action: 'backup.restore', object: 'server:data', after },
  ])
  return journal.patients.unreadable().rows
}
