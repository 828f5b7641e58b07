import type { Migration } from '../database.ts'

/**
 * The loss ledger (reliability.md 2): what became of the numbers that hubs gave out. What arrived is in `received_range`.
 *
 * `ledger_hour`      readings stored per hub, hour of their date, boot and pump; the lowest and highest number with their times
 * `refused_range`    numbers that this server refused for good
 * `tombstone_range`  numbers that a tombstone names; those that came before are taken over
 * `boot_told`        the numbers a boot said it had given out, and when
 */
export const ledgerMigration: Migration = {
  name: 'ledger',
  sql: `
    CREATE TABLE ledger_hour (
      hub_id TEXT NOT NULL,
      hour INTEGER NOT NULL,
      boot_id TEXT NOT NULL,
      pump_id TEXT NOT NULL,
      stored INTEGER NOT NULL,
      late INTEGER NOT NULL,
      thinned INTEGER NOT NULL,
      first_seq INTEGER,
      first_at INTEGER,
      last_seq INTEGER,
      last_at INTEGER,
      PRIMARY KEY (hub_id, hour, boot_id, pump_id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE refused_range (
      hub_id TEXT NOT NULL,
      boot_id TEXT NOT NULL,
      first_seq INTEGER NOT NULL,
      last_seq INTEGER NOT NULL,
      PRIMARY KEY (hub_id, boot_id, first_seq)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE tombstone_range (
      hub_id TEXT NOT NULL,
      boot_id TEXT NOT NULL,
      first_seq INTEGER NOT NULL,
      last_seq INTEGER NOT NULL,
      PRIMARY KEY (hub_id, boot_id, first_seq, last_seq)
    ) STRICT, WITHOUT ROWID;
    INSERT OR IGNORE INTO tombstone_range (hub_id, boot_id, first_seq, last_seq)
      SELECT hub_id, json_extract(record, '$.body.bootId'), json_extract(named.value, '$[0]'), json_extract(named.value, '$[1]')
      FROM hub_record, json_each(record, '$.body.ranges') AS named WHERE kind = 'tombstone';

    CREATE TABLE boot_told (
      hub_id TEXT NOT NULL,
      boot_id TEXT NOT NULL,
      first_seq INTEGER NOT NULL,
      last_seq INTEGER NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (hub_id, boot_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX boot_told_at ON boot_told (hub_id, at);
  `,
}
