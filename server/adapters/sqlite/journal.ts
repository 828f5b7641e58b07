import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AlarmEvent } from '#domain/alarm/events.ts'
import type { Json } from '#domain/audit/canonical-json.ts'
import type { AuditNote } from '#domain/audit/entry.ts'
import { instant } from '#domain/time.ts'
import { ServerError } from '#server/core/errors.ts'
import {
  subjectKey,
  type AlarmJournal,
  type AlarmSubject,
  type DatedRecord,
  type JournalAct,
  type JournalEffects,
  type JournalEntry,
  type SubjectAppend,
} from '#server/core/ports.ts'
import type { SqliteAuditTrail } from './audit-trail.ts'
import * as sql from './journal-sql.ts'
import type { JournalTransaction } from './journal-transaction.ts'
import type { SqliteLedger } from './ledger.ts'
import type { SqliteReceipts } from './receipts.ts'
import { number, numberOrNull, text } from './row.ts'
import { subjectOfKey } from './subject-key.ts'

const pageSize = 1000

export class SqliteAlarmJournal implements AlarmJournal {
  readonly #database: DatabaseSync
  readonly #transaction: JournalTransaction
  readonly #receipts: SqliteReceipts
  readonly #audit: Pick<SqliteAuditTrail, 'add'>
  readonly #ledger: Pick<SqliteLedger, 'bury'>
  readonly #append: StatementSync
  readonly #version: StatementSync
  readonly #ofSubject: StatementSync
  readonly #after: StatementSync
  readonly #addRecord: StatementSync

  constructor(
    database: DatabaseSync,
    transaction: JournalTransaction,
    receipts: SqliteReceipts,
    audit: Pick<SqliteAuditTrail, 'add'>,
    ledger: Pick<SqliteLedger, 'bury'>,
  ) {
    this.#ledger = ledger
    this.#database = database
    this.#transaction = transaction
    this.#receipts = receipts
    this.#audit = audit
    this.#append = database.prepare(sql.appendEvent)
    this.#version = database.prepare(sql.currentVersion)
    this.#ofSubject = database.prepare(sql.eventsOfSubject)
    this.#after = database.prepare(sql.eventsAfter)
    this.#addRecord = database.prepare(sql.addRecord)
  }

  async load(subject: AlarmSubject) {
    const rows = this.#ofSubject.all(subjectKey(subject))
    const last = rows.at(-1)
    return {
      events: rows.map((row) => parseEvent(text(row, 'event'))),
      version: last === undefined ? 0 : number(last, 'version'),
    }
  }

  async commit(effects: JournalEffects): Promise<void> {
    const committed = this.#transaction(() => {
      for (const append of effects.appends) this.#appendTo(append, effects.at)
      for (const dated of effects.records) this.#keep(dated)
      // Only what a person does has a row: what hubs deliver is never refused for the trail's sake.
      if (effects.act !== undefined) this.#audit.add([actNote(effects.act, effects)])
      if (effects.received.length === 0) return null
      if (effects.hubId === null) throw new TypeError('received records belong to a hub')
      const added = this.#receipts.add(effects.hubId, effects.received)
      const marked = this.#receipts.mark([{ hubId: effects.hubId, stored: effects.stored ?? [] }])
      return () => {
        added()
        marked()
      }
    })
    committed?.()
  }

  async *readAll(after: number): AsyncIterable<JournalEntry> {
    let position = after
    for (;;) {
      const rows = this.#after.all(position, pageSize)
      for (const row of rows) {
        position = number(row, 'position')
        yield {
          position,
          subject: subjectOfKey(text(row, 'subject')),
          version: number(row, 'version'),
          at: instant(number(row, 'at')),
          event: parseEvent(text(row, 'event')),
        }
      }
      if (rows.length < pageSize) return
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#database.isOpen) this.#database.close()
  }

  #appendTo({ subject, expectedVersion, events }: SubjectAppend, at: number): void {
    const key = subjectKey(subject)
    const row = this.#version.get(key)
    const version = row === undefined ? 0 : (numberOrNull(row, 'version') ?? 0)
    if (version !== expectedVersion)
      throw new ServerError('SRV_VERSION_CONFLICT', `${key} is at version ${version}, not ${expectedVersion}`)
    for (const [index, event] of events.entries()) this.#append.run(key, version + index + 1, at, JSON.stringify(event))
  }

  #keep({ hubId, record, occurredAt, uncertaintyMs, receivedAt, late }: DatedRecord): void {
    const { bootId, seq, pumpId, kind } = record
    const row = [pumpId, kind, occurredAt, uncertaintyMs, receivedAt, late ? 1 : 0, JSON.stringify(record)]
    this.#addRecord.run(hubId, bootId, seq, ...row)
    if (record.kind === 'tombstone') this.#ledger.bury(hubId, record.body)
  }
}

const actNote = ({ actor, action, object }: JournalAct, { at, appends }: JournalEffects): AuditNote => ({
  at,
  actor,
  action,
  object,
  // As they are stored: a key that an object lacks is no key of the text either.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JSON was made of is JSON
  after: JSON.parse(JSON.stringify(appends.flatMap(({ events }) => events))) as Json,
})

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only `commit` writes this column
const parseEvent = (json: string): AlarmEvent => JSON.parse(json) as AlarmEvent
