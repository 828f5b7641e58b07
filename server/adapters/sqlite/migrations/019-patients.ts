import type { Migration } from '../database.ts'

/**
 * The one table about people (security.md 10): what a pump was used for from one change to the next. The columns of
 * `sealedColumns` (server/core/patient-cipher.ts) are AES-256-GCM under the key `key_id`, bound to column and `row_id`. `patient_id` is a pseudonym; null: the pump
 * was free. What stood in `assignment` and `assignment_contact` is moved here, sealed, by `moveAssignments`.
 */
export const patientsMigration: Migration = {
  name: 'patients',
  sql: `
    CREATE TABLE patient_use (
      row_id TEXT PRIMARY KEY,
      patient_id TEXT,
      pump_id TEXT NOT NULL,
      version INTEGER NOT NULL,
      valid_from INTEGER NOT NULL,
      in_use INTEGER NOT NULL,
      team_id TEXT NOT NULL,
      key_id TEXT NOT NULL,
      label BLOB,
      phone BLOB,
      therapy BLOB,
      criticality BLOB,
      time_zone BLOB,
      plan BLOB,
      by_user_id TEXT NOT NULL,
      by_name TEXT NOT NULL,
      erased_at INTEGER,
      UNIQUE (pump_id, version)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX patient_use_of_patient ON patient_use (patient_id);
    CREATE INDEX patient_use_of_key ON patient_use (key_id);
  `,
}
