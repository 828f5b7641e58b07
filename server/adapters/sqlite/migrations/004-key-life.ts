import type { Migration } from '../database.ts'

/** A key that was replaced is good until `valid_until`; `replaced_by` names its successor. Both null: the hub's present key. */
export const keyLifeMigration: Migration = {
  name: 'key life',
  sql: `
    ALTER TABLE hub_key ADD COLUMN valid_until INTEGER;
    ALTER TABLE hub_key ADD COLUMN replaced_by TEXT REFERENCES hub_key (key_id);
  `,
}
