import type { PumpId } from '#domain/ids.ts'
import type { SeqRange } from '#domain/uplink/records.ts'
import type { SeqRanges } from '../seq-ranges.ts'

/**
 * Which minutes have to be made anew, as numbers of minutes since the epoch. Marked in the transaction that proves the arrival of a
 * sample, which is after the sample was stored: whatever dies in between, the mark comes again with the sample.
 */
export interface DueMinutes {
  /** Of which minutes are due. */
  pumps(): readonly PumpId[]
  of(pumpId: PumpId): SeqRanges
  /** Whether what was stored before roll-ups were kept has been marked. Until then nothing is known of the pump's minutes. */
  isComplete(pumpId: PumpId): boolean
  /** Forgets all marks of another telemetry store. Durable when resolved. */
  openFor(place: string): Promise<void>
  /** Marks what was stored before: null, nothing was. Durable when resolved. */
  complete(pumpId: PumpId, before: SeqRange | null): Promise<void>
  /**
   * Takes the mark off what `work` makes anew, except where a sample came meanwhile. Rejects as `work` does, then all marks stay.
   * Durable when resolved.
   */
  settle(
    spans: readonly { readonly pumpId: PumpId; readonly range: SeqRange }[],
    work: () => Promise<void>,
  ): Promise<void>
}
