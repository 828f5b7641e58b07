import type { Migration } from '../database.ts'

/** Which firmware a pump had since when, as hubs reported it. What is known at first holds for all the time before. */
export const pumpFirmwareMigration: Migration = {
  name: 'pump-firmware',
  sql: `
    CREATE TABLE pump_firmware (
      pump_id TEXT NOT NULL,
      since INTEGER NOT NULL,
      firmware TEXT NOT NULL,
      PRIMARY KEY (pump_id, since)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO pump_firmware
      SELECT pump_id, 0, json_extract(report, '$.firmware') FROM pump WHERE json_extract(report, '$.firmware') IS NOT NULL;
  `,
}
