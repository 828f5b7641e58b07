import type { Migration } from '../database.ts'

/** Who took somebody's second factors away, and why; `done_at`: since when she has another one. */
export const factorResetsMigration: Migration = {
  name: 'factor-resets',
  sql: `
    CREATE TABLE app_factor_reset (
      reset_id INTEGER PRIMARY KEY,
      user_id TEXT NOT NULL REFERENCES app_user (user_id),
      by_user_id TEXT NOT NULL,
      by_name TEXT NOT NULL,
      reason TEXT NOT NULL,
      reset_at INTEGER NOT NULL,
      done_at INTEGER
    ) STRICT;
    CREATE INDEX app_factor_reset_open ON app_factor_reset (user_id) WHERE done_at IS NULL;
  `,
}
