import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BootId, HubId, PumpId } from '#domain/ids.ts'
import { hourMs } from '#server/core/ledger/boot-balance.ts'
import type { BootFacts, StoredHour } from '#server/core/ledger/facts.ts'
import { balanceOf, sumOf, type HubWord } from '#server/core/ledger/hub-balance.ts'
import { minus, sizeOf, union, within, withSeqs, type SeqRanges } from '#server/core/seq-ranges.ts'

const bootId = BootId.parse('boot-1')
const hubId = HubId.parse('hub-1')
const began = Date.UTC(2026, 9, 5, 8)

/** Number n of the boot was given out n s after its start. */
const atOf = (seq: number): number => began + seq * 1000

const storedHours = (received: SeqRanges, pumpId = 'PUMP-A'): readonly StoredHour[] => {
  const seqs = received.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => first + at))
  return [...Map.groupBy(seqs, (seq) => Math.floor(atOf(seq) / hourMs) * hourMs)].map(([hour, all]) => {
    const [first, last] = [all[0] ?? 0, all.at(-1) ?? 0]
    return {
      hour,
      pumpId: PumpId.parse(pumpId),
      stored: all.length,
      late: 0,
      thinned: 0,
      first: { seq: first, at: atOf(first) },
      last: { seq: last, at: atOf(last) },
    }
  })
}

const boot = (received: SeqRanges, change: Partial<BootFacts> = {}, lastSeq = 10_800): BootFacts => ({
  bootId,
  received,
  refused: [],
  tombstones: [],
  told: { hubId, bootId, firstSeq: 1, lastSeq, at: atOf(lastSeq) },
  hours: storedHours(received),
  ...change,
})

const empty = { rows: 0, oldestAgeMs: null }
const heard = (change: Partial<HubWord['outbox']> = {}, at = atOf(10_800) + hourMs): HubWord => ({
  at,
  outbox: { alarm: empty, telemetry: empty, quarantined: 0, ...change },
})
const terms = (boots: readonly BootFacts[], word: HubWord | null) =>
  balanceOf(boots, word).map(({ at, produced, stored, thinned, refused, waiting, unaccounted }) => [
    (at - began) / hourMs,
    produced,
    { stored, thinned, refused, waiting, unaccounted },
  ])

const ranges = (pairs: readonly (readonly [number, number])[]): SeqRanges =>
  union(
    [],
    pairs
      .toSorted((x, y) => x[0] - y[0])
      .map(([first, more]) => [first, Math.min(20_000, first + more)] as const)
      .map(([first, last]) => [first, last]),
  )

const rangesOf = (of: Iterable<number>): SeqRanges => withSeqs([], [...of])

