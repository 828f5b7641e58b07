// The very statements the worker runs; the query-plan test reads them from here.

/** Format of both files, as `PRAGMA user_version` counts it. */
export const schemaVersion = 0

export const schema = `
CREATE TABLE IF NOT EXISTS records (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  boot_id TEXT NOT NULL,
  lane TEXT NOT NULL,
  kind TEXT NOT NULL,
  pump_id TEXT,
  mono_ms REAL NOT NULL,
  wall_ms INTEGER NOT NULL,
  clock_quality TEXT NOT NULL,
  body TEXT NOT NULL,
  crc INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS quarantine (
  seq INTEGER PRIMARY KEY,
  boot_id TEXT,
  kind TEXT,
  pump_id TEXT,
  mono_ms REAL,
  wall_ms INTEGER,
  clock_quality TEXT,
  body TEXT,
  crc INTEGER,
  reason TEXT NOT NULL
) STRICT;
`

const columns = 'seq, boot_id, lane, kind, pump_id, mono_ms, wall_ms, clock_quality, body, crc'

export const sql = {
  insert: `INSERT INTO records (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  oldest: `SELECT ${columns} FROM records ORDER BY seq ASC LIMIT ?`,
  newest: `SELECT ${columns} FROM records ORDER BY seq DESC LIMIT ?`,
  oldestWall: 'SELECT wall_ms FROM records ORDER BY seq ASC LIMIT 1',
  remove: 'DELETE FROM records WHERE seq = ?',
  quarantine: `INSERT OR REPLACE INTO quarantine
    SELECT seq, boot_id, kind, pump_id, mono_ms, wall_ms, clock_quality, body, crc, ? FROM records WHERE seq = ?`,
  find: 'SELECT kind, pump_id FROM records WHERE seq = ?',
  countRecords: 'SELECT count(*) AS n FROM records',
  countQuarantine: 'SELECT count(*) AS n FROM quarantine',
  highWater: `SELECT max(seq) AS n FROM (
    SELECT seq FROM sqlite_sequence WHERE name = 'records' UNION ALL SELECT max(seq) FROM records)`,
} as const

/** Run all the time, against tables of millions of rows: none of them may scan. */
export const hotStatements = ['insert', 'oldest', 'newest', 'oldestWall', 'remove', 'quarantine', 'find'] as const
