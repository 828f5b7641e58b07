import type { Migration } from '../database.ts'

/**
 * States of subjects, so that a start folds the tail of the journal only. Nothing here is the truth: all of it can be made again
 * from `alarm_event`. `schema`: the shape of state and view (domain/alarm/state.ts); another one is ignored.
 */
export const keptStatesMigration: Migration = {
  name: 'kept states',
  sql: `
    CREATE TABLE kept_state (
      subject TEXT NOT NULL,
      version INTEGER NOT NULL,
      position INTEGER NOT NULL,
      schema INTEGER NOT NULL,
      crc INTEGER NOT NULL,
      state TEXT NOT NULL,
      PRIMARY KEY (subject, version)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE closed_alarm (
      number INTEGER PRIMARY KEY,
      episode_id TEXT NOT NULL UNIQUE,
      subject TEXT NOT NULL,
      schema INTEGER NOT NULL,
      alarm TEXT NOT NULL
    ) STRICT;
  `,
}
