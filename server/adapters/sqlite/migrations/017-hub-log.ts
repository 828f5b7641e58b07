import type { Migration } from '../database.ts'

/** Notes, tickets and visits of hubs; and the way to a hub's newest records. */
export const hubLogMigration: Migration = {
  name: 'hub-log',
  sql: `
    CREATE TABLE hub_act (
      position INTEGER PRIMARY KEY AUTOINCREMENT,
      request_id TEXT NOT NULL,
      hub_id TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('note', 'ticket', 'visit')),
      text TEXT NOT NULL,
      by_user_id TEXT NOT NULL,
      by_name TEXT NOT NULL,
      at INTEGER NOT NULL,
      UNIQUE (by_user_id, request_id)
    ) STRICT;
    CREATE INDEX hub_act_of_hub ON hub_act (hub_id, position);
    CREATE INDEX hub_act_at ON hub_act (at);
    CREATE INDEX hub_record_of_hub ON hub_record (hub_id, received_at);
  `,
}
