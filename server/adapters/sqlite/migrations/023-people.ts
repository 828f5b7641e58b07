import type { Migration } from '../database.ts'

/** Links that let somebody in for the first time; `token_hash` is SHA-256 of what is in the link (security.md 4). */
export const peopleMigration: Migration = {
  name: 'people',
  sql: `
    CREATE TABLE app_invitation (
      user_id TEXT PRIMARY KEY REFERENCES app_user (user_id),
      token_hash TEXT NOT NULL UNIQUE,
      expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
}
