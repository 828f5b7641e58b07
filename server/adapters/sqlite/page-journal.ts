import type { DatabaseSync } from 'node:sqlite'
import { UserId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import { PageRoot, type PageEvent } from '#domain/paging/events.ts'
import { ServerError } from '#server/core/errors.ts'
import type { DueRoot, PageJournal, RootAppend, Unreached } from '#server/core/paging/page-journal.ts'
import type { JournalTransaction } from './journal-transaction.ts'
import * as sql from './page-sql.ts'
import { number, numberOrNull, text } from './row.ts'

/** In the journal's database, so that pages and alarms share its promises. */
export class SqlitePageJournal implements PageJournal {
  readonly #transaction: JournalTransaction
  readonly #statements

  constructor(database: DatabaseSync, transaction: JournalTransaction) {
    this.#transaction = transaction
    this.#statements = {
      version: database.prepare(sql.pageVersion),
      append: database.prepare(sql.appendPageEvent),
      putDue: database.prepare(sql.putPageDue),
      claim: database.prepare(sql.claimPageDue),
      anyDue: database.prepare(sql.anyPageDue),
      ofRoot: database.prepare(sql.pageEventsOfRoot),
      restless: database.prepare(sql.restlessRoots),
      since: database.prepare(sql.pageEventsSince),
      unreached: database.prepare(sql.allUnreached),
      putUnreached: database.prepare(sql.putUnreached),
      deleteUnreached: database.prepare(sql.deleteUnreached),
    }
  }

  async commit(
    appends: readonly RootAppend[],
    reached: { readonly yes: readonly Person[]; readonly no: readonly Unreached[] },
  ): Promise<void> {
    this.#transaction(() => {
      for (const append of appends) this.#append(append)
      for (const { userId } of reached.yes) this.#statements.deleteUnreached.run(userId)
      for (const { person, simulated, since, reason } of reached.no)
        this.#statements.putUnreached.run(person.userId, person.name, simulated ? 1 : 0, since, reason)
    })
  }

  async claim(now: number, holder: string, leaseMs: number, limit: number): Promise<readonly DueRoot[]> {
    // A look costs no write as long as nothing is due.
    if (this.#statements.anyDue.get(now) === undefined) return []
    return this.#transaction(() =>
      this.#statements.claim
        .all(holder, now + leaseMs, now, limit)
        .toSorted((a, b) => (numberOrNull(a, 'due_at') ?? 0) - (numberOrNull(b, 'due_at') ?? 0))
        .map((row) => ({ root: PageRoot.parse(text(row, 'root')), token: number(row, 'token') })),
    )
  }

  async load(root: PageRoot) {
    const row = this.#statements.version.get(root)
    if (row === undefined) return { events: [], version: 0 }
    const events = this.#statements.ofRoot.all(root, number(row, 'rest_version'))
    return { events: events.map((one) => parseEvent(text(one, 'event'))), version: number(row, 'version') }
  }

  async restless(): Promise<readonly PageRoot[]> {
    return this.#statements.restless.all().map((row) => PageRoot.parse(text(row, 'root')))
  }

  async since(root: PageRoot, from: number): Promise<readonly PageEvent[]> {
    return this.#statements.since.all(root, Math.floor(from)).map((row) => parseEvent(text(row, 'event')))
  }

  async unreached(): Promise<readonly Unreached[]> {
    return this.#statements.unreached.all().map((row) => ({
      person: { userId: UserId.parse(text(row, 'user_id')), name: text(row, 'name') },
      simulated: number(row, 'simulated') === 1,
      since: number(row, 'since'),
      reason: text(row, 'reason'),
    }))
  }

  #append({ root, expectedVersion, events, nextDue, token }: RootAppend): void {
    const row = this.#statements.version.get(root)
    const version = row === undefined ? 0 : number(row, 'version')
    if (version !== expectedVersion)
      throw new ServerError('SRV_VERSION_CONFLICT', `${root} is at version ${version}, not ${expectedVersion}`)
    if (token !== null && (row === undefined || number(row, 'token') !== token))
      throw new ServerError('SRV_VERSION_CONFLICT', `${root} was claimed by somebody else meanwhile`)
    let rest = row === undefined ? 0 : number(row, 'rest_version')
    for (const [index, event] of events.entries()) {
      const at = version + index + 1
      if (event.type === 'root-at-rest') rest = at
      this.#statements.append.run(root, at, Math.floor(event.at), JSON.stringify(event))
    }
    this.#statements.putDue.run(root, version + events.length, rest, nextDue)
  }
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only `commit` writes this column
const parseEvent = (json: string): PageEvent => JSON.parse(json) as PageEvent
