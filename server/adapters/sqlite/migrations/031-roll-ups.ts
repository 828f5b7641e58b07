import type { Migration } from '../database.ts'

/**
 * Which minutes of which pump have to be made anew (server/core/roll-ups/), in the database of the receipts and not in that of the
 * samples: the mark is committed with the proof of arrival, whatever engine keeps the samples.
 *
 * `roll_up_due`    numbers of minutes since the epoch, inclusive, never touching one another
 * `roll_up_pump`   pumps of which everything stored before has been marked
 * `roll_up_place`  one row: which store the marks are about
 */
export const rollUpsMigration: Migration = {
  name: 'roll-ups',
  sql: `
    CREATE TABLE roll_up_due (
      pump_id TEXT NOT NULL,
      first_minute INTEGER NOT NULL,
      last_minute INTEGER NOT NULL,
      PRIMARY KEY (pump_id, first_minute)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE roll_up_pump (pump_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    CREATE TABLE roll_up_place (only INTEGER PRIMARY KEY CHECK (only = 1), place TEXT NOT NULL) STRICT;
  `,
}
