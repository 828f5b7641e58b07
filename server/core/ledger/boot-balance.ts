import { minus, sizeOf, union, within, type SeqRanges } from '../seq-ranges.ts'
import type { BootFacts, Knot } from './facts.ts'

export const hourMs = 3_600_000
export const floorHour = (at: number): number => Math.floor(at / hourMs) * hourMs

/** Numbers of one boot in one hour; a number is in one set only, the first that has it. */
export interface HourSets {
  readonly hour: number
  readonly span: readonly [number, number]
  readonly received: SeqRanges
  readonly refused: SeqRanges
  readonly tombstones: SeqRanges
  /** In none of them, and given out before the moment asked for: nothing that waits on the hub is that old. */
  readonly missing: SeqRanges
  /** In none of them, and newer. */
  readonly open: SeqRanges
}

/**
 * Puts the numbers of a boot into hours. Numbers rise with time, so those that never came lie between their neighbours; where the
 * neighbours are hours apart they are spread evenly.
 */
export const hoursOfBoot = (boot: BootFacts, settledBefore: number): readonly HourSets[] => {
  const line = timeLine(boot)
  const [first, last] = [line[0], line.at(-1)]
  if (first === undefined || last === undefined) return []
  const refused = minus(boot.refused, boot.received)
  const tombstones = minus(boot.tombstones, union(boot.received, refused))
  const known = union(union(boot.received, refused), tombstones)
  const holes = minus([[first.seq, last.seq]], known)
  const settled = numbersBefore(line, settledBefore)
  const hours: HourSets[] = []
  let from = first.seq
  for (let hour = floorHour(first.at); from <= last.seq; hour += hourMs) {
    const end = hour + hourMs > last.at ? last.seq : numbersBefore(line, hour + hourMs)
    if (end < from) continue
    const part = (ranges: SeqRanges): SeqRanges => within(ranges, from, end)
    hours.push({
      hour,
      span: [from, end],
      received: part(boot.received),
      refused: part(refused),
      tombstones: part(tombstones),
      missing: within(holes, from, Math.min(end, settled)),
      open: within(holes, Math.max(from, settled + 1), end),
    })
    from = end + 1
  }
  return hours
}

/** Numbers with their times, both rising: from the lowest to the highest that is known to have been given out. */
const timeLine = ({ received, told, hours }: BootFacts): readonly Knot[] => {
  const knots = hours.flatMap(({ first, last }) => (first === null || last === null ? [] : [first, last]))
  if (told !== null) knots.push({ seq: told.lastSeq, at: told.at })
  const sorted = knots.toSorted((a, b) => a.seq - b.seq || a.at - b.at)
  const [earliest, latest] = [sorted[0], sorted.at(-1)]
  if (earliest === undefined || latest === undefined) return []
  const lowest = Math.min(earliest.seq, received[0]?.[0] ?? Infinity, told?.firstSeq ?? Infinity)
  const highest = Math.max(latest.seq, received.at(-1)?.[1] ?? 0)
  const line: Knot[] = [{ seq: lowest, at: earliest.at }]
  for (const knot of [...sorted, { seq: highest, at: latest.at }]) {
    const last = line.at(-1)
    if (last === undefined || knot.seq > last.seq)
      line.push({ seq: knot.seq, at: Math.max(knot.at, last?.at ?? knot.at) })
  }
  return line
}

/** The highest number that was given out before `moment`; one less than the first when none was. */
const numbersBefore = (line: readonly Knot[], moment: number): number => {
  let known: Knot | null = null
  for (const knot of line) {
    if (knot.at >= moment) {
      if (known === null) return knot.seq - 1
      const share = (moment - known.at) / (knot.at - known.at)
      return Math.min(knot.seq - 1, known.seq + Math.ceil(share * (knot.seq - known.seq)) - 1)
    }
    known = knot
  }
  return known?.seq ?? 0
}

export const countsOf = ({ span, received, refused, tombstones, missing, open }: HourSets) => ({
  produced: span[1] - span[0] + 1,
  stored: sizeOf(received),
  refused: sizeOf(refused),
  thinned: sizeOf(tombstones),
  unaccounted: sizeOf(missing),
  waiting: sizeOf(open),
})
