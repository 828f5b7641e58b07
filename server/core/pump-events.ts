import type { PumpId } from '#domain/ids.ts'
import type { PumpEventView } from '#domain/live/pump-about.ts'

/** What pumps told that is no alarm, as the journal keeps it. */
export interface PumpEvents {
  /** From `from` (ms, inclusive) to `to` (exclusive), oldest first: the newest `limit` of them. */
  between(pumpId: PumpId, from: number, to: number, limit: number): readonly PumpEventView[]
}
