import { Assignment, AssignmentDetails, unassigned } from '#domain/assignment/assignment.ts'
import { TeamId } from '#domain/on-call/duty.ts'
import { sealedColumns } from '#server/core/patient-cipher.ts'
import type { PatientCipher, SealedColumn } from '#server/core/patient-cipher.ts'
import { number, numberOrNull, text } from './row.ts'
import type { Row } from './row.ts'

/** Texts of the sealed columns, in their order; null: nothing is known. */
type SealedTexts = Readonly<Record<SealedColumn, string | null>>

const textsOf = ({ label, phone, therapy, criticality, timeZone, plan }: AssignmentDetails): SealedTexts => ({
  label,
  phone,
  therapy,
  criticality,
  time_zone: timeZone,
  plan: plan === null ? null : JSON.stringify(plan),
})

const detailsOf = ({ time_zone, plan, ...texts }: SealedTexts, teamId: TeamId): AssignmentDetails =>
  AssignmentDetails.parse({ ...texts, teamId, timeZone: time_zone, plan: plan === null ? null : JSON.parse(plan) })

/**
 * Reads and writes rows of `patient_use`. A row never changes but by erasing, so what was opened once is kept: the list of all pumps is
 * read again after every change.
 */
export class PatientUseRows {
  readonly #cipher: PatientCipher
  readonly #opened = new Map<string, AssignmentDetails>()
  readonly #assignments = new Map<string, Assignment>()

  constructor(cipher: PatientCipher) {
    this.#cipher = cipher
  }

  /** Key id and sealed columns, in the order of `sealedColumns`. */
  sealed(rowId: string, details: AssignmentDetails | null): readonly (string | Uint8Array | null)[] {
    const keyId = this.#cipher.currentKeyId()
    const texts = details === null ? null : textsOf(details)
    const columns = sealedColumns.map((column) => {
      const told = texts?.[column] ?? null
      return told === null ? null : this.#cipher.seal(keyId, { column, rowId }, told)
    })
    return [keyId, ...columns]
  }

  /** The same content under the present key; null: it cannot be opened. */
  resealed(row: Row): readonly (string | Uint8Array | null)[] | null {
    const texts = this.#textsOf(row)
    if (texts === null) return null
    const rowId = text(row, 'row_id')
    const keyId = this.#cipher.currentKeyId()
    const columns = sealedColumns.map((column) => {
      const told = texts[column]
      return told === null ? null : this.#cipher.seal(keyId, { column, rowId }, told)
    })
    return [keyId, ...columns]
  }

  /** Null: nobody used the pump. What cannot be opened or was erased counts as not known, which is critical. */
  details(row: Row): AssignmentDetails | null {
    if (number(row, 'in_use') === 0) return null
    const teamId = TeamId.parse(text(row, 'team_id'))
    if (numberOrNull(row, 'erased_at') !== null) return { ...unassigned, teamId }
    const rowId = text(row, 'row_id')
    const known = this.#opened.get(rowId)
    if (known !== undefined) return known
    const texts = this.#textsOf(row)
    if (texts === null) return { ...unassigned, teamId }
    const details = detailsOf(texts, teamId)
    this.#opened.set(rowId, details)
    return details
  }

  assignment(row: Row): Assignment {
    const rowId = text(row, 'row_id')
    const details = this.details(row)
    const known = this.#assignments.get(rowId)
    if (known !== undefined && known.details === details && known.validTo === numberOrNull(row, 'valid_to'))
      return known
    const assignment: Assignment = { ...this.#parsed(row), details }
    this.#assignments.set(rowId, assignment)
    return assignment
  }

  #parsed(row: Row): Assignment {
    return Assignment.parse({
      pumpId: text(row, 'pump_id'),
      version: number(row, 'version'),
      validFrom: number(row, 'valid_from'),
      validTo: numberOrNull(row, 'valid_to'),
      details: null,
      changedBy: { userId: text(row, 'by_user_id'), name: text(row, 'by_name') },
    })
  }

  /** After an erasure: nothing of it stays in memory. */
  forget(): void {
    this.#opened.clear()
    this.#assignments.clear()
  }

  #textsOf(row: Row): SealedTexts | null {
    const rowId = text(row, 'row_id')
    const keyId = text(row, 'key_id')
    const opened = sealedColumns.map((column) => {
      const sealed = row[column]
      if (!(sealed instanceof Uint8Array)) return [column, null] as const
      return [column, this.#cipher.open(keyId, { column, rowId }, sealed) ?? undefined] as const
    })
    if (opened.some(([, told]) => told === undefined)) return null
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one entry for each column
    return Object.fromEntries(opened) as Record<SealedColumn, string | null>
  }
}
