import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { PumpId } from '#domain/ids.ts'
import type { PumpEventView } from '#domain/live/pump-about.ts'
import { UplinkRecord } from '#domain/uplink/records.ts'
import type { PumpEvents } from '#server/core/pump-events.ts'
import { number, text } from './row.ts'
import type { Row } from './row.ts'

export const eventsOfPump = `SELECT occurred_at, uncertainty_ms, record FROM hub_record
  WHERE pump_id = ? AND occurred_at >= ? AND occurred_at < ? AND kind = 'event'
  ORDER BY occurred_at DESC, seq DESC LIMIT ?`

/** Numbers only: the words of an event are the vendor's, and may be about a person. */
const figure = (value: unknown): number | null => (typeof value === 'number' ? value : null)

const viewOf = (row: Row): readonly PumpEventView[] => {
  const record = UplinkRecord.safeParse(JSON.parse(text(row, 'record')))
  if (!record.success || record.data.kind !== 'event') return []
  const { event, detail } = record.data.body
  return [
    {
      at: number(row, 'occurred_at'),
      uncertaintyMs: number(row, 'uncertainty_ms'),
      event,
      from: figure(detail['from']),
      to: figure(detail['to'] ?? detail['rateMlPerHour']),
    },
  ]
}

export class SqlitePumpEvents implements PumpEvents {
  readonly #events: StatementSync

  constructor(database: DatabaseSync) {
    this.#events = database.prepare(eventsOfPump)
  }

  between(pumpId: PumpId, from: number, to: number, limit: number): readonly PumpEventView[] {
    return this.#events.all(pumpId, from, to, limit).flatMap(viewOf).toReversed()
  }
}
