import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { beginBackup, fileFacts, readBackup, removeOlder } from '#server/adapters/backup/folder.ts'
import { assertRestored } from '#server/compose/backup.ts'
import { checkDatabase, copyDatabase } from '#server/adapters/sqlite/database-copy.ts'
import { backupName, olderBackups, tooNew } from '#server/core/backup.ts'
import type { BackupManifest } from '#server/core/backup.ts'

const madeAt = '2026-11-26T15:43:00.500Z'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backup-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
})

const writing = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file)
  database.exec(
    'PRAGMA journal_mode=WAL; PRAGMA user_version=3; CREATE TABLE t (x INTEGER PRIMARY KEY, word TEXT) STRICT',
  )
  onTestFinished(() => database.close())
  return database
}

const manifestOf = async (from: string): Promise<BackupManifest> => ({
  format: 1,
  version: '0.1.0',
  madeAt,
  files: [{ ...(await fileFacts(from, 'journal.db')), schema: 3 }],
})

const sealed = async (): Promise<string> => {
  const source = join(folder, 'source.db')
  writing(source).exec(`INSERT INTO t (word) VALUES ('committed')`)
  await using begun = await beginBackup(join(folder, 'backups'), madeAt)
  copyDatabase(source, join(begun.folder, 'journal.db'))
  return await begun.seal(await manifestOf(begun.folder))
}

describe('the copy of a database', () => {
  it('has what was committed when it was taken, while a transaction is open, and nothing that was deleted', () => {
    const source = writing(join(folder, 'source.db'))
    source.exec(`INSERT INTO t (word) VALUES ('Mrs. Erased'), ('stays'); DELETE FROM t WHERE x = 1`)
    source.exec(`BEGIN IMMEDIATE; INSERT INTO t (word) VALUES ('not committed')`)
    copyDatabase(join(folder, 'source.db'), join(folder, 'copy.db'))
    const copy = new DatabaseSync(join(folder, 'copy.db'), { readOnly: true })
    onTestFinished(() => copy.close())
    expect(copy.prepare('SELECT word FROM t').all()).toEqual([{ word: 'stays' }])
    expect(checkDatabase(join(folder, 'copy.db'))).toEqual({ schema: 3 })
    expect(readdirSync(folder)).not.toContain('copy.db-wal')
  })

  it('is refused of what is no database, and of a file that is not there, which stays away', () => {
    writeFileSync(join(folder, 'text.db'), 'no database at all '.repeat(300))
    expect(() => checkDatabase(join(folder, 'text.db'))).toThrow('cannot be read')
    expect(() => copyDatabase(join(folder, 'gone.db'), join(folder, 'copy.db'))).toThrow('there is no')
    expect(readdirSync(folder)).toEqual(['text.db'])
  })
})

describe('a backup', () => {
  it('is read back as it was sealed, for this account alone', async () => {
    const backup = await sealed()
    expect(backup).toBe(join(folder, 'backups', 'infusion-watch-20261126T154300Z'))
    expect((await readBackup(backup)).files.map(({ name }) => name)).toEqual(['journal.db'])
  })

  it('is not used when a file is changed, cut or gone', async () => {
    const backup = await sealed()
    appendFileSync(join(backup, 'journal.db'), 'x')
    await expect(readBackup(backup)).rejects.toThrow('is not as it was written')
    rmSync(join(backup, 'journal.db'))
    await expect(readBackup(backup)).rejects.toThrow('is gone')
  })

  it('is none when it was not finished, and its rest goes', async () => {
    const parent = join(folder, 'backups')
    const stopped = async () => {
      await using begun = await beginBackup(parent, madeAt)
      writeFileSync(join(begun.folder, 'journal.db'), 'half')
      await expect(readBackup(begun.folder)).rejects.toThrow('no backup')
      throw new Error('disk full')
    }
    await expect(stopped()).rejects.toThrow('disk full')
    expect(readdirSync(parent)).toEqual([])
  })

  it('names no file outside its folder', async () => {
    const backup = await sealed()
    const manifest = await readBackup(backup)
    const file = { ...manifest.files[0], name: '../journal.db' }
    writeFileSync(join(backup, 'backup.json'), JSON.stringify({ ...manifest, files: [file] }))
    await expect(readBackup(backup)).rejects.toThrow('cannot be read as a backup')
  })

  it('of a newer release is told apart by the schema of its databases', async () => {
    const manifest = await readBackup(await sealed())
    expect(tooNew(manifest, { 'journal.db': 3 })).toBeNull()
    expect(tooNew(manifest, { 'journal.db': 2 })).toContain('use release 0.1.0 or a later one')
  })
})

describe('a data folder', () => {
  it('in which a backup was not put back to the end starts no server, which would begin an empty journal', async () => {
    await expect(assertRestored(folder)).resolves.toBeUndefined()
    mkdirSync(join(folder, 'restoring'))
    await expect(assertRestored(folder)).rejects.toThrow('run "server restore" again')
  })
})

describe('backups that are kept', () => {
  it('are the newest; nothing but a backup is ever removed', async () => {
    await sealed()
    const other = backupName('2026-11-27T00:00:00.000Z')
    expect(olderBackups(['notes', `${other}.part`, backupName(madeAt), other], 1)).toEqual([backupName(madeAt)])
    writeFileSync(join(folder, 'backups', 'notes'), '')
    expect(await removeOlder(join(folder, 'backups'), 1)).toEqual([])
    expect(readdirSync(join(folder, 'backups'))).toEqual([backupName(madeAt), 'notes'])
  })
})
