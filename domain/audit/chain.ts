import { canonicalJson } from './canonical-json.ts'
import type { AuditRow } from './entry.ts'

/** SHA-256, in lower-case hexadecimal, of the 32 bytes of `previous` (hexadecimal) followed by `text` in UTF-8. */
export type ChainHash = (previous: string, text: string) => string

/** Stands before the first row. */
export const chainStart = '0'.repeat(64)

/** How far a chain has been followed. */
export interface ChainEnd {
  readonly seq: number
  readonly hash: string
}

export const emptyChain: ChainEnd = { seq: 0, hash: chainStart }

export const rowHash = (hash: ChainHash, row: Omit<AuditRow, 'hash'>): string => {
  const { seq, ts, actor, action, outcome, object, beforeHash, afterHash, prevHash } = row
  return hash(
    prevHash,
    canonicalJson({ seq, ts, actor, action, outcome, object, before_hash: beforeHash, after_hash: afterHash }),
  )
}

export type ChainProblem =
  /** Rows before this one are gone. */
  | 'missing'
  /** Its content is not what its hash was made of. */
  | 'changed'
  /** It does not follow the row before it: one of the two was exchanged, moved or put in. */
  | 'not-linked'
  /** It cannot be read as a row of the chain at all. */
  | 'unreadable'
  /** The signed head names another hash for this row: it and what follows was written anew. */
  | 'other-than-signed'
  /** The signed head names a row that is not there any more. */
  | 'cut-off'

export interface ChainFault {
  /** The first row that is wrong. */
  readonly seq: number
  readonly problem: ChainProblem
}

/** One row further; or what is wrong with it. */
export const followRow = (hash: ChainHash, end: ChainEnd, row: AuditRow): ChainEnd | ChainFault => {
  if (row.seq !== end.seq + 1) return { seq: end.seq + 1, problem: 'missing' }
  if (row.hash !== rowHash(hash, row)) return { seq: row.seq, problem: 'changed' }
  if (row.prevHash !== end.hash) return { seq: row.seq, problem: 'not-linked' }
  return { seq: row.seq, hash: row.hash }
}

export const isFault = (followed: ChainEnd | ChainFault): followed is ChainFault => 'problem' in followed

/** What the signed heads up to `end` say of the rows that were passed; `heads` by row. */
export const headFault = (heads: ReadonlyMap<number, string>, end: ChainEnd): ChainFault | null => {
  const signed = heads.get(end.seq)
  return signed === undefined || signed === end.hash ? null : { seq: end.seq, problem: 'other-than-signed' }
}

/** Signed heads beyond the last row: the tail was cut. */
export const cutFault = (heads: ReadonlyMap<number, string>, end: ChainEnd): ChainFault | null => {
  const last = Math.max(0, ...heads.keys())
  return last > end.seq ? { seq: end.seq + 1, problem: 'cut-off' } : null
}
