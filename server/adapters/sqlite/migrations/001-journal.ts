import type { Migration } from '../database.ts'

/**
 * Alarm events and the proof of what has arrived.
 *
 * `alarm_event`     truth of every alarm: version counts per subject from 1
 * `received_range`  numbers that arrived, both lanes, inclusive, never touching one another
 * `received_hash`   alarm lane: tells a repetition from a forgery
 * `boot`, `anchor`  how a boot's monotonic clock maps to server time (server/core/timeline.ts); `dated_to_ms` only grows
 * `hub_record`      events and tombstones as they came
 * `request_number`  attempts of signed requests, inclusive ranges
 */
export const journalMigration: Migration = {
  name: 'journal',
  sql: `
    CREATE TABLE alarm_event (
      position INTEGER PRIMARY KEY AUTOINCREMENT,
      subject TEXT NOT NULL,
      version INTEGER NOT NULL,
      at INTEGER NOT NULL,
      event TEXT NOT NULL,
      UNIQUE (subject, version)
    ) STRICT;

    CREATE TABLE received_range (
      hub_id TEXT NOT NULL,
      boot_id TEXT NOT NULL,
      first_seq INTEGER NOT NULL,
      last_seq INTEGER NOT NULL,
      PRIMARY KEY (hub_id, boot_id, first_seq)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE received_hash (
      hub_id TEXT NOT NULL,
      boot_id TEXT NOT NULL,
      seq INTEGER NOT NULL,
      hash TEXT NOT NULL,
      PRIMARY KEY (hub_id, boot_id, seq)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE boot (
      hub_id TEXT NOT NULL,
      boot_id TEXT NOT NULL,
      first_seq INTEGER,
      dated_to_ms REAL NOT NULL DEFAULT -1,
      start_low INTEGER,
      start_high INTEGER,
      interval_until_ms REAL,
      first_heard_at INTEGER,
      PRIMARY KEY (hub_id, boot_id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE anchor (
      hub_id TEXT NOT NULL,
      boot_id TEXT NOT NULL,
      monotonic_ms REAL NOT NULL,
      server_at INTEGER NOT NULL,
      error_ms REAL NOT NULL,
      PRIMARY KEY (hub_id, boot_id, monotonic_ms)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE hub_record (
      hub_id TEXT NOT NULL,
      boot_id TEXT NOT NULL,
      seq INTEGER NOT NULL,
      pump_id TEXT,
      kind TEXT NOT NULL,
      occurred_at INTEGER NOT NULL,
      uncertainty_ms REAL NOT NULL,
      received_at INTEGER NOT NULL,
      late INTEGER NOT NULL,
      record TEXT NOT NULL,
      PRIMARY KEY (hub_id, boot_id, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX hub_record_of_pump ON hub_record (pump_id, occurred_at);

    CREATE TABLE request_number (
      hub_id TEXT NOT NULL,
      boot_id TEXT NOT NULL,
      first INTEGER NOT NULL,
      last INTEGER NOT NULL,
      PRIMARY KEY (hub_id, boot_id, first)
    ) STRICT, WITHOUT ROWID;
  `,
}
