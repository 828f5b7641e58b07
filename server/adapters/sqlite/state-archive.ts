import type { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import { alarmStateSchema, type AlarmState } from '#domain/alarm/state.ts'
import type { AlarmEvent } from '#domain/alarm/events.ts'
import type { AlarmView } from '#domain/live/views.ts'
import type { Instant } from '#domain/time.ts'
import { subjectKey, type AlarmSubject } from '#server/core/ports.ts'
import type { KeptClosed, KeptState, StateArchive } from '#server/core/state-archive.ts'
import type { JournalTransaction } from './journal-transaction.ts'
import { number, numberOrNull, text, type Row } from './row.ts'
import * as sql from './state-archive-sql.ts'
import { subjectOfKey } from './subject-key.ts'

/** One kept state stays of every so many events of a subject. */
const stayEveryEvents = 4000

export class SqliteStateArchive implements StateArchive {
  readonly #transaction: JournalTransaction
  readonly #statements

  constructor(database: DatabaseSync, transaction: JournalTransaction) {
    this.#transaction = transaction
    this.#statements = {
      subjects: database.prepare(sql.allSubjects),
      states: database.prepare(sql.statesOfSubject),
      tail: database.prepare(sql.tailOfSubject),
      positionOf: database.prepare(sql.positionOf),
      lastPosition: database.prepare(sql.lastPosition),
      lastVersion: database.prepare(sql.lastVersion),
      committedAt: database.prepare(sql.committedAt),
      atOrAfter: database.prepare(sql.atOrAfter),
      putState: database.prepare(sql.putState),
      dropStates: database.prepare(sql.dropStates),
      putClosed: database.prepare(sql.putClosed),
      newestClosed: database.prepare(sql.newestClosed),
    }
  }

  subjects(): readonly AlarmSubject[] {
    return this.#statements.subjects.all().map((row) => subjectOfKey(text(row, 'subject')))
  }

  latest(subject: AlarmSubject, position = Number.MAX_SAFE_INTEGER): KeptState | null {
    for (const row of this.#statements.states.iterate(subjectKey(subject), alarmStateSchema, position)) {
      const state = text(row, 'state')
      if (crc32(state) !== number(row, 'crc')) continue
      return { subject, version: number(row, 'version'), state: stateOf(state) }
    }
    return null
  }

  tail(subject: AlarmSubject, version: number, position = Number.MAX_SAFE_INTEGER): readonly AlarmEvent[] {
    const rows = this.#statements.tail.all(subjectKey(subject), version, position)
    return rows.map((row) => eventOf(text(row, 'event')))
  }

  since(subject: AlarmSubject, at: Instant): readonly AlarmEvent[] {
    const key = subjectKey(subject)
    const last = lastOf(this.#statements.lastVersion.get(key), 'version')
    return this.tail(
      subject,
      lastWhere(last, (version) => isBefore(this.#statements.committedAt.get(key, version), at)),
    )
  }

  lastPosition(): number {
    return lastOf(this.#statements.lastPosition.get(), 'position')
  }

  positionAt(at: Instant): number {
    return lastWhere(this.lastPosition(), (position) => isBefore(this.#statements.atOrAfter.get(position), at + 1))
  }

  keep(states: readonly KeptState[], closed: readonly KeptClosed[]): void {
    this.#transaction(() => {
      for (const kept of states) this.#put(kept)
      for (const { subject, alarm } of closed)
        this.#statements.putClosed.run(alarm.episodeId, subjectKey(subject), alarmStateSchema, JSON.stringify(alarm))
    })
  }

  closed(limit: number): readonly KeptClosed[] {
    return this.#statements.newestClosed
      .all(alarmStateSchema, limit)
      .map((row) => ({ subject: subjectOfKey(text(row, 'subject')), alarm: viewOf(text(row, 'alarm')) }))
      .toReversed()
  }

  #put({ subject, version, state }: KeptState): void {
    const key = subjectKey(subject)
    const row = this.#statements.positionOf.get(key, version)
    if (row === undefined) return
    const json = JSON.stringify(state)
    this.#statements.putState.run(key, version, number(row, 'position'), alarmStateSchema, crc32(json), json)
    this.#statements.dropStates.run(key, version, stayEveryEvents)
  }
}

const lastOf = (row: Row | undefined, column: string): number =>
  row === undefined ? 0 : (numberOrNull(row, column) ?? 0)
const isBefore = (row: Row | undefined, at: number): boolean => row !== undefined && number(row, 'at') < at

/** The last of 1 … `last` for which it holds, 0 if for none. Commits follow each other in time, so it holds for all before. */
const lastWhere = (last: number, holds: (number: number) => boolean): number => {
  let low = 0
  let high = last
  while (low < high) {
    const middle = low + Math.ceil((high - low) / 2)
    if (holds(middle)) low = middle
    else high = middle - 1
  }
  return low
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only `keep` writes it, and `crc` says that it is as written
const stateOf = (json: string): AlarmState => JSON.parse(json) as AlarmState
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only `keep` writes this column, and `schema` says in which shape
const viewOf = (json: string): AlarmView => JSON.parse(json) as AlarmView
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only `commit` writes this column
const eventOf = (json: string): AlarmEvent => JSON.parse(json) as AlarmEvent
