import { crc32 } from 'node:zlib'
import { UplinkRecord } from '#domain/uplink/records.ts'
import type { BootId } from '#domain/ids.ts'
import type { NewRecord } from '../../core/ports.ts'
import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'

export type Row = Record<string, SQLOutputValue>

const checksum = (columns: readonly (SQLOutputValue | SQLInputValue | undefined)[]): number =>
  crc32(JSON.stringify(columns))

/** Column values of `sql.insert`; the last is the CRC-32 over all others. */
export const toColumns = (seq: number, bootId: BootId, record: NewRecord): readonly SQLInputValue[] => {
  const columns = [
    seq,
    bootId,
    record.lane,
    record.kind,
    record.pumpId,
    record.monotonicMs,
    record.wallAt,
    record.clockQuality,
    JSON.stringify(record.body),
  ]
  return [...columns, checksum(columns)]
}

export type ReadRow =
  | { readonly ok: true; readonly record: UplinkRecord }
  | { readonly ok: false; readonly reason: 'crc' | 'unreadable' }

/** A row is believed only when its checksum fits: SQLite's own check misses most single-bit flips (reliability.md 3 rule 5). */
export const readRow = (row: Row): ReadRow => {
  const { seq, boot_id, lane, kind, pump_id, mono_ms, wall_ms, clock_quality, body, crc } = row
  if (checksum([seq, boot_id, lane, kind, pump_id, mono_ms, wall_ms, clock_quality, body]) !== crc)
    return { ok: false, reason: 'crc' }
  const record = UplinkRecord.safeParse({
    seq,
    bootId: boot_id,
    lane,
    kind,
    pumpId: pump_id,
    monotonicMs: mono_ms,
    wallAt: wall_ms,
    clockQuality: clock_quality,
    body: parseJson(body),
  })
  return record.success ? { ok: true, record: record.data } : { ok: false, reason: 'unreadable' }
}

const parseJson = (text: unknown): unknown => {
  try {
    return typeof text === 'string' ? JSON.parse(text) : null
  } catch {
    return null
  }
}
