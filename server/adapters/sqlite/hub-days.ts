import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { HubId } from '#domain/ids.ts'
import type { HubDayStore, KeptHubDay } from '#server/core/hub-days.ts'
import type { JournalTransaction } from './journal-transaction.ts'
import { number, text } from './row.ts'

const put = `INSERT INTO hub_day (hub_id, last_slot, slots, network) VALUES (?, ?, ?, ?)
  ON CONFLICT (hub_id) DO UPDATE SET last_slot = excluded.last_slot, slots = excluded.slots, network = excluded.network`
const all = 'SELECT hub_id, last_slot, slots, network FROM hub_day ORDER BY hub_id'

/** In the journal's database. */
export class SqliteHubDays implements HubDayStore {
  readonly #transaction: JournalTransaction
  readonly #put: StatementSync
  readonly #all: StatementSync

  constructor(database: DatabaseSync, transaction: JournalTransaction) {
    this.#transaction = transaction
    this.#put = database.prepare(put)
    this.#all = database.prepare(all)
  }

  async all(): Promise<readonly KeptHubDay[]> {
    return this.#all.all().map((row) => ({
      hubId: HubId.parse(text(row, 'hub_id')),
      lastSlot: number(row, 'last_slot'),
      slots: text(row, 'slots'),
      network: row['network'] === null ? null : text(row, 'network'),
    }))
  }

  async put(rows: readonly KeptHubDay[]): Promise<void> {
    this.#transaction(() =>
      rows.forEach(({ hubId, lastSlot, slots, network }) => this.#put.run(hubId, lastSlot, slots, network)),
    )
  }
}
