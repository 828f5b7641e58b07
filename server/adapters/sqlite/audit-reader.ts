import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { emptyChain } from '#domain/audit/chain.ts'
import type { ChainEnd } from '#domain/audit/chain.ts'
import { AuditRow } from '#domain/audit/entry.ts'
import type { AuditQuery, AuditReader } from '#server/core/audit.ts'
import * as sql from './audit-sql.ts'
import { bytes, number } from './row.ts'
import type { Row } from './row.ts'

/** The chain as it stands in a database, which may be a copy that nothing may be written to. */
export class SqliteAuditReader implements AuditReader {
  readonly #database: DatabaseSync
  readonly #end: StatementSync
  readonly #after: StatementSync

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#end = database.prepare(sql.chainEnd)
    this.#after = database.prepare(sql.rowsAfter)
  }

  find(query: AuditQuery, limit: number): readonly AuditRow[] {
    const asked = conditions.flatMap(([name, condition]): Asked[] => {
      const value = query[name]
      return value === undefined ? [] : [{ condition, values: [value] }]
    })
    if (query.object !== undefined) asked.push(ofObject(query.object))
    const statement = this.#database.prepare(sql.rowsWhere(asked.map(({ condition }) => condition)))
    return statement.all(...asked.flatMap(({ values }) => values), limit).flatMap((row) => rowOf(row) ?? [])
  }

  after(seq: number, limit: number): readonly (AuditRow | null)[] {
    return this.#after.all(seq, limit).map(rowOf)
  }

  end(): ChainEnd {
    return endOf(this.#end.get())
  }
}

/** Of the newest row, if there is one. */
export const endOf = (row: Row | undefined): ChainEnd =>
  row === undefined ? emptyChain : { seq: number(row, 'seq'), hash: Buffer.from(bytes(row, 'hash')).toString('hex') }

interface Asked {
  readonly condition: string
  readonly values: readonly SQLInputValue[]
}

/** An id may stand behind any kind: each of them is looked up in the index. */
const kinds = ['pump', 'alarm', 'assignment', 'hub', 'user', 'team', 'rota', 'device', 'list', 'permission']

const ofObject = (object: string): Asked => ({
  condition: `object IN (?${', ?'.repeat(kinds.length)})`,
  values: [object, ...kinds.map((kind) => `${kind}:${object}`)],
})

const conditions = [
  ['actor', 'actor = ?'],
  ['action', 'action = ?'],
  ['outcome', 'outcome = ?'],
  ['from', 'ts >= ?'],
  ['to', 'ts < ?'],
  ['before', 'seq < ?'],
] as const satisfies readonly (readonly [keyof AuditQuery, string])[]

const hex = (value: unknown): string | null => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : null)

/** Null: somebody wrote what no row can be. */
const rowOf = (row: Row): AuditRow | null =>
  AuditRow.safeParse({
    seq: row['seq'],
    ts: row['ts'],
    actor: row['actor'],
    action: row['action'],
    outcome: row['outcome'],
    object: row['object'],
    beforeHash: hex(row['before_hash']),
    afterHash: hex(row['after_hash']),
    prevHash: hex(row['prev_hash']),
    hash: hex(row['hash']),
  }).data ?? null
