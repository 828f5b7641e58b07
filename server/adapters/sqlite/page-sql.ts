// Statements on paging's tables, by name: the query-plan test explains the hot ones.

export const pageVersion = 'SELECT version, rest_version, token FROM page_due WHERE root = ?'
export const appendPageEvent = 'INSERT INTO page_event (root, version, at, event) VALUES (?, ?, ?, ?)'
export const putPageDue = `INSERT INTO page_due (root, version, rest_version, due_at, holder, leased_until, token)
  VALUES (?, ?, ?, ?, NULL, NULL, 0) ON CONFLICT DO UPDATE SET version = excluded.version,
  rest_version = excluded.rest_version, due_at = excluded.due_at, holder = NULL, leased_until = NULL`
export const claimPageDue = `UPDATE page_due SET holder = ?1, leased_until = ?2, token = token + 1 WHERE root IN (
    SELECT root FROM page_due WHERE due_at <= ?3 AND (holder IS NULL OR leased_until <= ?3) ORDER BY due_at LIMIT ?4)
  RETURNING root, token, due_at`
export const anyPageDue =
  'SELECT 1 FROM page_due WHERE due_at <= ?1 AND (holder IS NULL OR leased_until <= ?1) ORDER BY due_at LIMIT 1'
export const pageEventsOfRoot = 'SELECT event FROM page_event WHERE root = ? AND version > ? ORDER BY version'
export const restlessRoots =
  'SELECT root FROM page_due WHERE version > rest_version OR due_at IS NOT NULL ORDER BY root'
export const pageEventsSince = 'SELECT event FROM page_event WHERE root = ? AND at >= ? ORDER BY at, version'
export const allUnreached = 'SELECT user_id, name, simulated, since, reason FROM unreached ORDER BY name'
export const putUnreached = `INSERT INTO unreached (user_id, name, simulated, since, reason) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET reason = excluded.reason`
export const deleteUnreached = 'DELETE FROM unreached WHERE user_id = ?'
