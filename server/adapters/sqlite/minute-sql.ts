import { historyColumns } from '#server/core/history-buckets.ts'
import { minuteColumns } from '#server/core/roll-ups/minute-columns.ts'

const kept = minuteColumns.map((column) => column.name)
const keys = ['pump_id', 'at_ms', 'hub_id', 'channel_id']

export const putMinute = `INSERT OR REPLACE INTO infusion_1m (${[...keys, ...kept].join(', ')})
  VALUES (${[...keys, ...kept].map(() => '?').join(', ')})`

/** Samples of whole minutes. */
export const samplesOfMinutes = `SELECT at_ms, hub_id, channel_id, late, state, ${historyColumns.join(', ')} FROM sample
  WHERE pump_id = ?1 AND at_ms >= ?2 AND at_ms < ?3 ORDER BY at_ms, tail, hub_id, channel_id`

/** One page of minutes, behind the row (`at_ms`, `hub_id`, `channel_id`) read last. */
export const minutePage = `SELECT at_ms, hub_id, channel_id, ${kept.join(', ')} FROM infusion_1m
  WHERE pump_id = ?1 AND at_ms >= ?2 AND at_ms < ?3 AND (at_ms, hub_id, channel_id) > (?2, ?4, ?5)
  AND (?7 IS NULL OR channel_id = ?7)
  ORDER BY at_ms, hub_id, channel_id LIMIT ?6`

export const earliestSample = 'SELECT min(at_ms) AS at_ms FROM sample WHERE pump_id = ?'

/** The next pump behind one, without reading its rows. */
export const nextPump = 'SELECT min(pump_id) AS pump_id FROM sample WHERE pump_id > ?'
export const nextPumpOfMinutes = 'SELECT min(pump_id) AS pump_id FROM infusion_1m WHERE pump_id > ?'

/** The moment up to which the oldest rows are removed in one go: at most as many as asked, but for those of one ms. */
export const oldestSamples = `SELECT max(at_ms) AS at_ms, count(*) AS found FROM
  (SELECT at_ms FROM sample WHERE pump_id = ?1 AND at_ms < ?2 ORDER BY at_ms LIMIT ?3)`
export const removeSamples = 'DELETE FROM sample WHERE pump_id = ?1 AND at_ms <= ?2'
export const oldestMinutes = `SELECT max(at_ms) AS at_ms, count(*) AS found FROM
  (SELECT at_ms FROM infusion_1m WHERE pump_id = ?1 AND at_ms < ?2 ORDER BY at_ms LIMIT ?3)`
export const removeMinutes = 'DELETE FROM infusion_1m WHERE pump_id = ?1 AND at_ms <= ?2'
