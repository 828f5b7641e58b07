// Every statement of the journal, by name: the query-plan test explains each of the hot ones.

export const appendEvent = 'INSERT INTO alarm_event (subject, version, at, event) VALUES (?, ?, ?, ?)'
export const currentVersion = 'SELECT max(version) AS version FROM alarm_event WHERE subject = ?'
export const eventsOfSubject = 'SELECT version, event FROM alarm_event WHERE subject = ? ORDER BY version'
export const eventsAfter =
  'SELECT position, subject, version, at, event FROM alarm_event WHERE position > ? ORDER BY position LIMIT ?'

export const rangesOfBoot =
  'SELECT first_seq, last_seq FROM received_range WHERE hub_id = ? AND boot_id = ? ORDER BY first_seq'
export const putRange =
  'INSERT INTO received_range (hub_id, boot_id, first_seq, last_seq) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET last_seq = excluded.last_seq'
export const deleteRange = 'DELETE FROM received_range WHERE hub_id = ? AND boot_id = ? AND first_seq = ?'
export const hashOf = 'SELECT hash FROM received_hash WHERE hub_id = ? AND boot_id = ? AND seq = ?'
export const addHash = 'INSERT INTO received_hash (hub_id, boot_id, seq, hash) VALUES (?, ?, ?, ?)'

export const bootOf =
  'SELECT numbering, dated_to_ms, start_low, start_high, interval_until_ms FROM boot WHERE hub_id = ? AND boot_id = ?'
export const putBoot = `INSERT INTO boot (hub_id, boot_id, dated_to_ms, start_low, start_high, interval_until_ms)
  VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET dated_to_ms = excluded.dated_to_ms, start_low = excluded.start_low,
  start_high = excluded.start_high, interval_until_ms = excluded.interval_until_ms`
/** What is known of a hub's latest numbering. */
export const latestNumbering = `SELECT boot_id, numbering, max(coalesce(first_seq, 0), coalesce((SELECT max(last_seq)
    FROM received_range WHERE received_range.hub_id = boot.hub_id AND received_range.boot_id = boot.boot_id), 0)) AS highest_seq
  FROM boot WHERE hub_id = ?1 AND numbering = (SELECT max(numbering) FROM boot WHERE hub_id = ?1)`
export const placeBoot = `INSERT INTO boot (hub_id, boot_id, numbering) VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET numbering = excluded.numbering WHERE numbering IS NULL`
/** A boot's place among the boots of its numbering. */
export const noteFirstSeq = `INSERT INTO boot (hub_id, boot_id, first_seq) VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET first_seq = excluded.first_seq WHERE first_seq IS NULL OR first_seq > excluded.first_seq`
export const noteHeard = `INSERT INTO boot (hub_id, boot_id, first_heard_at) VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET first_heard_at = excluded.first_heard_at WHERE first_heard_at IS NULL`
export const anchorsOfBoot =
  'SELECT monotonic_ms, server_at, error_ms FROM anchor WHERE hub_id = ? AND boot_id = ? ORDER BY monotonic_ms'
export const addAnchor =
  'INSERT INTO anchor (hub_id, boot_id, monotonic_ms, server_at, error_ms) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING'
export const knownBefore = `SELECT max(anchor.server_at) AS at FROM boot JOIN anchor USING (hub_id, boot_id)
  WHERE boot.hub_id = ?1 AND boot.boot_id NOT IN (?2, ?3) AND (coalesce(boot.numbering, 0), boot.first_seq) < (?5, ?4)`
export const knownAfter = `SELECT min(anchor.server_at - anchor.monotonic_ms) AS at FROM boot JOIN anchor USING (hub_id, boot_id)
  WHERE boot.hub_id = ?1 AND boot.boot_id <> ?2 
    AND (boot.boot_id = ?3 OR (coalesce(boot.numbering, 0), boot.first_seq) > (?5, ?4))`

export const addRecord = `INSERT INTO hub_record
  (hub_id, boot_id, seq, pump_id, kind, occurred_at, uncertainty_ms, received_at, late, record)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`

export const requestNumbers = 'SELECT hub_id, boot_id, first, last FROM request_number ORDER BY hub_id, boot_id, first'
export const putRequestNumbers =
  'INSERT INTO request_number (hub_id, boot_id, first, last) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET last = excluded.last'
export const deleteRequestNumbers = 'DELETE FROM request_number WHERE hub_id = ? AND boot_id = ? AND first = ?'

