import type { Migration } from '../database.ts'

/** What each nurse said at her last sign-in: the duty she chose, what did not work and why. */
export const readinessMigration: Migration = {
  name: 'readiness',
  sql: `
    CREATE TABLE readiness (
      user_id TEXT PRIMARY KEY,
      at INTEGER NOT NULL,
      duty TEXT NOT NULL CHECK (duty IN ('on-call', 'backup', 'looking')),
      failing TEXT NOT NULL CHECK (json_valid(failing))
    ) STRICT, WITHOUT ROWID;
  `,
}
