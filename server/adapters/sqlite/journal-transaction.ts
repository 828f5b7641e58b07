import type { DatabaseSync } from 'node:sqlite'
import { ServerError } from '#server/core/errors.ts'
import { inTransaction } from './database.ts'
import type { SqliteRequestNumbers } from './request-numbers.ts'

/** Runs work in one journal transaction that also carries the request numbers taken since the last one. */
export type JournalTransaction = <T>(work: () => T) => T

export const journalTransaction =
  (database: DatabaseSync, numbers: SqliteRequestNumbers): JournalTransaction =>
  (work) => {
    try {
      const result = inTransaction(database, () => {
        const value = work()
        numbers.flush()
        return value
      })
      numbers.flushed()
      return result
    } catch (error) {
      if (error instanceof ServerError) throw error
      throw new ServerError('SRV_JOURNAL_UNAVAILABLE', 'the journal did not commit', error)
    }
  }
