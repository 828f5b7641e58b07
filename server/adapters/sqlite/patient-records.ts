import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { AlarmEvent } from '#domain/alarm/events.ts'
import type { Act } from '#server/core/on-call-store.ts'
import type { PatientCipher, PatientKeys } from '#server/core/patient-cipher.ts'
import type { PatientExport, PatientRecord, PatientRecords } from '#server/core/patient-records.ts'
import type { SqliteAuditTrail } from './audit-trail.ts'
import type { JournalTransaction } from './journal-transaction.ts'
import type { PatientUseRows } from './patient-use-rows.ts'
import * as sql from './patient-use-sql.ts'
import { number, numberOrNull, text } from './row.ts'
import type { Row } from './row.ts'

const alarmsBetween = 'SELECT at, event FROM alarm_event WHERE subject = ? AND at >= ? AND at < ? ORDER BY position'
const looksBetween =
  "SELECT ts, actor FROM audit WHERE object = ? AND action = 'patient.view' AND ts >= ? AND ts < ? ORDER BY seq"

export interface PatientRecordsParts {
  readonly transaction: JournalTransaction
  readonly audit: Pick<SqliteAuditTrail, 'add'>
  readonly rows: PatientUseRows
  readonly keys: PatientKeys
  readonly cipher: PatientCipher
}

/** Patients one by one, for whoever answers to them (security.md 10). */
export class SqlitePatientRecords implements PatientRecords {
  readonly #database: DatabaseSync
  readonly #parts: PatientRecordsParts
  readonly #all: StatementSync
  readonly #ofPatient: StatementSync
  readonly #erase: StatementSync
  readonly #byKey: StatementSync

  constructor(database: DatabaseSync, parts: PatientRecordsParts) {
    this.#database = database
    this.#parts = parts
    this.#all = database.prepare(sql.allUses)
    this.#ofPatient = database.prepare(sql.usesOfPatient)
    this.#erase = database.prepare(sql.eraseUses)
    this.#byKey = database.prepare(sql.countByKey)
  }

  list(): readonly PatientRecord[] {
    const byPatient = Map.groupBy(this.#all.all(), (row) => text(row, 'patient_id'))
    return [...byPatient].map(([patientId, rows]) => this.#recordOf(patientId, rows))
  }

  export(patientId: string, { by, at }: Act): PatientExport | null {
    return this.#parts.transaction(() => {
      const rows = this.#ofPatient.all(patientId)
      if (rows.length === 0) return null
      this.#parts.audit.add([{ at, actor: by.userId, action: 'patient.export', object: `patient:${patientId}` }])
      const record = this.#recordOf(patientId, rows)
      return { ...record, alarms: this.#alarmsOf(record), looks: this.#looksOf(record) }
    })
  }

  erase(patientId: string, { by, at }: Act): 'erased' | 'unknown' | 'in-use' {
    // What is freed is overwritten, and no older copy of it stays in the write-ahead log.
    this.#database.exec('PRAGMA secure_delete = ON')
    const outcome = this.#parts.transaction(() => {
      const rows = this.#ofPatient.all(patientId)
      if (rows.length === 0) return 'unknown'
      if (rows.some((row) => numberOrNull(row, 'valid_to') === null)) return 'in-use'
      this.#erase.run(at, patientId)
      this.#parts.audit.add([{ at, actor: by.userId, action: 'patient.erase', object: `patient:${patientId}` }])
      return 'erased'
    })
    if (outcome === 'erased') {
      this.#parts.rows.forget()
      this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    }
    return outcome
  }

  unreadable(): { readonly rows: number; readonly keyIds: readonly string[] } {
    const here = new Set(this.#parts.keys.keys().map(({ id }) => id))
    const away = this.#byKey.all().filter((row) => !here.has(text(row, 'key_id')))
    return {
      rows: away.reduce((sum, row) => sum + number(row, 'rows'), 0),
      keyIds: away.map((row) => text(row, 'key_id')),
    }
  }

  #recordOf(patientId: string, rows: readonly Row[]): PatientRecord {
    const erased = rows.map((row) => numberOrNull(row, 'erased_at')).find((at) => at !== null)
    return { patientId, uses: rows.map((row) => this.#parts.rows.assignment(row)), erasedAt: erased ?? null }
  }

  #alarmsOf({ uses }: PatientRecord): PatientExport['alarms'] {
    const statement = this.#database.prepare(alarmsBetween)
    return uses.flatMap(({ pumpId, validFrom, validTo }) =>
      statement.all(`pump:${pumpId}`, validFrom, validTo ?? Number.MAX_SAFE_INTEGER).map((row) => ({
        pumpId,
        at: number(row, 'at'),
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only the journal writes this column
        event: JSON.parse(text(row, 'event')) as AlarmEvent,
      })),
    )
  }

  #looksOf({ uses }: PatientRecord): PatientExport['looks'] {
    const statement = this.#database.prepare(looksBetween)
    return uses.flatMap(({ pumpId, validFrom, validTo }) =>
      statement
        .all(`pump:${pumpId}`, validFrom, validTo ?? Number.MAX_SAFE_INTEGER)
        .map((row) => ({ pumpId, actor: text(row, 'actor'), at: number(row, 'ts') })),
    )
  }
}
