export const totpOf = 'SELECT * FROM app_totp WHERE user_id = ?'
export const setTotp = `INSERT INTO app_totp (user_id, key_id, secret, added_at, last_step) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (user_id) DO UPDATE SET key_id = excluded.key_id, secret = excluded.secret, added_at = excluded.added_at,
    last_step = excluded.last_step`
export const removeTotp = 'DELETE FROM app_totp WHERE user_id = ?'
export const useTotpStep = 'UPDATE app_totp SET last_step = ? WHERE user_id = ? AND last_step < ?'
export const totpsUnderOtherKeys = 'SELECT * FROM app_totp WHERE key_id <> ?'
export const resealTotp = 'UPDATE app_totp SET key_id = ?, secret = ? WHERE user_id = ?'

export const passkeysOf = 'SELECT * FROM app_passkey WHERE user_id = ? ORDER BY added_at, credential_id'
export const passkeyById = 'SELECT * FROM app_passkey WHERE credential_id = ?'
export const addPasskey = `INSERT INTO app_passkey
  (credential_id, user_id, rp_id, name, public_key, counter, transports, added_at, used_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL) ON CONFLICT DO NOTHING`
export const usedPasskey = 'UPDATE app_passkey SET counter = ?, used_at = ? WHERE credential_id = ?'
export const renamePasskey = 'UPDATE app_passkey SET name = ? WHERE credential_id = ? AND user_id = ?'
export const removePasskey = 'DELETE FROM app_passkey WHERE credential_id = ? AND user_id = ?'
export const removePasskeysOf = 'DELETE FROM app_passkey WHERE user_id = ?'

export const recoveryLeft = 'SELECT count(*) AS codes FROM app_recovery_code WHERE user_id = ? AND used_at IS NULL'
export const addRecoveryCode = 'INSERT INTO app_recovery_code (user_id, code_hash, made_at) VALUES (?, ?, ?)'
export const removeRecoveryCodes = 'DELETE FROM app_recovery_code WHERE user_id = ?'
export const useRecoveryCode = `UPDATE app_recovery_code SET used_at = ?
  WHERE user_id = ? AND code_hash = ? AND used_at IS NULL`

export const addReset = `INSERT INTO app_factor_reset (user_id, by_user_id, by_name, reason, reset_at)
  VALUES (?, ?, ?, ?, ?)`
export const openReset = `SELECT * FROM app_factor_reset WHERE user_id = ? AND done_at IS NULL
  ORDER BY reset_id DESC LIMIT 1`
export const resetsDone = 'UPDATE app_factor_reset SET done_at = ? WHERE user_id = ? AND done_at IS NULL'
export const endSessionsOf = 'DELETE FROM app_session WHERE user_id = ? RETURNING id_hash'
