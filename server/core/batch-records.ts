import { measuredAt, UplinkRecord, type Lane } from '#domain/uplink/records.ts'
import type { ReceivedKey } from './ports.ts'

/** One place of a batch after parsing: `index` is its place, so that verdict i answers record i. */
export type ParsedRecord =
  | { readonly ok: true; readonly index: number; readonly record: UplinkRecord; readonly key: ReceivedKey }
  | { readonly ok: false; readonly index: number; readonly seq: number; readonly reason: string }

/** A hub's boot does not last longer; beyond it a monotonic time is damage, and its date would lie outside every store's range. */
const longestBootMs = 20 * 365 * 86_400_000

/** Each record on its own: a bad one is refused, the batch is not. `hash` digests text; only the alarm lane keeps digests. */
export const parseRecords = (
  lane: Lane,
  records: readonly unknown[],
  hash: (text: string) => string,
): readonly ParsedRecord[] =>
  records.map((raw, index) => {
    const parsed = UplinkRecord.safeParse(raw)
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      const path = issue === undefined ? '' : ` at ${issue.path.join('.').slice(0, 100)}`
      return { ok: false, index, seq: seqOf(raw), reason: `schema${path}` }
    }
    const record = parsed.data
    const { bootId, seq } = record
    if (record.lane !== lane) return { ok: false, index, seq, reason: 'wrong-lane' }
    if (Math.max(record.monotonicMs, measuredAt(record).monotonicMs) > longestBootMs)
      return { ok: false, index, seq, reason: 'monotonic-out-of-range' }
    const digest = lane === 'alarm' ? hash(canonicalJson(record)) : null
    return { ok: true, index, record, key: { lane, bootId, seq, hash: digest } }
  })

const seqOf = (raw: unknown): number => {
  const seq = typeof raw === 'object' && raw !== null && 'seq' in raw ? raw.seq : null
  return typeof seq === 'number' && Number.isSafeInteger(seq) && seq > 0 ? seq : 0
}

/** The same text for the same content, whatever the order of the members (RFC 8785 without its number rules). */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}
