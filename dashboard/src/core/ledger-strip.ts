import type { HubLedger, LedgerHour, LedgerTerms } from '#domain/live/ledger.ts'

// The hours of a ledger as cells of one drawing, and its pumps. Pure.

export type LedgerKind = 'none' | 'here' | 'part' | 'waiting' | 'missing'

/** What is worst in an hour: missing over waiting over what has a reason. */
export const kindOf = ({ produced, stored, waiting, unaccounted }: LedgerTerms): LedgerKind => {
  if (unaccounted > 0) return 'missing'
  if (waiting > 0) return 'waiting'
  if (produced === 0) return 'none'
  return stored < produced ? 'part' : 'here'
}

const hourMs = 3_600_000

/** One kind per hour, oldest first. */
export const ledgerCells = ({ from, to, hours }: HubLedger): readonly LedgerKind[] => {
  const known = new Map(hours.map((hour) => [hour.at, kindOf(hour)]))
  return Array.from({ length: Math.round((to - from) / hourMs) }, (_, at) => known.get(from + at * hourMs) ?? 'none')
}

/** Newest first, because those are asked about. */
export const hoursWithGaps = ({ hours }: HubLedger): readonly LedgerHour[] =>
  hours.filter((hour) => ['missing', 'waiting', 'part'].includes(kindOf(hour))).toReversed()

export interface LedgerPumpSum {
  readonly pumpId: string
  readonly stored: number
  readonly late: number
  readonly joined: number
  readonly missing: number
}

export const ledgerPumps = ({ hours }: HubLedger): readonly LedgerPumpSum[] =>
  [
    ...Map.groupBy(
      hours.flatMap((hour) => hour.pumps),
      ({ pumpId }) => pumpId,
    ),
  ]
    .map(([pumpId, all]) => ({
      pumpId,
      stored: all.reduce((sum, one) => sum + one.stored, 0),
      late: all.reduce((sum, one) => sum + one.late, 0),
      joined: all.reduce((sum, one) => sum + one.thinned, 0),
      missing: all.reduce((sum, one) => sum + one.unaccountedAtMost, 0),
    }))
    .toSorted((a, b) => a.pumpId.localeCompare(b.pumpId, undefined, { numeric: true }))
