import type { Migration } from '../database.ts'

/**
 * Who did what, each row chained to the one before it (security.md 9). Rows are written by `SqliteAuditTrail` alone; the triggers
 * refuse every statement that would change or leave out one, `INSERT OR REPLACE` included.
 */
export const auditMigration: Migration = {
  name: 'audit',
  sql: `
    CREATE TABLE audit (
      seq INTEGER PRIMARY KEY,
      ts INTEGER NOT NULL,
      actor TEXT NOT NULL,
      action TEXT NOT NULL,
      outcome TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
      object TEXT NOT NULL,
      before_hash BLOB CHECK (length(before_hash) = 32),
      after_hash BLOB CHECK (length(after_hash) = 32),
      prev_hash BLOB NOT NULL CHECK (length(prev_hash) = 32),
      hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT;
    CREATE INDEX audit_of_actor ON audit (actor);
    CREATE INDEX audit_of_object ON audit (object);

    CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
      BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
    CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
      BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
    CREATE TRIGGER audit_only_append BEFORE INSERT ON audit
      WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit)
        OR NEW.prev_hash IS NOT coalesce((SELECT hash FROM audit ORDER BY seq DESC LIMIT 1), zeroblob(32))
      BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
  `,
}
