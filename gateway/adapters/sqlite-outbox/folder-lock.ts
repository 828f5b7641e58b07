import { closeSync, fsyncSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { GatewayError, messageOf } from '../../core/errors.ts'
import { isBusy } from './sqlite-errors.ts'

/** Holds a folder for this process alone. The kernel lets go when the process dies, however it dies; nothing is left behind. */
export const lockFolder = (folder: string): Disposable => {
  let database: DatabaseSync | null = null
  try {
    makeFolder(folder)
    assertWritable(folder)
    database = new DatabaseSync(join(folder, 'lock.db'), { timeout: 0 })
    database.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    database?.close()
    if (isBusy(cause)) throw new GatewayError('GW_OUTBOX_LOCKED', `another gateway process uses ${folder}`, { cause })
    throw new GatewayError(
      'GW_OUTBOX_READONLY',
      `${folder} cannot be written: ${messageOf(cause)}. Is the disk mounted read-only, or does the folder belong to somebody else?`,
      { cause },
    )
  }
  const held = database
  return { [Symbol.dispose]: () => held.close() }
}

/** A new folder's entry in its parent must outlive a power cut, or everything synced inside is gone with it. */
const makeFolder = (folder: string): void => {
  const first = mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  const top = dirname(first)
  for (let path = dirname(resolve(folder)); ; path = dirname(path)) {
    const handle = openSync(path, 'r')
    fsyncSync(handle)
    closeSync(handle)
    if (path === top || path === dirname(path)) return
  }
}

/** SQLite would open files that it cannot write, and tell so only at the first commit. A disk that is full is not meant here. */
const assertWritable = (folder: string): void => {
  const probe = join(folder, '.writable')
  try {
    closeSync(openSync(probe, 'w'))
    rmSync(probe)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error
  }
}
