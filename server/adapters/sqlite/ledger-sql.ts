export const count = `INSERT INTO ledger_hour
    (hub_id, hour, boot_id, pump_id, stored, late, thinned, first_seq, first_at, last_seq, last_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET stored = stored + excluded.stored, late = late + excluded.late,
    thinned = thinned + excluded.thinned,
    first_at = CASE WHEN excluded.first_seq < coalesce(first_seq, 9e18) THEN excluded.first_at ELSE first_at END,
    first_seq = CASE WHEN excluded.first_seq < coalesce(first_seq, 9e18) THEN excluded.first_seq ELSE first_seq END,
    last_at = CASE WHEN excluded.last_seq > coalesce(last_seq, 0) THEN excluded.last_at ELSE last_at END,
    last_seq = CASE WHEN excluded.last_seq > coalesce(last_seq, 0) THEN excluded.last_seq ELSE last_seq END`
export const hoursSince = `SELECT hour, boot_id, pump_id, stored, late, thinned, first_seq, first_at, last_seq, last_at
  FROM ledger_hour WHERE hub_id = ? AND hour >= ? ORDER BY hour DESC LIMIT ?`
export const expireHours = 'DELETE FROM ledger_hour WHERE hub_id = ? AND hour < ?'

export const refusedOf =
  'SELECT first_seq, last_seq FROM refused_range WHERE hub_id = ? AND boot_id = ? ORDER BY first_seq'
export const putRefused = `INSERT INTO refused_range (hub_id, boot_id, first_seq, last_seq) VALUES (?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET last_seq = excluded.last_seq`
export const removeRefused = 'DELETE FROM refused_range WHERE hub_id = ? AND boot_id = ? AND first_seq = ?'

export const addTombstone = `INSERT INTO tombstone_range (hub_id, boot_id, first_seq, last_seq) VALUES (?, ?, ?, ?)
  ON CONFLICT DO NOTHING`
export const tombstonesOf =
  'SELECT first_seq, last_seq FROM tombstone_range WHERE hub_id = ? AND boot_id = ? ORDER BY first_seq'

export const told = `INSERT INTO boot_told (hub_id, boot_id, first_seq, last_seq, at) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET first_seq = min(first_seq, excluded.first_seq), last_seq = excluded.last_seq, at = excluded.at
  WHERE excluded.last_seq > last_seq`
export const toldSince =
  'SELECT boot_id, first_seq, last_seq, at FROM boot_told WHERE hub_id = ? AND at >= ? ORDER BY at DESC LIMIT ?'
export const toldOf = 'SELECT boot_id, first_seq, last_seq, at FROM boot_told WHERE hub_id = ? AND boot_id = ?'
export const expireTold = 'DELETE FROM boot_told WHERE hub_id = ? AND at < ?'
