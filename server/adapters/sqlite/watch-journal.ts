import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { WatchEvent } from '#domain/hand-over/watch.ts'
import type { WatchJournal } from '#server/core/watch-book.ts'
import type { JournalTransaction } from './journal-transaction.ts'
import { text } from './row.ts'

const append = 'INSERT INTO shift_event (at, event) VALUES (?, ?)'
const readAll = 'SELECT event FROM shift_event ORDER BY position'

export class SqliteWatchJournal implements WatchJournal {
  readonly #transaction: JournalTransaction
  readonly #append: StatementSync
  readonly #readAll: StatementSync

  constructor(database: DatabaseSync, transaction: JournalTransaction) {
    this.#transaction = transaction
    this.#append = database.prepare(append)
    this.#readAll = database.prepare(readAll)
  }

  async append(events: readonly WatchEvent[]): Promise<void> {
    this.#transaction(() => events.forEach((event) => this.#append.run(event.at, JSON.stringify(event))))
  }

  async readAll(): Promise<readonly WatchEvent[]> {
    return this.#readAll.all().map((row) => WatchEvent.parse(JSON.parse(text(row, 'event'))))
  }
}