describe('the loss ledger', () => {
  it('puts every number that came into its hour', () => {
    expect(terms([boot([[1, 10_800]])], heard())).toEqual([
      [0, 3599, { stored: 3599, thinned: 0, refused: 0, waiting: 0, unaccounted: 0 }],
      [1, 3600, { stored: 3600, thinned: 0, refused: 0, waiting: 0, unaccounted: 0 }],
      [2, 3600, { stored: 3600, thinned: 0, refused: 0, waiting: 0, unaccounted: 0 }],
      [3, 1, { stored: 1, thinned: 0, refused: 0, waiting: 0, unaccounted: 0 }],
    ])
  })

  it('names each number that never came by the hour of its neighbours, and what has a reason by its reason', () => {
    const facts = boot(
      [
        [1, 4000],
        [4011, 7500],
        [7801, 10_800],
      ],
      { tombstones: [[7501, 7700]], refused: [[7701, 7799]] },
    )
    expect(terms([facts], heard()).slice(1, 3)).toEqual([
      [1, 3600, { stored: 3590, thinned: 0, refused: 0, waiting: 0, unaccounted: 10 }],
      [2, 3600, { stored: 3300, thinned: 200, refused: 99, waiting: 0, unaccounted: 1 }],
    ])
  })

  it('spreads a gap of hours evenly over them', () => {
    const facts = boot([
      [1, 1800],
      [9001, 10_800],
    ])
    expect(balanceOf([facts], heard()).map(({ unaccounted }) => unaccounted)).toEqual([1799, 3600, 1801, 0])
  })

  it('finds what a boot told of and never sent: a log that was cut after a power cut', () => {
    const facts = boot([[1, 9000]])
    expect(sumOf(balanceOf([facts], heard())).unaccounted).toBe(1800)
  })

  it('calls nothing missing that may still wait on the hub', () => {
    const facts = boot([
      [1, 1000],
      [5001, 6000],
    ])
    const word = heard({ telemetry: { rows: 8800, oldestAgeMs: hourMs + (10_800 - 900) * 1000 } })
    expect(sumOf(balanceOf([facts], word))).toMatchObject({ stored: 2000, waiting: 8800, unaccounted: 0 })
    const younger = heard({ telemetry: { rows: 4800, oldestAgeMs: hourMs + (10_800 - 6060) * 1000 } })
    expect(sumOf(balanceOf([facts], younger))).toMatchObject({ stored: 2000, waiting: 4800, unaccounted: 4000 })
  })

  it('calls nothing missing of a hub that has not been heard since, and of one that was never heard', () => {
    const facts = boot([[1, 9000]])
    expect(sumOf(balanceOf([facts], heard({}, atOf(9001)))).unaccounted).toBe(0)
    expect(sumOf(balanceOf([facts], null))).toMatchObject({ waiting: 1800, unaccounted: 0 })
  })

  it('counts what the hub set aside itself as refused, and believes no more rows to wait than it says', () => {
    const facts = boot([
      [1, 1000],
      [1011, 10_800],
    ])
    expect(sumOf(balanceOf([facts], heard({ quarantined: 4 })))).toMatchObject({ refused: 4, unaccounted: 6 })
    const byAClockThatWasSetBack = heard({ telemetry: { rows: 10, oldestAgeMs: 400_000 } })
    expect(sumOf(balanceOf([facts], byAClockThatWasSetBack))).toMatchObject({ waiting: 10, unaccounted: 0 })
  })

  it('knows the pumps of an hour, and that a number that never came names none of them', () => {
    const [a, b] = [storedHours([[1, 100]]), storedHours([[101, 150]], 'PUMP-B')]
    const facts = boot([[1, 150]], { hours: [...a, ...b] }, 160)
    expect(balanceOf([facts], heard())[0]?.pumps).toEqual([
      { pumpId: 'PUMP-A', stored: 100, late: 0, thinned: 0, unaccountedAtMost: 10 },
      { pumpId: 'PUMP-B', stored: 50, late: 0, thinned: 0, unaccountedAtMost: 10 },
    ])
  })

  it('balances whatever came, was named or was refused, hour by hour', () => {
    const some = fc.array(fc.tuple(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 0, max: 900 })), {
      maxLength: 12,
    })
    fc.assert(
      fc.property(some, some, some, fc.integer({ min: 0, max: 40 }), fc.boolean(), (got, dead, bad, aside, isLate) => {
        const [received, tombstones, refused] = [ranges(got), ranges(dead), ranges(bad)]
        const facts = boot(received, { tombstones, refused, hours: storedHours(received) }, 20_000)
        const word = heard({ quarantined: aside }, isLate ? atOf(9000) : atOf(20_000) + hourMs)
        const hours = balanceOf([facts], word)
        for (const one of hours)
          expect(one.produced).toBe(one.stored + one.thinned + one.refused + one.waiting + one.unaccounted)
        const total = sumOf(hours)
        expect(total.produced).toBe(20_000)
        expect(total.stored).toBe(sizeOf(received))
        const named = union(received, union(tombstones, refused))
        const known = sizeOf(named)
        expect(total.waiting + total.unaccounted).toBeLessThanOrEqual(20_000 - known)
        if (!isLate) expect(total.unaccounted).toBe(Math.max(0, 20_000 - known - Math.max(0, aside - sizeOf(refused))))
      }),
      { numRuns: 200 },
    )
  })
})

describe('sets of numbers as ranges', () => {
  it('are what sets are', () => {
    const seqs = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 40 })
    fc.assert(
      fc.property(seqs, seqs, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), (a, b, from, to) => {
        const [left, right] = [new Set(a), new Set(b)]
        expect(union(rangesOf(left), rangesOf(right))).toEqual(rangesOf(left.union(right)))
        expect(minus(rangesOf(left), rangesOf(right))).toEqual(rangesOf(left.difference(right)))
        expect(within(rangesOf(left), from, to)).toEqual(rangesOf([...left].filter((seq) => seq >= from && seq <= to)))
        expect(sizeOf(rangesOf(left))).toBe(left.size)
      }),
    )
  })
})
