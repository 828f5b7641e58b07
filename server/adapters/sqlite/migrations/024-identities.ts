import type { Migration } from '../database.ts'

/** Whose account an identity of a provider signs in to: issuer and subject, never a name or an address. */
export const identitiesMigration: Migration = {
  name: 'identities',
  sql: `
    CREATE TABLE app_identity (
      user_id TEXT PRIMARY KEY REFERENCES app_user (user_id),
      issuer TEXT NOT NULL,
      subject TEXT NOT NULL,
      UNIQUE (issuer, subject)
    ) STRICT, WITHOUT ROWID;
  `,
}
