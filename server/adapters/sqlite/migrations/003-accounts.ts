import type { Migration } from '../database.ts'

/** People and their sessions. `session.id_hash` is SHA-256 of the cookie: the table alone opens nothing (security.md 4). */
export const accountsMigration: Migration = {
  name: 'accounts',
  sql: `
    CREATE TABLE account (
      user_id TEXT PRIMARY KEY,
      name TEXT NOT NULL UNIQUE COLLATE NOCASE,
      role TEXT NOT NULL CHECK (role IN ('nurse', 'lead', 'engineer', 'admin')),
      password_hash TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      disabled_at INTEGER
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE session (
      id_hash BLOB PRIMARY KEY,
      user_id TEXT NOT NULL REFERENCES account (user_id),
      created_at INTEGER NOT NULL,
      last_used_at INTEGER NOT NULL,
      ends_at INTEGER NOT NULL,
      ended_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX session_of_user ON session (user_id);
  `,
}
