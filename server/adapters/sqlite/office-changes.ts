import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Json } from '#domain/audit/canonical-json.ts'
import type { AuditAction } from '#domain/audit/entry.ts'
import type { Person } from '#domain/live/views.ts'
import type { Instant } from '#domain/time.ts'
import type { SqliteAuditTrail } from './audit-trail.ts'

const addChange =
  'INSERT INTO office_change (at, by_user_id, by_name, object, version, changed) VALUES (?, ?, ?, ?, ?, ?)'

/** Who changed what of assignments, teams and rotas; written in the transaction of the change. */
export class OfficeChanges {
  readonly #add: StatementSync
  readonly #audit: Pick<SqliteAuditTrail, 'add'>

  constructor(database: DatabaseSync, audit: Pick<SqliteAuditTrail, 'add'>) {
    this.#add = database.prepare(addChange)
    this.#audit = audit
  }

  /** `changed`: names of fields, never their content. */
  note(change: {
    readonly at: Instant
    readonly by: Person
    readonly action: AuditAction
    readonly object: string
    readonly version: number
    readonly changed: readonly string[]
    readonly before: Json
    readonly after: Json
  }): void {
    const { at, by, action, object, version, changed, before, after } = change
    this.#add.run(at, by.userId, by.name, object, version, changed.join(' '))
    this.#audit.add([{ at, actor: by.userId, action, object, before, after }])
  }
}
