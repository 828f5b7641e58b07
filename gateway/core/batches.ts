import { maxBatchBytes, maxRecordsPerBatch } from '#domain/uplink/envelope.ts'
import type { OutboxRecord } from './ports.ts'

/** Room for the envelope around the records. */
const envelopeBytes = 1_024

const utf8Bytes = (text: string): number => new TextEncoder().encode(text).byteLength

/** The longest run from the front that fits one batch: ≤ 500 records, ≤ `maxBytes` (256 KiB). A single record always fits. */
export const fitBatch = (records: readonly OutboxRecord[], maxBytes = maxBatchBytes): readonly OutboxRecord[] => {
  let bytes = envelopeBytes
  let count = 0
  for (const record of records.slice(0, maxRecordsPerBatch)) {
    bytes += utf8Bytes(JSON.stringify(record)) + 1
    if (count > 0 && bytes > maxBytes) break
    count += 1
  }
  return records.slice(0, count)
}
