import { ServerError } from '#server/core/errors.ts'
import type { Database } from './database.ts'
import type { SqliteRequestNumbers } from './request-numbers.ts'

/** Runs work in one journal transaction that also carries the request numbers taken since the last one. */
export type JournalTransaction = <T>(work: () => T) => T

export const journalTransaction =
  (database: Database, numbers: SqliteRequestNumbers): JournalTransaction =>
  (work) => {
    try {
      const result = database.transaction(() => {
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
