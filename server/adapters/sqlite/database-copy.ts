import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { ServerError } from '#server/core/errors.ts'
import { number, text } from './row.ts'

/** `schema`: how many migrations the file has had. */
export interface CheckedDatabase {
  readonly schema: number
}

/**
 * Writes what `file` holds at this moment to `target`, a new file without a write-ahead log, while others write to `file`. What was
 * deleted, such as an erased patient, is not in it: the database is written anew, not copied page by page.
 * Throws `SRV_DATABASE_UNUSABLE`.
 */
export const copyDatabase = (file: string, target: string): void => {
  withReader(file, (database) => database.prepare('VACUUM INTO ?').run(target))
}

/** Reads all of `file` and says its schema. Throws `SRV_DATABASE_UNUSABLE` when it is damaged or no database. */
export const checkDatabase = (file: string): CheckedDatabase =>
  withReader(file, (database) => {
    const row = database.prepare('PRAGMA quick_check(1)').get() ?? {}
    const verdict = text(row, 'quick_check')
    if (verdict !== 'ok') throw new ServerError('SRV_DATABASE_UNUSABLE', `${file} is damaged: ${verdict}`)
    return { schema: number(database.prepare('PRAGMA user_version').get() ?? {}, 'user_version') }
  })

const withReader = <T>(file: string, work: (database: DatabaseSync) => T): T => {
  if (!existsSync(file)) throw new ServerError('SRV_DATABASE_UNUSABLE', `there is no ${file}`)
  try {
    const database = new DatabaseSync(file, { readOnly: true, timeout: 10_000 })
    try {
      return work(database)
    } finally {
      database.close()
    }
  } catch (error) {
    if (error instanceof ServerError) throw error
    const why = error instanceof Error ? error.message : String(error)
    throw new ServerError('SRV_DATABASE_UNUSABLE', `${file} cannot be read: ${why}`, error)
  }
}
