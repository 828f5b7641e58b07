import type { Migration } from '../database.ts'

/**
 * How a person proves who she is (security.md 4). A session knows what it was opened with and when that was last shown. The tables of
 * people stood here before without a migration of their own.
 */
export const factorsMigration: Migration = {
  name: 'factors',
  sql: `
    CREATE TABLE IF NOT EXISTS app_user (
      user_id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      name_key TEXT NOT NULL UNIQUE,
      role TEXT NOT NULL,
      password_hash TEXT NOT NULL,
      disabled INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE IF NOT EXISTS app_session (
      id_hash TEXT PRIMARY KEY,
      user_id TEXT NOT NULL REFERENCES app_user (user_id),
      started_at INTEGER NOT NULL,
      last_seen_at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS app_kiosk (
      user_id TEXT PRIMARY KEY REFERENCES app_user (user_id),
      team_id TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS app_session_by_user ON app_session (user_id);

    -- A fresh proof gives a session a new id, and what belongs to it follows.
    DROP TABLE IF EXISTS app_session_client;
    CREATE TABLE app_session_client (
      id_hash TEXT PRIMARY KEY REFERENCES app_session (id_hash) ON DELETE CASCADE ON UPDATE CASCADE,
      device TEXT NOT NULL,
      origin TEXT NOT NULL
    ) STRICT;

    ALTER TABLE app_session ADD COLUMN proven_at INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE app_session ADD COLUMN factors TEXT NOT NULL DEFAULT 'password';

    CREATE TABLE app_totp (
      user_id TEXT PRIMARY KEY REFERENCES app_user (user_id),
      key_id TEXT NOT NULL,
      secret BLOB NOT NULL,
      added_at INTEGER NOT NULL,
      last_step INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX app_totp_of_key ON app_totp (key_id);
    CREATE TABLE app_passkey (
      credential_id TEXT PRIMARY KEY,
      user_id TEXT NOT NULL REFERENCES app_user (user_id),
      rp_id TEXT NOT NULL,
      name TEXT NOT NULL,
      public_key BLOB NOT NULL,
      counter INTEGER NOT NULL,
      transports TEXT NOT NULL,
      added_at INTEGER NOT NULL,
      used_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX app_passkey_of_user ON app_passkey (user_id);
    CREATE TABLE app_recovery_code (
      user_id TEXT NOT NULL REFERENCES app_user (user_id),
      code_hash TEXT NOT NULL,
      made_at INTEGER NOT NULL,
      used_at INTEGER,
      PRIMARY KEY (user_id, code_hash)
    ) STRICT, WITHOUT ROWID;
  `,
}
