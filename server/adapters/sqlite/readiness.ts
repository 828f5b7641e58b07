import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { UserId } from '#domain/ids.ts'
import { DutyChoice, NotReady } from '#domain/on-call/readiness.ts'
import type { Readiness } from '#domain/on-call/readiness.ts'
import type { ReadinessStore } from '#server/core/readiness-book.ts'
import type { JournalTransaction } from './journal-transaction.ts'
import { number, text } from './row.ts'

const put = `INSERT INTO readiness (user_id, at, duty, failing) VALUES (?, ?, ?, ?)
  ON CONFLICT (user_id) DO UPDATE SET at = excluded.at, duty = excluded.duty, failing = excluded.failing`

/** In the journal's database. */
export class SqliteReadiness implements ReadinessStore {
  readonly #transaction: JournalTransaction
  readonly #put
  readonly #all

  constructor(database: DatabaseSync, transaction: JournalTransaction) {
    this.#transaction = transaction
    this.#put = database.prepare(put)
    this.#all = database.prepare('SELECT user_id, at, duty, failing FROM readiness ORDER BY user_id')
  }

  async all() {
    return this.#all.all().map((row) => ({
      userId: UserId.parse(text(row, 'user_id')),
      at: number(row, 'at'),
      duty: DutyChoice.parse(text(row, 'duty')),
      failing: z.array(NotReady).parse(JSON.parse(text(row, 'failing'))),
    }))
  }

  async put(userId: UserId, { at, duty, failing }: Readiness): Promise<void> {
    this.#transaction(() => void this.#put.run(userId, at, duty, JSON.stringify(failing)))
  }
}
