// The very statements the worker runs; the query-plan test reads them from here.

const row = `boot_id TEXT NOT NULL,
  lane TEXT NOT NULL,
  kind TEXT NOT NULL,
  pump_id TEXT,
  mono_ms REAL NOT NULL,
  wall_ms INTEGER NOT NULL,
  clock_quality TEXT NOT NULL,
  body ANY NOT NULL,
  crc INTEGER NOT NULL`

/** Both files have all tables, so that one code reads them; `PRAGMA user_version` counts. */
export const schemaVersion = 1

/**
 * `records`     what waits for the server's verdict
 * `thinned`     telemetry.db: rows that stand for many; one span is one step of thinning
 * `quarantine`  rows set aside; beyond the cap their bodies go and the hash stays
 * `tombstones`  telemetry.db: committed with the deletion they name, not on the alarm lane yet
 * `copied`      alarm.db: ids of tombstones that are on the alarm lane, so that a copy is made once
 * `ledger`      telemetry.db: how many numbers of a boot tombstones name
 * `marks`       telemetry.db: the next number at an hour of running time; age is running time, which no wall clock can forge
 * `reserve_fill` alarm.db: bytes on their way to become free pages
 * `notes`       facts about the file itself
 */
export const schema = `
CREATE TABLE IF NOT EXISTS records (seq INTEGER PRIMARY KEY AUTOINCREMENT, ${row}) STRICT;
CREATE TABLE IF NOT EXISTS thinned (seq INTEGER PRIMARY KEY AUTOINCREMENT, ${row}, span_ms INTEGER NOT NULL, first_of INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS thinned_by_span ON thinned (span_ms, seq);
CREATE TABLE IF NOT EXISTS quarantine (
  seq INTEGER PRIMARY KEY,
  boot_id TEXT,
  lane TEXT,
  kind TEXT,
  pump_id TEXT,
  mono_ms REAL,
  wall_ms INTEGER,
  clock_quality TEXT,
  body ANY,
  crc INTEGER,
  hash TEXT,
  reason TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS tombstones (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS copied (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ledger (boot_id TEXT PRIMARY KEY, tombstoned INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS marks (uptime_ms INTEGER PRIMARY KEY, seq INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS reserve_fill (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
`

/** Of every table that holds records, in this order; the last is the checksum over the others. */
export const recordColumns = [
  'seq',
  'boot_id',
  'lane',
  'kind',
  'pump_id',
  'mono_ms',
  'wall_ms',
  'clock_quality',
  'body',
  'crc',
] as const

const columns = recordColumns.join(', ')

/** Files of version 0 had text bodies only, a quarantine without hash and lane, and none of the other tables. */
export const fromVersion0 = `
ALTER TABLE records RENAME TO records_0;
ALTER TABLE quarantine RENAME TO quarantine_0;
${schema}
INSERT INTO records (${columns}) SELECT ${columns} FROM records_0 ORDER BY seq;
INSERT INTO quarantine (seq, boot_id, kind, pump_id, mono_ms, wall_ms, clock_quality, body, crc, reason)
  SELECT seq, boot_id, kind, pump_id, mono_ms, wall_ms, clock_quality, body, crc, reason FROM quarantine_0;
DELETE FROM sqlite_sequence WHERE name = 'records';
INSERT INTO sqlite_sequence (name, seq) SELECT 'records', seq FROM sqlite_sequence WHERE name = 'records_0';
DROP TABLE records_0;
DROP TABLE quarantine_0;
`

