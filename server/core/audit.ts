import type { AuditAction, AuditNote, AuditOutcome, AuditRow } from '#domain/audit/entry.ts'
import type { ChainEnd } from '#domain/audit/chain.ts'

/** Records what is no change of this database: looks, refusals, exports, acts on simulated pumps. */
export interface Audit {
  /** All or none, durable when resolved. Rejects with `SRV_JOURNAL_UNAVAILABLE`. */
  note(notes: readonly AuditNote[]): Promise<void>
}

/**
 * Runs a change and what it has to record in one transaction: a change that cannot be recorded does not happen (security.md 9).
 * `work` is synchronous; it calls `note` once for each row.
 */
export type AuditedChange = <T>(work: (note: (note: AuditNote) => void) => T) => T

/** Every condition that is given has to hold. */
export interface AuditQuery {
  readonly actor?: string | undefined
  readonly action?: AuditAction | undefined
  readonly outcome?: AuditOutcome | undefined
  /** With its kind, such as `pump:P-1`; or the id alone, whatever it is of. */
  readonly object?: string | undefined
  /** Inclusive. */
  readonly from?: number | undefined
  /** Exclusive. */
  readonly to?: number | undefined
  /** Only rows before this one. */
  readonly before?: number | undefined
}

export interface AuditReader {
  /** Newest first. */
  find(query: AuditQuery, limit: number): readonly AuditRow[]
  /** Oldest first, after row `seq`. Null stands for a row that cannot be read. */
  after(seq: number, limit: number): readonly (AuditRow | null)[]
  end(): ChainEnd
}