export const keyById = `SELECT key_id, hub_key.hub_id, public_key, valid_until, replaced_by,
    hub_key.state = 'active' AND hub.state = 'active' AS active
  FROM hub_key JOIN hub USING (hub_id) WHERE key_id = ?`
export const hubNames = 'SELECT hub_id, name, state, enrolled_at FROM hub ORDER BY hub_id'
export const allHubs = 'SELECT hub_id, name, state, enrolled_at, last_heard_at, last_heartbeat FROM hub ORDER BY hub_id'
export const allPumps = 'SELECT pump_id, hub_id, report, reported_at FROM pump ORDER BY pump_id'
/** The newest boot that was heard (server/core/boot-order.ts), and how far its newest heartbeat got. One that tells no number is new. */
export const newestBeat = `SELECT boot.boot_id, boot.first_heard_at,
    CASE json_extract(hub.last_heartbeat, '$.bootId') WHEN boot.boot_id
      THEN json_extract(hub.last_heartbeat, '$.monotonicMs') END AS monotonic_ms
  FROM boot JOIN hub USING (hub_id) WHERE boot.hub_id = ? AND boot.first_heard_at IS NOT NULL
  ORDER BY coalesce(boot.numbering, 0) DESC, boot.first_seq IS NULL DESC, boot.first_seq DESC, boot.first_heard_at DESC,
    boot.boot_id = json_extract(hub.last_heartbeat, '$.bootId') LIMIT 1`
export const hubHeard = 'UPDATE hub SET last_heard_at = ?, last_heartbeat = ? WHERE hub_id = ?'
export const putPump = `INSERT INTO pump (pump_id, hub_id, report, reported_at) VALUES (?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET hub_id = excluded.hub_id, report = excluded.report, reported_at = excluded.reported_at`
export const addHub = `INSERT INTO hub (hub_id, name, state, created_at) VALUES (?, ?, 'active', ?) ON CONFLICT DO NOTHING`
export const renameHub = 'UPDATE hub SET name = ? WHERE hub_id = ?'
export const hubState = 'UPDATE hub SET state = ? WHERE hub_id = ?'
export const revokeKeys = `UPDATE hub_key SET state = 'revoked' WHERE hub_id = ?`
/** Both keys stay good for a while, so that an answer may be lost and a hub may die between the two. */
export const replaceKey = `UPDATE hub_key SET valid_until = ?, replaced_by = ? WHERE key_id = ? AND replaced_by IS NULL`
export const keysOfHub =
  'SELECT key_id, state, created_at, valid_until FROM hub_key WHERE hub_id = ? ORDER BY created_at, key_id'
export const hubEnrolled = `UPDATE hub SET state = 'active', enrolled_at = ? WHERE hub_id = ?`
export const addKey = `INSERT INTO hub_key (key_id, hub_id, public_key, state, created_at) VALUES (?, ?, ?, 'active', ?) ON CONFLICT DO NOTHING`
export const addClaim = `INSERT INTO claim (claim_id, hub_id, code_mac, created_at, expires_at, tries_left) VALUES (?, ?, ?, ?, ?, ?)`
export const claimUse = 'SELECT hub_id, used_at FROM claim WHERE claim_id = ?'
export const reopenClaim =
  'UPDATE claim SET code_mac = ?, expires_at = ?, tries_left = ? WHERE claim_id = ? AND used_at IS NULL'
export const openClaim = 'SELECT claim_id FROM claim WHERE claim_id = ? AND expires_at > ? AND tries_left > 0'
export const tryClaim = `UPDATE claim SET tries_left = tries_left - 1
  WHERE claim_id = ? AND expires_at > ? AND tries_left > 0 RETURNING code_mac, used_by_key`
/** A used claim answers its own key again: the first reply may be lost. */
export const useClaim = `UPDATE claim SET used_at = coalesce(used_at, ?1), used_by_key = ?2
  WHERE claim_id = ?3 AND expires_at > ?1 AND (used_at IS NULL OR used_by_key = ?2) RETURNING hub_id`
export const addEnrolNonce = 'INSERT INTO enrol_nonce (nonce, claim_id, expires_at) VALUES (?, ?, ?)'
export const openNonces = `SELECT count(*) AS open FROM enrol_nonce WHERE claim_id = ? AND used_at IS NULL AND expires_at > ?`
export const takeEnrolNonce = `UPDATE enrol_nonce SET used_at = ?1
  WHERE nonce = ?2 AND claim_id = ?3 AND used_at IS NULL AND expires_at > ?1 RETURNING nonce`
