import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Person } from '#domain/live/views.ts'
import type { Instant } from '#domain/time.ts'

const addChange =
  'INSERT INTO office_change (at, by_user_id, by_name, object, version, changed) VALUES (?, ?, ?, ?, ?, ?)'

/** Who changed what of assignments, teams and rotas; written in the transaction of the change. */
export class OfficeChanges {
  readonly #add: StatementSync

  constructor(database: DatabaseSync) {
    this.#add = database.prepare(addChange)
  }

  /** `changed`: names of fields, never their content. */
  note(change: {
    readonly at: Instant
    readonly by: Person
    readonly object: string
    readonly version: number
    readonly changed: readonly string[]
  }): void {
    const { at, by, object, version, changed } = change
    this.#add.run(at, by.userId, by.name, object, version, changed.join(' '))
  }
}
