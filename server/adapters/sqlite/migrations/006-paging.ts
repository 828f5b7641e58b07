import type { Migration } from '../database.ts'

/**
 * What was done to reach people, append-only, and when each root is looked at again. `page_due.rest_version`: the root was at rest
 * up to there. A claim raises `token`: who holds an older one cannot write any more (alarms.md, "Paging").
 */
export const pagingMigration: Migration = {
  name: 'paging',
  sql: `
    CREATE TABLE page_event (
      position INTEGER PRIMARY KEY,
      root TEXT NOT NULL,
      version INTEGER NOT NULL,
      at INTEGER NOT NULL,
      event TEXT NOT NULL,
      UNIQUE (root, version)
    ) STRICT;
    CREATE INDEX page_event_of_root ON page_event (root, at);

    CREATE TABLE page_due (
      root TEXT PRIMARY KEY,
      version INTEGER NOT NULL,
      rest_version INTEGER NOT NULL,
      due_at INTEGER,
      holder TEXT,
      leased_until INTEGER,
      token INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX page_due_at ON page_due (due_at) WHERE due_at IS NOT NULL;

    CREATE TABLE unreached (
      user_id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      simulated INTEGER NOT NULL,
      since INTEGER NOT NULL,
      reason TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE demo_person (
      user_id TEXT PRIMARY KEY
    ) STRICT, WITHOUT ROWID;
  `,
}
