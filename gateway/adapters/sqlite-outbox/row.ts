import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { UplinkRecord } from '#domain/uplink/records.ts'
import { packBody, unpackBody } from './body-codec.ts'
import type { BootId } from '#domain/ids.ts'
import type { NewRecord } from '../../core/ports.ts'
import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'

export type Row = Record<string, SQLOutputValue>
type Value = SQLInputValue | SQLOutputValue | undefined

const bytesOf = (body: Value): Uint8Array | null => (body instanceof Uint8Array ? body : null)

/** CRC-32 over all other columns. A packed body goes in as its bytes. */
const checksum = (columns: readonly Value[], body: Value): number => {
  const packed = bytesOf(body)
  return packed === null ? crc32(JSON.stringify([...columns, body])) : crc32(packed, crc32(JSON.stringify(columns)))
}

/** Column values of `sql.insert`; the last is the checksum. Alarms stay readable text, telemetry is packed. */
export const toColumns = (seq: number, bootId: BootId, record: NewRecord): readonly SQLInputValue[] => {
  const { lane, kind, pumpId, monotonicMs, wallAt, clockQuality } = record
  const columns = [seq, bootId, lane, kind, pumpId, monotonicMs, wallAt, clockQuality]
  const text = JSON.stringify(record.body)
  const body = lane === 'telemetry' ? packBody(text) : text
  return [...columns, body, checksum(columns, body)]
}

export type ReadRow =
  | { readonly ok: true; readonly record: UplinkRecord }
  | { readonly ok: false; readonly reason: 'crc' | 'unreadable' }

/** Whether the row is what was written. */
export const isIntact = (row: Row): boolean => {
  const { seq, boot_id, lane, kind, pump_id, mono_ms, wall_ms, clock_quality, body, crc } = row
  return checksum([seq, boot_id, lane, kind, pump_id, mono_ms, wall_ms, clock_quality], body) === crc
}

/** A row is believed only when its checksum fits: SQLite's own check misses most single-bit flips (reliability.md 3 rule 5). */
export const readRow = (row: Row): ReadRow => {
  if (!isIntact(row)) return { ok: false, reason: 'crc' }
  const { seq, boot_id, lane, kind, pump_id, mono_ms, wall_ms, clock_quality, body } = row
  const record = UplinkRecord.safeParse({
    seq,
    bootId: boot_id,
    lane,
    kind,
    pumpId: pump_id,
    monotonicMs: mono_ms,
    wallAt: wall_ms,
    clockQuality: clock_quality,
    body: parseJson(bodyText(body)),
  })
  return record.success ? { ok: true, record: record.data } : { ok: false, reason: 'unreadable' }
}

const bodyText = (body: Value): string | null => {
  const packed = bytesOf(body)
  if (packed !== null) return unpackBody(packed)
  return typeof body === 'string' ? body : null
}

const parseJson = (text: string | null): unknown => {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}

/** Of the body as it lies in the file, damaged or not: what stays when the body has to go. */
export const bodyHash = (body: Value): string =>
  createHash('sha256')
    .update(bytesOf(body) ?? JSON.stringify(body ?? null))
    .digest('hex')
