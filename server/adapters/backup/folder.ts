import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { constants, copyFile, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { backupName, olderBackups } from '#server/core/backup.ts'
import type { BackupFile, BackupManifest } from '#server/core/backup.ts'
import { ServerError } from '#server/core/errors.ts'
import { readManifest } from './manifest.ts'

const manifestFile = 'backup.json'

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

export const isThere = async (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    (error: unknown) => {
      if (isMissing(error)) return false
      throw error
    },
  )

/** Waits until a file or a folder's list of names is on the disk. */
const settle = async (path: string): Promise<void> => {
  await using handle = await open(path, 'r')
  await handle.sync()
}

const hashOf = async (file: string): Promise<string> => {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

/** Copies a file that must not be there yet; on the disk when resolved. */
export const copySettled = async (from: string, to: string): Promise<void> => {
  await copyFile(from, to, constants.COPYFILE_EXCL)
  await settle(to)
}

/** What is said about a file in the manifest; the file is on the disk when resolved. */
export const fileFacts = async (folder: string, name: BackupFile['name']): Promise<Omit<BackupFile, 'schema'>> => {
  const file = join(folder, name)
  await settle(file)
  return { name, bytes: (await stat(file)).size, sha256: await hashOf(file) }
}

/** A folder that becomes a backup when it is sealed; without that it goes when disposed. Throws when it cannot be made. */
export const beginBackup = async (parent: string, madeAt: string) => {
  await mkdir(parent, { recursive: true, mode: 0o700 })
  const whole = join(parent, backupName(madeAt))
  const part = `${whole}.part`
  await mkdir(part, { mode: 0o700 })
  return {
    folder: part,
    /** Where it is from now on. */
    seal: async (manifest: BackupManifest): Promise<string> => {
      await writeFile(join(part, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true })
      await settle(part)
      await rename(part, whole)
      await settle(parent)
      return whole
    },
    [Symbol.asyncDispose]: () => rm(part, { recursive: true, force: true }),
  }
}

/** Removes backups older than the newest `keep`; resolves with their names. */
export const removeOlder = async (parent: string, keep: number): Promise<readonly string[]> => {
  const older = olderBackups(await readdir(parent), keep)
  for (const name of older) await rm(join(parent, name), { recursive: true })
  return older
}

/** A backup each file of which is as it was written. Throws `SRV_BACKUP`. */
export const readBackup = async (folder: string): Promise<BackupManifest> => {
  const text = await readFile(join(folder, manifestFile), 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return null
    throw error
  })
  if (text === null)
    throw new ServerError('SRV_BACKUP', `${folder} is no backup: there is no ${manifestFile}, which is written last`)
  const manifest = parsed(folder, text)
  for (const { name, bytes, sha256 } of manifest.files) {
    const file = join(folder, name)
    if (!(await isThere(file))) throw new ServerError('SRV_BACKUP', `${file} is gone`)
    if ((await stat(file)).size !== bytes || (await hashOf(file)) !== sha256)
      throw new ServerError('SRV_BACKUP', `${file} is not as it was written: take another backup`)
  }
  return manifest
}

const parsed = (folder: string, text: string): BackupManifest => {
  try {
    return readManifest(text)
  } catch (error) {
    throw new ServerError(
      'SRV_BACKUP',
      `${join(folder, manifestFile)} cannot be read as a backup's list of files`,
      error,
    )
  }
}

/** Moves those of `names` that are in `folder` into `aside`; resolves with their names. */
export const moveAside = async (
  folder: string,
  aside: string,
  names: readonly string[],
): Promise<readonly string[]> => {
  const there = (await readdir(folder)).filter((name) => names.includes(name))
  if (there.length > 0) await moveAll(folder, aside, there)
  return there
}

/** On the disk when resolved. */
export const moveAll = async (from: string, to: string, names: readonly string[]): Promise<void> => {
  await mkdir(to, { recursive: true, mode: 0o700 })
  for (const name of names) await rename(join(from, name), join(to, name))
  await settle(to)
  await settle(from)
}
