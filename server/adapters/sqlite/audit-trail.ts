import { createHash, createHmac } from 'node:crypto'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { canonicalJson } from '#domain/audit/canonical-json.ts'
import type { Json } from '#domain/audit/canonical-json.ts'
import { rowHash } from '#domain/audit/chain.ts'
import type { ChainEnd, ChainHash } from '#domain/audit/chain.ts'
import type { AuditNote } from '#domain/audit/entry.ts'
import type { Audit, AuditedChange } from '#server/core/audit.ts'
import { endOf } from './audit-reader.ts'
import * as sql from './audit-sql.ts'
import type { JournalTransaction } from './journal-transaction.ts'

export const chainHash: ChainHash = (previous, text) =>
  createHash('sha256').update(Buffer.from(previous, 'hex')).update(text).digest('hex')

/** Writes the chain. Each row follows the newest one of the database, which another process may have written. */
export class SqliteAuditTrail implements Audit {
  readonly #database: DatabaseSync
  readonly #transaction: JournalTransaction
  readonly #contentKey: Uint8Array
  readonly #end: StatementSync
  readonly #append: StatementSync

  /** `contentKey`: contents are hashed under it, so that nobody who reads the trail alone can try a telephone number out. */
  constructor(database: DatabaseSync, transaction: JournalTransaction, contentKey: Uint8Array) {
    this.#database = database
    this.#transaction = transaction
    this.#contentKey = contentKey
    this.#end = database.prepare(sql.chainEnd)
    this.#append = database.prepare(sql.appendRow)
  }

  /** Part of a transaction that is open; what throws here undoes the change it belongs to. */
  add(notes: readonly AuditNote[]): void {
    if (notes.length === 0) return
    if (!this.#database.isTransaction) throw new TypeError('an audit row belongs to the transaction of its change')
    let end = this.end()
    for (const note of notes) end = this.#put(end, note)
  }

  async note(notes: readonly AuditNote[]): Promise<void> {
    if (notes.length > 0) this.#transaction(() => this.add(notes))
  }

  /** For adapters with tables of their own in this database. */
  readonly change: AuditedChange = (work) =>
    this.#transaction(() => {
      const notes: AuditNote[] = []
      const result = work((note) => void notes.push(note))
      this.add(notes)
      return result
    })

  end(): ChainEnd {
    return endOf(this.#end.get())
  }

  #put(end: ChainEnd, { at, actor, action, outcome = 'done', object, before, after }: AuditNote): ChainEnd {
    const row = {
      seq: end.seq + 1,
      ts: Math.round(at),
      actor,
      action,
      outcome,
      object,
      beforeHash: this.#contentHash(before),
      afterHash: this.#contentHash(after),
      prevHash: end.hash,
    }
    const hash = rowHash(chainHash, row)
    const { seq, ts, beforeHash, afterHash, prevHash } = row
    const hashes = [blob(beforeHash), blob(afterHash), Buffer.from(prevHash, 'hex'), Buffer.from(hash, 'hex')]
    this.#append.run(seq, ts, actor, action, outcome, object, ...hashes)
    return { seq, hash }
  }

  #contentHash(content: Json | undefined): string | null {
    if (content === undefined || content === null) return null
    return createHmac('sha256', this.#contentKey).update(canonicalJson(content)).digest('hex')
  }
}

const blob = (hash: string | null): Buffer | null => (hash === null ? null : Buffer.from(hash, 'hex'))
