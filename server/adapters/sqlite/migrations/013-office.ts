import type { Migration } from '../database.ts'

/** Who read a hand-over sheet back, and how each hub was heard over the last day. */
export const officeMigration: Migration = {
  name: 'office',
  sql: `
    CREATE TABLE shift_accepted (
      user_id TEXT NOT NULL,
      at INTEGER NOT NULL,
      name TEXT NOT NULL,
      PRIMARY KEY (user_id, at)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE hub_day (
      hub_id TEXT PRIMARY KEY,
      last_slot INTEGER NOT NULL,
      slots TEXT NOT NULL,
      network TEXT
    ) STRICT, WITHOUT ROWID;
  `,
}
