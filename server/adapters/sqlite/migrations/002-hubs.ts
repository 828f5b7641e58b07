import type { Migration } from '../database.ts'

/**
 * Hubs, their keys and how they got in. `claim.code_mac` is HMAC(pepper, code): the code itself is never stored.
 * A pump belongs to the hub that reported it last.
 */
export const hubsMigration: Migration = {
  name: 'hubs',
  sql: `
    CREATE TABLE hub (
      hub_id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('active', 'revoked')),
      created_at INTEGER NOT NULL,
      enrolled_at INTEGER,
      last_heard_at INTEGER,
      last_heartbeat TEXT
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE hub_key (
      key_id TEXT PRIMARY KEY,
      hub_id TEXT NOT NULL REFERENCES hub (hub_id),
      public_key BLOB NOT NULL CHECK (length(public_key) = 32),
      state TEXT NOT NULL CHECK (state IN ('active', 'revoked')),
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX hub_key_of_hub ON hub_key (hub_id);

    CREATE TABLE claim (
      claim_id TEXT PRIMARY KEY,
      hub_id TEXT NOT NULL REFERENCES hub (hub_id),
      code_mac BLOB NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      tries_left INTEGER NOT NULL,
      used_at INTEGER,
      used_by_key TEXT
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE enrol_nonce (
      nonce TEXT PRIMARY KEY,
      claim_id TEXT NOT NULL REFERENCES claim (claim_id),
      expires_at INTEGER NOT NULL,
      used_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX enrol_nonce_of_claim ON enrol_nonce (claim_id);

    CREATE TABLE pump (
      pump_id TEXT PRIMARY KEY,
      hub_id TEXT NOT NULL REFERENCES hub (hub_id),
      report TEXT NOT NULL,
      reported_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
}
