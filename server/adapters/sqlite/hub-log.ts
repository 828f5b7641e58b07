import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { HubId } from '#domain/ids.ts'
import { HubLogEntry } from '#domain/live/hub-log.ts'
import type { HubRecord } from '#domain/live/hub-log.ts'
import { UplinkRecord } from '#domain/uplink/records.ts'
import type { HubActWrite, HubLogStore } from '#server/core/hub-log.ts'
import type { SqliteAuditTrail } from './audit-trail.ts'
import type { JournalTransaction } from './journal-transaction.ts'
import { number, text } from './row.ts'
import type { Row } from './row.ts'

const add = `INSERT INTO hub_act (request_id, hub_id, kind, text, by_user_id, by_name, at) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO NOTHING`
const ofHub = 'SELECT * FROM hub_act WHERE hub_id = ? ORDER BY position DESC LIMIT ?'
const since = 'SELECT * FROM hub_act WHERE at >= ? ORDER BY position'
export const recordsOfHub = `SELECT occurred_at, uncertainty_ms, received_at, late, record FROM hub_record
  WHERE hub_id = ? ORDER BY received_at DESC LIMIT ?`

const entryOf = (row: Row): HubLogEntry =>
  HubLogEntry.parse({
    hubId: text(row, 'hub_id'),
    kind: text(row, 'kind'),
    text: text(row, 'text'),
    by: { userId: text(row, 'by_user_id'), name: text(row, 'by_name') },
    at: number(row, 'at'),
  })

const recordOf = (row: Row): readonly HubRecord[] => {
  const parsed = UplinkRecord.safeParse(JSON.parse(text(row, 'record')))
  if (!parsed.success || (parsed.data.kind !== 'event' && parsed.data.kind !== 'tombstone')) return []
  const { kind, pumpId, bootId, seq, body } = parsed.data
  return [
    {
      kind,
      what: 'event' in body ? body.event : body.reason,
      pumpId,
      bootId,
      seq,
      occurredAt: number(row, 'occurred_at'),
      uncertaintyMs: number(row, 'uncertainty_ms'),
      receivedAt: number(row, 'received_at'),
      late: number(row, 'late') !== 0,
    },
  ]
}

/** In the journal's database. */
export class SqliteHubLog implements HubLogStore {
  readonly #transaction: JournalTransaction
  readonly #audit: Pick<SqliteAuditTrail, 'add'>
  readonly #add: StatementSync
  readonly #ofHub: StatementSync
  readonly #since: StatementSync
  readonly #records: StatementSync

  constructor(database: DatabaseSync, transaction: JournalTransaction, audit: Pick<SqliteAuditTrail, 'add'>) {
    this.#transaction = transaction
    this.#audit = audit
    this.#add = database.prepare(add)
    this.#ofHub = database.prepare(ofHub)
    this.#since = database.prepare(since)
    this.#records = database.prepare(recordsOfHub)
  }

  async add({ requestId, hubId, kind, text: said, by, at }: HubActWrite): Promise<void> {
    this.#transaction(() => {
      if (this.#add.run(requestId, hubId, kind, said, by.userId, by.name, at).changes === 0) return
      const act = { actor: by.userId, action: 'hub.note', object: `hub:${hubId}` } as const
      this.#audit.add([{ ...act, at, after: { kind, text: said } }])
    })
  }

  of(hubId: HubId, limit: number): readonly HubLogEntry[] {
    return this.#ofHub.all(hubId, limit).map(entryOf)
  }

  since(at: number): readonly HubLogEntry[] {
    return this.#since.all(at).map(entryOf)
  }

  records(hubId: HubId, limit: number): readonly HubRecord[] {
    return this.#records.all(hubId, limit).flatMap(recordOf)
  }
}
