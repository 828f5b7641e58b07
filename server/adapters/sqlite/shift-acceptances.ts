import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { UserId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import type { ShiftAcceptance, ShiftAcceptanceLog } from '#server/core/shift-acceptances.ts'
import type { SqliteAuditTrail } from './audit-trail.ts'
import type { JournalTransaction } from './journal-transaction.ts'
import { number, text } from './row.ts'

const add = 'INSERT OR REPLACE INTO shift_accepted (user_id, at, name) VALUES (?, ?, ?)'
// SQLite takes the bare columns of a max() from the row that has it.
const last = 'SELECT user_id, max(at) AS at, name FROM shift_accepted GROUP BY user_id ORDER BY user_id'

/** In the journal's database. */
export class SqliteShiftAcceptances implements ShiftAcceptanceLog {
  readonly #transaction: JournalTransaction
  readonly #audit: Pick<SqliteAuditTrail, 'add'>
  readonly #add: StatementSync
  readonly #last: StatementSync

  constructor(database: DatabaseSync, transaction: JournalTransaction, audit: Pick<SqliteAuditTrail, 'add'>) {
    this.#transaction = transaction
    this.#audit = audit
    this.#add = database.prepare(add)
    this.#last = database.prepare(last)
  }

  async add({ by, at }: ShiftAcceptance): Promise<void> {
    this.#transaction(() => {
      this.#add.run(by.userId, at, by.name)
      const { userId } = by
      this.#audit.add([{ at: instant(at), actor: userId, action: 'shift.accept', object: `user:${userId}` }])
    })
  }

  async last(): Promise<readonly ShiftAcceptance[]> {
    return this.#last.all().map((row) => ({
      by: { userId: UserId.parse(text(row, 'user_id')), name: text(row, 'name') },
      at: number(row, 'at'),
    }))
  }
}
