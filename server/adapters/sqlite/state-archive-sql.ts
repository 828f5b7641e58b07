// Statements on kept states, by name: the query-plan test explains the hot ones.

/** Jumps from subject to subject in the index instead of reading all of it. */
export const allSubjects = `WITH RECURSIVE one (subject) AS (
    SELECT min(subject) FROM alarm_event
    UNION ALL SELECT (SELECT min(subject) FROM alarm_event WHERE subject > one.subject) FROM one WHERE one.subject IS NOT NULL)
  SELECT subject FROM one WHERE subject IS NOT NULL`
export const statesOfSubject = `SELECT version, crc, state FROM kept_state
  WHERE subject = ? AND schema = ? AND position <= ? ORDER BY version DESC`
export const tailOfSubject =
  'SELECT event FROM alarm_event WHERE subject = ? AND version > ? AND position <= ? ORDER BY version'
export const positionOf = 'SELECT position FROM alarm_event WHERE subject = ? AND version = ?'
export const lastVersion = 'SELECT max(version) AS version FROM alarm_event WHERE subject = ?'
export const committedAt = 'SELECT at FROM alarm_event WHERE subject = ? AND version = ?'
export const lastPosition = 'SELECT max(position) AS position FROM alarm_event'
export const atOrAfter = 'SELECT position, at FROM alarm_event WHERE position >= ? ORDER BY position LIMIT 1'
export const putState = `INSERT INTO kept_state (subject, version, position, schema, crc, state) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET schema = excluded.schema, crc = excluded.crc, state = excluded.state`
/** One stays of every so many events: enough to look back, a small part of what the events themselves take. */
export const dropStates =
  'DELETE FROM kept_state WHERE subject = ?1 AND version < ?2 AND version / CAST(?3 AS INTEGER) = CAST(?2 AS INTEGER) / CAST(?3 AS INTEGER)'
export const putClosed = `INSERT INTO closed_alarm (episode_id, subject, schema, alarm) VALUES (?, ?, ?, ?)
  ON CONFLICT (episode_id) DO UPDATE SET schema = excluded.schema, alarm = excluded.alarm`
export const newestClosed = `SELECT subject, alarm FROM closed_alarm WHERE schema = ? ORDER BY number DESC LIMIT ?`
