import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ServerError } from '#server/core/errors.ts'

/**
 * Holds a folder for this server alone: two of them would each show half of what happens. The kernel lets go when the process dies,
 * however it dies. Throws `SRV_DATA_IN_USE`, or `SRV_DATABASE_UNUSABLE` when the folder cannot be made or written.
 */
export const lockFolder = (folder: string): Disposable => {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const database = new DatabaseSync(join(folder, 'lock.db'), { timeout: 0 })
    try {
      database.exec('BEGIN EXCLUSIVE')
    } catch (error) {
      database.close()
      throw error
    }
    return { [Symbol.dispose]: () => database.close() }
  } catch (error) {
    if (isLocked(error)) throw new ServerError('SRV_DATA_IN_USE', `Another server process uses ${folder}.`, error)
    const why = error instanceof Error ? error.message : String(error)
    throw new ServerError('SRV_DATABASE_UNUSABLE', `DATA_DIR ${folder} cannot be used: ${why}.`, error)
  }
}

/** SQLITE_BUSY, with its extended codes. */
const isLocked = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === 5
