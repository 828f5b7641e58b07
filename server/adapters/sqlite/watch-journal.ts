import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AuditAction, AuditNote } from '#domain/audit/entry.ts'
import { WatchEvent } from '#domain/hand-over/watch.ts'
import { instant } from '#domain/time.ts'
import type { WatchJournal } from '#server/core/watch-book.ts'
import type { SqliteAuditTrail } from './audit-trail.ts'
import type { JournalTransaction } from './journal-transaction.ts'
import { text } from './row.ts'

const append = 'INSERT INTO shift_event (at, event) VALUES (?, ?)'
const readAll = 'SELECT event FROM shift_event ORDER BY position'

const actions = {
  'watch-started': 'watch.started',
  'watch-noted': 'watch.noted',
  'watch-offered': 'watch.offered',
  'watch-taken': 'watch.taken',
  'watch-offer-ended': 'watch.offer-ended',
  'watch-ended': 'watch.ended',
} as const satisfies Record<WatchEvent['type'], AuditAction>

const noteOf = (event: WatchEvent): AuditNote => ({
  at: instant(event.at),
  actor: event.by.userId,
  action: actions[event.type],
  object: `pump:${event.pumpId}`,
  after: event,
})

export class SqliteWatchJournal implements WatchJournal {
  readonly #transaction: JournalTransaction
  readonly #audit: Pick<SqliteAuditTrail, 'add'>
  readonly #append: StatementSync
  readonly #readAll: StatementSync

  constructor(database: DatabaseSync, transaction: JournalTransaction, audit: Pick<SqliteAuditTrail, 'add'>) {
    this.#transaction = transaction
    this.#audit = audit
    this.#append = database.prepare(append)
    this.#readAll = database.prepare(readAll)
  }

  async append(events: readonly WatchEvent[]): Promise<void> {
    this.#transaction(() => {
      for (const event of events) this.#append.run(event.at, JSON.stringify(event))
      this.#audit.add(events.map(noteOf))
    })
  }

  async readAll(): Promise<readonly WatchEvent[]> {
    return this.#readAll.all().map((row) => WatchEvent.parse(JSON.parse(text(row, 'event'))))
  }
}
