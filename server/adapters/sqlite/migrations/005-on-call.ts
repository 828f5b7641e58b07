import type { Migration } from '../database.ts'

/**
 * What pumps are used for, who is on call, and who changed what.
 *
 * `assignment`          one row per change of a pump, valid until the next one; `in_use` 0: the pump is free
 * `assignment_contact`  the words about a person, apart from everything else (security.md 10)
 * `team`, `team_member` who answers for which pumps; a user without a team belongs to the default team
 * `rota`                one row per change of a team's rota, the newest one holds
 * `shift_event`         who watches which pump, and to whom it is offered: append only, folded at start
 * `office_change`       who changed what of all this, by name of the field, never its content
 */
export const onCallMigration: Migration = {
  name: 'on-call',
  sql: `
    CREATE TABLE assignment (
      pump_id TEXT NOT NULL,
      version INTEGER NOT NULL,
      valid_from INTEGER NOT NULL,
      in_use INTEGER NOT NULL,
      team_id TEXT NOT NULL,
      therapy TEXT,
      criticality TEXT NOT NULL,
      time_zone TEXT,
      plan TEXT,
      by_user_id TEXT NOT NULL,
      by_name TEXT NOT NULL,
      PRIMARY KEY (pump_id, version)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE assignment_contact (
      pump_id TEXT NOT NULL,
      version INTEGER NOT NULL,
      label TEXT,
      phone TEXT,
      PRIMARY KEY (pump_id, version),
      FOREIGN KEY (pump_id, version) REFERENCES assignment (pump_id, version)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE team (
      team_id TEXT PRIMARY KEY,
      name TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE team_member (
      team_id TEXT NOT NULL REFERENCES team (team_id),
      user_id TEXT NOT NULL,
      PRIMARY KEY (team_id, user_id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE rota (
      team_id TEXT NOT NULL REFERENCES team (team_id),
      version INTEGER NOT NULL,
      at INTEGER NOT NULL,
      by_user_id TEXT NOT NULL,
      by_name TEXT NOT NULL,
      rota TEXT NOT NULL,
      PRIMARY KEY (team_id, version)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE shift_event (
      position INTEGER PRIMARY KEY AUTOINCREMENT,
      at INTEGER NOT NULL,
      event TEXT NOT NULL
    ) STRICT;

    CREATE TABLE office_change (
      position INTEGER PRIMARY KEY AUTOINCREMENT,
      at INTEGER NOT NULL,
      by_user_id TEXT NOT NULL,
      by_name TEXT NOT NULL,
      object TEXT NOT NULL,
      version INTEGER NOT NULL,
      changed TEXT NOT NULL
    ) STRICT;
  `,
}
