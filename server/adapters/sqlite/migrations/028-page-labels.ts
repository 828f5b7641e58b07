import type { Migration } from '../database.ts'

/** Earlier releases kept the bed's label with each page; what is about a person stands in `patient_use` alone. Overwritten, not only unlinked. */
export const pageLabelsMigration: Migration = {
  name: 'page-labels',
  sql: `
    PRAGMA secure_delete = ON;
    UPDATE page_event SET event = json_set(event, '$.page.ward', NULL)
      WHERE json_extract(event, '$.page.ward') IS NOT NULL;
  `,
}
