import { cutFault, emptyChain, followRow, headFault, isFault } from '#domain/audit/chain.ts'
import type { ChainEnd, ChainFault, ChainHash } from '#domain/audit/chain.ts'
import type { AuditReader } from './audit.ts'

const rowsAtOnce = 5000

/** The whole trail, compared with its signed heads (hash by row). `progress`: called with the rows followed, every 5,000. */
export const followTrail = (
  reader: Pick<AuditReader, 'after'>,
  hash: ChainHash,
  heads: ReadonlyMap<number, string>,
  progress: (rows: number) => void = () => undefined,
): ChainEnd | ChainFault => {
  let end = emptyChain
  for (;;) {
    const rows = reader.after(end.seq, rowsAtOnce)
    for (const row of rows) {
      if (row === null) return { seq: end.seq + 1, problem: 'unreadable' }
      const followed = followRow(hash, end, row)
      if (isFault(followed)) return followed
      const fault = headFault(heads, followed)
      if (fault !== null) return fault
      end = followed
    }
    if (rows.length < rowsAtOnce) return cutFault(heads, end) ?? end
    progress(end.seq)
  }
}
