import type { LedgerHour, LedgerTerms } from '#domain/live/ledger.ts'
import type { Heartbeat } from '#domain/uplink/envelope.ts'
import { sizeOf } from '../seq-ranges.ts'
import { countsOf, floorHour, hourMs, hoursOfBoot } from './boot-balance.ts'
import type { BootFacts, StoredHour } from './facts.ts'

/** What the hub said of its outbox, and when it was heard saying it. */
export interface HubWord {
  readonly at: number
  readonly outbox: Pick<Heartbeat['outbox'], 'alarm' | 'telemetry' | 'quarantined'>
}

/** Records are on their way for a while, and a heartbeat is a little older than its arrival. */
const marginMs = 60_000
/** Rows that wait longer than any way takes: their ages may be by a wall clock that was set since, so their number counts too. */
const oldMs = 300_000

/** Nothing that waits on the hub was given out before that moment; -Infinity: everything may still wait. */
const settledBefore = (word: HubWord | null): number => {
  if (word === null) return -Infinity
  const { alarm, telemetry } = word.outbox
  const ages = [alarm, telemetry].map(({ rows, oldestAgeMs }) => (rows === 0 ? 0 : (oldestAgeMs ?? Infinity)))
  return word.at - Math.max(...ages) - marginMs
}

const nothing: LedgerTerms = { produced: 0, stored: 0, thinned: 0, refused: 0, waiting: 0, unaccounted: 0 }
const terms = ['produced', 'stored', 'thinned', 'refused', 'waiting', 'unaccounted'] as const

export const sumOf = (all: readonly LedgerTerms[]): LedgerTerms => {
  const sum = { ...nothing }
  for (const one of all) for (const term of terms) sum[term] += one[term]
  return sum
}

/** The hours of a hub in which something was given out or measured, oldest first. */
export const balanceOf = (boots: readonly BootFacts[], word: HubWord | null): readonly LedgerHour[] => {
  const limit = settledBefore(word)
  const counted = boots.flatMap((boot) =>
    hoursOfBoot(boot, limit).map((sets) => ({ hour: sets.hour, ...countsOf(sets) })),
  )
  const stored = Map.groupBy(
    boots.flatMap((boot) => boot.hours),
    ({ hour }) => hour,
  )
  const numbered = Map.groupBy(counted, ({ hour }) => hour)
  const hours = [...new Set([...numbered.keys(), ...stored.keys()])].toSorted((a, b) => a - b)
  const found = hours.map((hour) => ({ at: hour, ...sumOf(numbered.get(hour) ?? []) }))
  return explained(found, elsewhere(boots, word, found)).map((hour) => ({
    ...hour,
    pumps: pumpsOf(stored.get(hour.at) ?? [], hour.unaccounted),
  }))
}

/** How many of the missing the hub itself still has: set aside and not refused by this server, or waiting for longer than it says. */
const elsewhere = (
  boots: readonly BootFacts[],
  word: HubWord | null,
  hours: readonly LedgerTerms[],
): { readonly aside: number; readonly waiting: number } => {
  if (word === null) return { aside: 0, waiting: 0 }
  const refused = boots.reduce((sum, boot) => sum + sizeOf(boot.refused), 0)
  const rows = [word.outbox.alarm, word.outbox.telemetry].reduce(
    (sum, lane) => sum + ((lane.oldestAgeMs ?? 0) > oldMs ? lane.rows : 0),
    0,
  )
  return {
    aside: Math.max(0, word.outbox.quarantined - refused),
    waiting: Math.max(0, rows - sumOf(hours).waiting),
  }
}

/** Oldest first: nobody can tell which of them it is. */
const explained = <T extends LedgerTerms>(
  hours: readonly T[],
  { aside, waiting }: ReturnType<typeof elsewhere>,
): readonly T[] => {
  let [asideLeft, waitingLeft] = [aside, waiting]
  return hours.map((hour) => {
    const atHub = Math.min(asideLeft, hour.unaccounted)
    const queued = Math.min(waitingLeft, hour.unaccounted - atHub)
    asideLeft -= atHub
    waitingLeft -= queued
    return {
      ...hour,
      refused: hour.refused + atHub,
      waiting: hour.waiting + queued,
      unaccounted: hour.unaccounted - atHub - queued,
    }
  })
}

const pumpsOf = (stored: readonly StoredHour[], unaccounted: number): LedgerHour['pumps'] =>
  [...Map.groupBy(stored, ({ pumpId }) => pumpId)]
    .map(([pumpId, all]) => ({
      pumpId,
      stored: all.reduce((sum, one) => sum + one.stored, 0),
      late: all.reduce((sum, one) => sum + one.late, 0),
      thinned: all.reduce((sum, one) => sum + one.thinned, 0),
      unaccountedAtMost: unaccounted,
    }))
    .toSorted((a, b) => (a.pumpId < b.pumpId ? -1 : 1))

/** Whole hours that end with the one of now. */
export const lastHours = (now: number, hours: number): { readonly from: number; readonly to: number } => {
  const to = floorHour(now) + hourMs
  return { from: to - hours * hourMs, to }
}
