import type { DatabaseSync } from 'node:sqlite'
import { HubId, UserId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import type { PathProof, PathProofs } from '#server/core/path/path-proofs.ts'
import type { JournalTransaction } from './journal-transaction.ts'
import { number, text } from './row.ts'
import type { Row } from './row.ts'

const put = `INSERT INTO path_proof (far_end, id, proven_at, took_ms) VALUES (?, ?, ?, ?)
  ON CONFLICT (far_end, id) DO UPDATE SET proven_at = excluded.proven_at, took_ms = excluded.took_ms`
const ofEnd = 'SELECT id, proven_at, took_ms FROM path_proof WHERE far_end = ? ORDER BY id'
const addCheck = 'INSERT OR REPLACE INTO shift_check (user_id, at, heard) VALUES (?, ?, ?)'
// SQLite takes the bare columns of a max() from the row that has it.
const lastChecks = 'SELECT user_id, max(at) AS at, heard FROM shift_check GROUP BY user_id ORDER BY user_id'

/** In the journal's database. */
export class SqlitePathProofs implements PathProofs {
  readonly #transaction: JournalTransaction
  readonly #statements

  constructor(database: DatabaseSync, transaction: JournalTransaction) {
    this.#transaction = transaction
    this.#statements = {
      put: database.prepare(put),
      ofEnd: database.prepare(ofEnd),
      addCheck: database.prepare(addCheck),
      lastChecks: database.prepare(lastChecks),
    }
  }

  async hubs() {
    return this.#statements.ofEnd.all('hub').map((row) => proofOf(row, HubId.parse(text(row, 'id'))))
  }

  async people() {
    return this.#statements.ofEnd.all('person').map((row) => proofOf(row, UserId.parse(text(row, 'id'))))
  }

  async hubProven({ id, provenAt, tookMs }: PathProof<HubId>): Promise<void> {
    this.#transaction(() => void this.#statements.put.run('hub', id, provenAt, Math.round(tookMs)))
  }

  async personProven({ id, provenAt, tookMs }: PathProof<UserId>): Promise<void> {
    this.#transaction(() => void this.#statements.put.run('person', id, provenAt, Math.round(tookMs)))
  }

  async addShiftCheck({ userId, at, heard }: Parameters<PathProofs['addShiftCheck']>[0]): Promise<void> {
    this.#transaction(() => void this.#statements.addCheck.run(userId, at, heard ? 1 : 0))
  }

  async shiftChecks() {
    return this.#statements.lastChecks.all().map((row) => ({
      userId: UserId.parse(text(row, 'user_id')),
      at: instant(number(row, 'at')),
      heard: number(row, 'heard') === 1,
    }))
  }
}

const proofOf = <Id>(row: Row, id: Id): PathProof<Id> => ({
  id,
  provenAt: instant(number(row, 'proven_at')),
  tookMs: number(row, 'took_ms'),
})
