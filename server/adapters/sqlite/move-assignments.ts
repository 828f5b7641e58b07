import { randomUUID } from 'node:crypto'
import { AssignmentDetails } from '#domain/assignment/assignment.ts'
import type { Database } from './database.ts'
import type { PatientUseRows } from './patient-use-rows.ts'
import { addUse } from './patient-use-sql.ts'
import { number, text, textOrNull } from './row.ts'
import type { Row } from './row.ts'

const isThere = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'assignment'"
const all = 'SELECT * FROM assignment JOIN assignment_contact USING (pump_id, version) ORDER BY pump_id, version'

interface Stretch {
  readonly pumpId: string
  readonly label: string | null
  readonly patientId: string | null
}

/**
 * What earlier releases kept in plain text is sealed into `patient_use`, in one transaction, and its pages are overwritten: a kill
 * leaves either all of the old or all of the new. Does nothing the second time.
 */
export const moveAssignments = (database: Database, rows: PatientUseRows): void => {
  if (database.prepare(isThere).get() === undefined) return
  database.exec('PRAGMA secure_delete = ON')
  database.transaction(() => {
    const add = database.prepare(addUse)
    let before: Stretch = { pumpId: '', label: null, patientId: null }
    for (const row of database.prepare(all).all()) {
      const pumpId = text(row, 'pump_id')
      const details = oldDetails(row)
      const label = details?.label ?? null
      const stays = before.pumpId === pumpId && before.label === label
      const patientId = details === null ? null : ((stays ? before.patientId : null) ?? `pt-${randomUUID()}`)
      const rowId = randomUUID()
      const place = [pumpId, number(row, 'version'), number(row, 'valid_from'), number(row, 'in_use')]
      const by = [text(row, 'by_user_id'), text(row, 'by_name')]
      add.run(rowId, patientId, ...place, text(row, 'team_id'), ...rows.sealed(rowId, details), ...by)
      before = { pumpId, label, patientId }
    }
    database.exec('DROP TABLE assignment_contact; DROP TABLE assignment')
  })
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
}

const oldDetails = (row: Row): AssignmentDetails | null => {
  if (number(row, 'in_use') === 0) return null
  const plan = textOrNull(row, 'plan')
  return AssignmentDetails.parse({
    label: textOrNull(row, 'label'),
    phone: textOrNull(row, 'phone'),
    teamId: text(row, 'team_id'),
    therapy: textOrNull(row, 'therapy'),
    criticality: text(row, 'criticality'),
    timeZone: textOrNull(row, 'time_zone'),
    plan: plan === null ? null : JSON.parse(plan),
  })
}
