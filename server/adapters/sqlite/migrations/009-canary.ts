import type { Migration } from '../database.ts'

/** Last proofs that the path of an alarm works, and nurses' words that they heard a test page. */
export const canaryMigration: Migration = {
  name: 'canary',
  sql: `
    CREATE TABLE path_proof (
      far_end TEXT NOT NULL CHECK (far_end IN ('hub', 'person')),
      id TEXT NOT NULL,
      proven_at INTEGER NOT NULL,
      took_ms INTEGER NOT NULL,
      PRIMARY KEY (far_end, id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE shift_check (
      user_id TEXT NOT NULL,
      at INTEGER NOT NULL,
      heard INTEGER NOT NULL CHECK (heard IN (0, 1)),
      PRIMARY KEY (user_id, at)
    ) STRICT, WITHOUT ROWID;
  `,
}
