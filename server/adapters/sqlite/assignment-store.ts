import { randomUUID } from 'node:crypto'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { AssignmentDetails, unassigned } from '#domain/assignment/assignment.ts'
import type { Assignment } from '#domain/assignment/assignment.ts'
import type { PumpId } from '#domain/ids.ts'
import type { AssignmentStore, AssignmentWrite } from '#server/core/assignments.ts'
import { ServerError } from '#server/core/errors.ts'
import type { JournalTransaction } from './journal-transaction.ts'
import type { OfficeChanges } from './office-changes.ts'
import type { PatientUseRows } from './patient-use-rows.ts'
import * as sql from './patient-use-sql.ts'
import { text, textOrNull } from './row.ts'
import type { Row } from './row.ts'

/** Names of the fields that differ; `use` for a pump that is taken into use or set free. */
const changedFields = (before: AssignmentDetails | null, after: AssignmentDetails | null): readonly string[] => {
  if (before === null || after === null) return ['use']
  return AssignmentDetails.keyof().options.filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  )
}

export class SqliteAssignmentStore implements AssignmentStore {
  readonly #transaction: JournalTransaction
  readonly #changes: OfficeChanges
  readonly #rows: PatientUseRows
  readonly #current: StatementSync
  readonly #ofPump: StatementSync
  readonly #validAt: StatementSync
  readonly #add: StatementSync

  constructor(database: DatabaseSync, transaction: JournalTransaction, changes: OfficeChanges, rows: PatientUseRows) {
    this.#transaction = transaction
    this.#changes = changes
    this.#rows = rows
    this.#current = database.prepare(sql.currentUses)
    this.#ofPump = database.prepare(sql.usesOfPump)
    this.#validAt = database.prepare(sql.usesValidAt)
    this.#add = database.prepare(sql.addUse)
  }

  async current(): Promise<readonly Assignment[]> {
    return this.#current.all().map((row) => this.#rows.assignment(row))
  }

  async history(pumpId: PumpId): Promise<readonly Assignment[]> {
    return this.#ofPump.all(pumpId).map((row) => this.#rows.assignment(row))
  }

  async validAt(at: number): Promise<readonly Assignment[]> {
    return this.#validAt.all(at).map((row) => this.#rows.assignment(row))
  }

  async put(writes: readonly AssignmentWrite[]): Promise<void> {
    if (writes.length === 0) return
    this.#transaction(() => {
      const known = this.#patientsByLabel()
      for (const write of writes) this.#put(write, known)
    })
  }

  #put({ pumpId, expectedVersion, details, by, at }: AssignmentWrite, known: Map<string, string>): void {
    const last = this.#ofPump.all(pumpId).at(-1)
    const before = last === undefined ? null : this.#rows.assignment(last)
    if ((before?.version ?? 0) !== expectedVersion)
      throw new ServerError('SRV_VERSION_CONFLICT', `the assignment of ${pumpId} was changed meanwhile`)
    const version = expectedVersion + 1
    // A wall clock may have stepped back: stretches stay in order.
    const validFrom = Math.max(at, before?.validFrom ?? at)
    const rowId = randomUUID()
    const patientId = details === null ? null : this.#patientOf(details, before, last, known)
    const { teamId } = details ?? unassigned
    const place = [pumpId, version, validFrom, details === null ? 0 : 1, teamId]
    this.#add.run(rowId, patientId, ...place, ...this.#rows.sealed(rowId, details), by.userId, by.name)
    this.#changes.note({
      at,
      by,
      action: details === null ? 'assignment.end' : 'assignment.set',
      object: `assignment:${pumpId}`,
      version,
      changed: changedFields(before?.details ?? null, details),
      before: before?.details ?? null,
      after: details,
    })
  }

  /** Whoever has the same label now, on this pump or another one, is the same patient; everybody else is a new one. */
  #patientOf(
    { label }: AssignmentDetails,
    before: Assignment | null,
    last: Row | undefined,
    known: Map<string, string>,
  ): string {
    const stays = before !== null && before.details !== null && before.details.label === label
    const same = stays && last !== undefined ? textOrNull(last, 'patient_id') : null
    const patientId = same ?? (label === null ? undefined : known.get(label)) ?? `pt-${randomUUID()}`
    if (label !== null) known.set(label, patientId)
    return patientId
  }

  #patientsByLabel(): Map<string, string> {
    return new Map(
      this.#current.all().flatMap((row) => {
        const label = this.#rows.details(row)?.label ?? null
        return label === null ? [] : [[label, text(row, 'patient_id')]]
      }),
    )
  }
}
