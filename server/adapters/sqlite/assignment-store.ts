import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { Assignment, AssignmentDetails, unassigned } from '#domain/assignment/assignment.ts'
import type { PumpId } from '#domain/ids.ts'
import type { AssignmentStore, AssignmentWrite } from '#server/core/assignments.ts'
import { ServerError } from '#server/core/errors.ts'
import type { JournalTransaction } from './journal-transaction.ts'
import type { OfficeChanges } from './office-changes.ts'
import { number, numberOrNull, text, textOrNull } from './row.ts'
import type { Row } from './row.ts'

const stretches = `SELECT pump_id, version, valid_from, in_use, team_id, therapy, criticality, time_zone, plan, by_user_id, by_name,
    label, phone, lead(valid_from) OVER (PARTITION BY pump_id ORDER BY version) AS valid_to
  FROM assignment JOIN assignment_contact USING (pump_id, version)`
const current = `SELECT * FROM (${stretches}) WHERE valid_to IS NULL ORDER BY pump_id`
const validAt = `SELECT * FROM (${stretches}) WHERE valid_from <= ?1 AND (valid_to IS NULL OR valid_to > ?1)`
const ofPump = `${stretches} WHERE pump_id = ? ORDER BY version`
const add = `INSERT INTO assignment
  (pump_id, version, valid_from, in_use, team_id, therapy, criticality, time_zone, plan, by_user_id, by_name)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
const addContact = 'INSERT INTO assignment_contact (pump_id, version, label, phone) VALUES (?, ?, ?, ?)'

const assignmentOfRow = (row: Row): Assignment => {
  const plan = textOrNull(row, 'plan')
  return Assignment.parse({
    pumpId: text(row, 'pump_id'),
    version: number(row, 'version'),
    validFrom: number(row, 'valid_from'),
    validTo: numberOrNull(row, 'valid_to'),
    details:
      number(row, 'in_use') === 0
        ? null
        : {
            label: textOrNull(row, 'label'),
            phone: textOrNull(row, 'phone'),
            teamId: text(row, 'team_id'),
            therapy: textOrNull(row, 'therapy'),
            criticality: text(row, 'criticality'),
            timeZone: textOrNull(row, 'time_zone'),
            plan: plan === null ? null : JSON.parse(plan),
          },
    changedBy: { userId: text(row, 'by_user_id'), name: text(row, 'by_name') },
  })
}

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
  readonly #current: StatementSync
  readonly #ofPump: StatementSync
  readonly #validAt: StatementSync
  readonly #add: StatementSync
  readonly #addContact: StatementSync

  constructor(database: DatabaseSync, transaction: JournalTransaction, changes: OfficeChanges) {
    this.#transaction = transaction
    this.#changes = changes
    this.#current = database.prepare(current)
    this.#ofPump = database.prepare(ofPump)
    this.#validAt = database.prepare(validAt)
    this.#add = database.prepare(add)
    this.#addContact = database.prepare(addContact)
  }

  async current(): Promise<readonly Assignment[]> {
    return this.#current.all().map(assignmentOfRow)
  }

  async history(pumpId: PumpId): Promise<readonly Assignment[]> {
    return this.#ofPump.all(pumpId).map(assignmentOfRow)
  }

  async validAt(at: number): Promise<readonly Assignment[]> {
    return this.#validAt.all(at).map(assignmentOfRow)
  }

  async put(writes: readonly AssignmentWrite[]): Promise<void> {
    if (writes.length > 0) this.#transaction(() => writes.forEach((write) => this.#put(write)))
  }

  #put({ pumpId, expectedVersion, details, by, at }: AssignmentWrite): void {
    const before = this.#ofPump.all(pumpId).map(assignmentOfRow).at(-1)
    if ((before?.version ?? 0) !== expectedVersion)
      throw new ServerError('SRV_VERSION_CONFLICT', `the assignment of ${pumpId} was changed meanwhile`)
    const version = expectedVersion + 1
    const { label, phone, teamId, therapy, criticality, timeZone, plan } = details ?? unassigned
    const planned = plan === null ? null : JSON.stringify(plan)
    const treatment = [teamId, therapy, criticality, timeZone, planned]
    // A wall clock may have stepped back: stretches stay in order.
    const validFrom = Math.max(at, before?.validFrom ?? at)
    this.#add.run(pumpId, version, validFrom, details === null ? 0 : 1, ...treatment, by.userId, by.name)
    this.#addContact.run(pumpId, version, label, phone)
    const changed = changedFields(before?.details ?? null, details)
    const action = details === null ? 'assignment.end' : 'assignment.set'
    this.#changes.note({
      at,
      by,
      action,
      object: `assignment:${pumpId}`,
      version,
      changed,
      before: before?.details ?? null,
      after: details,
    })
  }
}
