import { columns } from '#server/core/telemetry-columns.ts'
import { historyColumns } from '#server/core/history-buckets.ts'

const stored = columns.map((column) => column.name)
const keys = ['pump_id', 'at_ms', 'tail', 'hub_id', 'channel_id', 'seq']

/** The same point twice is one row. */
export const putSample = `INSERT OR REPLACE INTO sample (${[...keys, ...stored].join(', ')})
  VALUES (${[...keys, ...stored].map(() => '?').join(', ')})`

/** Of one channel, or of any when it is null. */
export const latestSample = `SELECT at_ms, channel_id, ${stored.join(', ')} FROM sample
  WHERE pump_id = ?1 AND (?2 IS NULL OR channel_id = ?2) ORDER BY at_ms DESC, tail DESC LIMIT 1`

/** Counts no further than it has to: more than `maxPoints` is all a history wants to know. */
export const countSamples = `SELECT count(*) AS samples FROM (SELECT 1 FROM sample
  WHERE pump_id = ?1 AND at_ms >= ?2 AND at_ms < ?3 AND (?4 IS NULL OR channel_id = ?4) LIMIT ?5)`

/** One page of a window, behind the row (`at_ms`, `tail`, `hub_id`, `channel_id`) read last. */
export const samplePage = `SELECT at_ms, tail, hub_id, channel_id, late, state, ${historyColumns.join(', ')} FROM sample
  WHERE pump_id = ?1 AND at_ms >= ?2 AND at_ms < ?3 AND (at_ms, tail, hub_id, channel_id) > (?2, ?4, ?5, ?6)
  AND (?8 IS NULL OR channel_id = ?8)
  ORDER BY at_ms, tail, hub_id, channel_id LIMIT ?7`
