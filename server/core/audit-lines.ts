import { canonicalJson } from '#domain/audit/canonical-json.ts'
import type { AuditRow } from '#domain/audit/entry.ts'
import { csvField } from './csv-field.ts'

export const csvHead = 'seq,time,actor,action,outcome,object,before_hash,after_hash,prev_hash,hash\r\n'

/** One line of RFC 4180, for a spreadsheet. `time`: ms since the epoch as RFC 3339. */
export const csvLine = (row: AuditRow, time: (ms: number) => string): string => {
  const { seq, ts, actor, action, outcome, object, beforeHash, afterHash, prevHash, hash } = row
  const values = [String(seq), time(ts), actor, action, outcome, object, beforeHash ?? '', afterHash ?? '']
  return `${[...values, prevHash, hash].map(csvField).join(',')}\r\n`
}

/** One line of JSON, with the names that the hash is made of: whoever has these lines can follow the chain. */
export const jsonLine = (row: AuditRow): string => {
  const { seq, ts, actor, action, outcome, object, beforeHash, afterHash, prevHash, hash } = row
  const hashes = { before_hash: beforeHash, after_hash: afterHash, prev_hash: prevHash, hash }
  return `${canonicalJson({ seq, ts, actor, action, outcome, object, ...hashes })}\n`
}
