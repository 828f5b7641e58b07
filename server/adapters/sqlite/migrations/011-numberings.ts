import type { Migration } from '../database.ts'

/**
 * Which of its hub's numberings a boot's numbers belong to (server/core/boot-order.ts); null until the boot is placed. Boots from
 * before this are of the first: what was told of them has no numbering in the journal and comes before everything that has one.
 */
export const numberingsMigration: Migration = {
  name: 'numberings of boots',
  sql: `
    ALTER TABLE boot ADD COLUMN numbering INTEGER;
    UPDATE boot SET numbering = 0;
  `,
}
