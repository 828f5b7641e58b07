import type { Migration } from '../database.ts'

/** Browsers that pages are pushed to, and a row that is written to see whether anything can be. */
export const pushMigration: Migration = {
  name: 'push',
  sql: `
    CREATE TABLE push_device (
      device_id TEXT PRIMARY KEY,
      user_id TEXT NOT NULL,
      endpoint TEXT NOT NULL UNIQUE,
      p256dh TEXT NOT NULL,
      auth TEXT NOT NULL,
      name TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      last_ok_at INTEGER,
      last_failure_at INTEGER,
      last_failure TEXT,
      last_shown_at INTEGER,
      gone_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX push_device_of_user ON push_device (user_id);

    CREATE TABLE written (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      at INTEGER NOT NULL
    ) STRICT;
  `,
}