export const sql = {
  insert: `INSERT INTO records (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  insertThinned: `INSERT INTO thinned (${columns}, span_ms, first_of) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  oldest: `SELECT ${columns} FROM records WHERE seq > ? ORDER BY seq ASC LIMIT ?`,
  newest: `SELECT ${columns} FROM records ORDER BY seq DESC LIMIT ?`,
  oldestThinned: `SELECT ${columns} FROM thinned WHERE seq > ? ORDER BY seq ASC LIMIT ?`,
  oldestOfSpan: `SELECT ${columns} FROM thinned WHERE span_ms = ? AND seq > ? ORDER BY seq ASC LIMIT ?`,
  oldestOf: `SELECT ${columns} FROM records WHERE seq < ? ORDER BY seq ASC LIMIT ?`,
  oldestThinnedOf: `SELECT ${columns} FROM thinned WHERE first_of < ? ORDER BY seq ASC LIMIT ?`,
  oldestStamp: 'SELECT seq, boot_id, mono_ms, wall_ms FROM records ORDER BY seq ASC LIMIT ?',
  oldestThinnedStamp: 'SELECT seq, boot_id, mono_ms, wall_ms FROM thinned ORDER BY seq ASC LIMIT ?',
  remove: 'DELETE FROM records WHERE seq = ?',
  removeThinned: 'DELETE FROM thinned WHERE seq = ?',
  quarantine: `INSERT OR REPLACE INTO quarantine (${columns}, hash, reason) SELECT ${columns}, ?, ? FROM records WHERE seq = ?`,
  quarantineThinned: `INSERT OR REPLACE INTO quarantine (${columns}, hash, reason) SELECT ${columns}, ?, ? FROM thinned WHERE seq = ?`,
  has: 'SELECT 1 FROM records WHERE seq = ?',
  hasThinned: 'SELECT 1 FROM thinned WHERE seq = ?',
  find: 'SELECT kind, pump_id, body FROM records WHERE seq = ?',
  findThinned: 'SELECT kind, pump_id, body FROM thinned WHERE seq = ?',
  countRecords: 'SELECT count(*) AS n FROM records',
  countThinned: 'SELECT count(*) AS n FROM thinned',
  countQuarantine: 'SELECT count(*) AS n FROM quarantine',
  quarantineBytes: 'SELECT coalesce(sum(length(body)), 0) AS n FROM quarantine',
  quarantineWithBody: 'SELECT seq, length(body) AS bytes FROM quarantine WHERE body IS NOT NULL ORDER BY seq LIMIT ?',
  forgetBody: 'UPDATE quarantine SET body = NULL WHERE seq = ?',
  oldestQuarantine: 'SELECT seq, boot_id, wall_ms FROM quarantine ORDER BY seq LIMIT ?',
  removeQuarantine: 'DELETE FROM quarantine WHERE seq = ?',
  highWater: `SELECT max(seq) AS n FROM (SELECT seq FROM sqlite_sequence WHERE name IN ('records', 'thinned')
    UNION ALL SELECT max(seq) FROM records UNION ALL SELECT max(seq) FROM thinned UNION ALL SELECT max(seq) FROM quarantine)`,
  addTombstone: 'INSERT OR IGNORE INTO tombstones (id, body) VALUES (?, ?)',
  tombstones: 'SELECT id, body FROM tombstones ORDER BY id LIMIT ?',
  removeTombstone: 'DELETE FROM tombstones WHERE id = ?',
  addCopied: 'INSERT OR IGNORE INTO copied (id) VALUES (?)',
  isCopied: 'SELECT count(*) AS n FROM copied WHERE id = ?',
  countCopied: 'SELECT count(*) AS n FROM copied',
  forgetCopied: 'DELETE FROM copied',
  count: `INSERT INTO ledger (boot_id, tombstoned) VALUES (?, ?)
    ON CONFLICT DO UPDATE SET tombstoned = tombstoned + excluded.tombstoned`,
  counted: 'SELECT coalesce(sum(tombstoned), 0) AS n FROM ledger',
  addMark: 'INSERT OR REPLACE INTO marks (seq, uptime_ms) VALUES (?, ?)',
  lastMark: 'SELECT coalesce(max(uptime_ms), 0) AS n FROM marks',
  markBefore: 'SELECT coalesce(max(seq), 0) AS n FROM marks WHERE uptime_ms <= ?',
  dropMarks: 'DELETE FROM marks WHERE seq < ?',
  fill: 'INSERT INTO reserve_fill (bytes) VALUES (zeroblob(?))',
  fillBytes: 'SELECT coalesce(sum(length(bytes)), 0) AS n FROM reserve_fill',
  emptyFill: 'DELETE FROM reserve_fill WHERE id IN (SELECT id FROM reserve_fill ORDER BY id LIMIT ?)',
  note: 'INSERT INTO notes (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  noted: 'SELECT value FROM notes WHERE name = ?',
  dropNote: 'DELETE FROM notes WHERE name = ?',
} as const

export type Statement = keyof typeof sql

/** Run all the time, against tables of millions of rows: none of them may scan. */
export const hotStatements = [
  'insert',
  'insertThinned',
  'oldest',
  'newest',
  'oldestThinned',
  'oldestOfSpan',
  'oldestStamp',
  'oldestThinnedStamp',
  'remove',
  'removeThinned',
  'quarantine',
  'quarantineThinned',
  'has',
  'hasThinned',
  'find',
  'findThinned',
  'quarantineWithBody',
  'oldestQuarantine',
  'tombstones',
  'removeTombstone',
  'addCopied',
] as const satisfies readonly Statement[]
