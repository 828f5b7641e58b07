import { sealedColumns } from '#server/core/patient-cipher.ts'

const sealed = sealedColumns.join(', ')

const stretches = `SELECT *, lead(valid_from) OVER (PARTITION BY pump_id ORDER BY version) AS valid_to FROM patient_use`

export const currentUses = `SELECT * FROM (${stretches}) WHERE valid_to IS NULL ORDER BY pump_id`
export const usesValidAt = `SELECT * FROM (${stretches}) WHERE valid_from <= ?1 AND (valid_to IS NULL OR valid_to > ?1)`
export const usesOfPump = `${stretches} WHERE pump_id = ? ORDER BY version`
export const usesOfPatient = `SELECT * FROM (${stretches}) WHERE patient_id = ? ORDER BY valid_from, pump_id`
export const allUses = `SELECT * FROM (${stretches}) WHERE patient_id IS NOT NULL ORDER BY patient_id, valid_from`
export const addUse = `INSERT INTO patient_use
  (row_id, patient_id, pump_id, version, valid_from, in_use, team_id, key_id, ${sealed}, by_user_id, by_name)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

/** Nothing about the person stays; that the pump was in use then, and for which team, does. */
export const eraseUses = `UPDATE patient_use SET erased_at = ?, ${sealedColumns.map((column) => `${column} = NULL`).join(', ')}
  WHERE patient_id = ?`

export const usesUnderOtherKeys = 'SELECT * FROM patient_use WHERE key_id <> ? AND row_id > ? ORDER BY row_id LIMIT ?'
export const countUnderOtherKeys = 'SELECT count(*) AS rows FROM patient_use WHERE key_id <> ?'
export const countByKey = 'SELECT key_id, count(*) AS rows FROM patient_use GROUP BY key_id'
export const resealUse = `UPDATE patient_use SET key_id = ?, ${sealedColumns.map((column) => `${column} = ?`).join(', ')} WHERE row_id = ?`
