import type { DatabaseSync } from 'node:sqlite'
import { UserId } from '#domain/ids.ts'
import { text } from './row.ts'

const allDemoPeople = 'SELECT user_id FROM demo_person'
const addDemoPerson = 'INSERT INTO demo_person (user_id) VALUES (?) ON CONFLICT DO NOTHING'

/** Accounts of the demonstration. Once one, always one: simulated alarms page them, real ones never (alarms.md rule 8). */
export class SqliteDemoPeople {
  readonly #database: DatabaseSync
  readonly #known: Set<UserId>

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#known = new Set(
      database
        .prepare(allDemoPeople)
        .all()
        .map((row) => UserId.parse(text(row, 'user_id'))),
    )
  }

  has(userId: UserId): boolean {
    return this.#known.has(userId)
  }

  add(userId: UserId): void {
    this.#database.prepare(addDemoPerson).run(userId)
    this.#known.add(userId)
  }
}
