import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instant } from '#domain/time.ts'
import { dateOf, emptyTimeline, frozenUpTo, withAnchor, type BootTimeline } from '#server/core/timeline.ts'

const nobody = { before: null, after: null }
const far = instant(10_000_000)
const anchored = (...anchors: [monotonicMs: number, serverAt: number, errorMs: number][]): BootTimeline =>
  anchors.reduce(
    (timeline, [monotonicMs, serverAt, errorMs]) => withAnchor(timeline, { monotonicMs, serverAt, errorMs }, far),
    emptyTimeline,
  )

describe('the date of a record', () => {
  it('comes from the latest anchor at or before it', () => {
    const timeline = anchored([0, 1_000_000, 100], [600_000, 1_600_040, 4])
    expect(dateOf(timeline, 599_999)).toEqual({ occurredAt: 1_599_999, uncertaintyMs: 100 + 599_999 * 50e-6 })
    expect(dateOf(timeline, 600_000)).toEqual({ occurredAt: 1_600_040, uncertaintyMs: 4 })
    expect(dateOf(timeline, 700_000)).toEqual({ occurredAt: 1_700_040, uncertaintyMs: 9 })
  })

  it('comes from the first anchor of the boot when none is at or before it', () => {
    expect(dateOf(anchored([5000, 1_000_000, 10]), 1000)).toEqual({ occurredAt: 996_000, uncertaintyMs: 10.2 })
  })

  it('is an interval between the neighbouring boots when the boot has no anchor', () => {
    const neighbours = { before: instant(1_000_000), after: instant(1_100_000) }
    const timeline = frozenUpTo(emptyTimeline, 20_000, far, neighbours)
    // The boot started between 1,000,000 and 1,080,000: its record at 20,000 lies before the next boot.
    expect(timeline.interval).toEqual({ startLow: 1_000_000, startHigh: 1_080_000, untilMs: 20_000 })
    expect(dateOf(timeline, 20_000)).toEqual({ occurredAt: 1_060_000, uncertaintyMs: 40_001 })
    expect(dateOf(timeline, 0)).toEqual({ occurredAt: 1_040_000, uncertaintyMs: 40_000 })
  })

  it('reaches back as far as an outbox can when no earlier boot is known', () => {
    const receivedAt = instant(Date.UTC(2026, 0, 31))
    const { interval } = frozenUpTo(emptyTimeline, 1000, receivedAt, nobody)
    expect(interval?.startHigh).toBe(receivedAt - 1000)
    expect(interval?.startLow).toBe(receivedAt - 1000 - 30 * 86_400_000)
  })

  it('keeps its interval when the boot is anchored afterwards, and later records use the anchor', () => {
    const interval = frozenUpTo(emptyTimeline, 20_000, instant(2_000_000), { before: instant(1_900_000), after: null })
    const before = dateOf(interval, 20_000)
    const after = withAnchor(interval, { monotonicMs: 30_000, serverAt: 1_999_000, errorMs: 5 }, far)
    expect(after.anchors).toHaveLength(1)
    expect(dateOf(after, 20_000)).toEqual(before)
    expect(dateOf(after, 30_000)).toEqual({ occurredAt: 1_999_000, uncertaintyMs: 5 })
  })

  it('stays inside an interval without width when the neighbours contradict the length of the boot', () => {
    const timeline = frozenUpTo(emptyTimeline, 50_000, far, { before: instant(1_000_000), after: instant(1_010_000) })
    expect(dateOf(timeline, 50_000)).toEqual({ occurredAt: 1_010_000, uncertaintyMs: 2.5 })
  })
})

describe('an anchor', () => {
  const frozen = frozenUpTo(anchored([0, 1_000_000, 100]), 10_000, far, nobody)

  it('is refused at or before what is dated already, for 30 s ahead', () => {
    expect(frozen.datedToMs).toBe(40_000)
    expect(withAnchor(frozen, { monotonicMs: 40_000, serverAt: 1_040_000, errorMs: 1 }, far)).toBe(frozen)
    expect(withAnchor(frozen, { monotonicMs: 40_001, serverAt: 1_040_001, errorMs: 1 }, far).anchors).toHaveLength(2)
  })

  it('is refused from the future', () => {
    expect(withAnchor(emptyTimeline, { monotonicMs: 0, serverAt: 5002, errorMs: 1 }, instant(5000))).toBe(emptyTimeline)
  })

  it('is not kept when it lowers the uncertainty by less than 25 ms', () => {
    const timeline = anchored([0, 1_000_000, 10])
    expect(withAnchor(timeline, { monotonicMs: 60_000, serverAt: 1_060_000, errorMs: 8 }, far)).toBe(timeline)
    expect(withAnchor(timeline, { monotonicMs: 600_000, serverAt: 1_600_000, errorMs: 8 }, far).anchors).toHaveLength(2)
  })

  it('gives way inside the error bands, so that dates do not run backwards', () => {
    const timeline = anchored([0, 1_000_000, 200], [60_000, 1_059_900, 5])
    expect(timeline.anchors[1]).toEqual({ monotonicMs: 60_000, serverAt: 1_060_000, errorMs: 105 })
  })

  it('follows a server clock that was set back', () => {
    expect(anchored([0, 5_000_000, 5], [60_000, 1_060_000, 5]).anchors[1]?.serverAt).toBe(1_060_000)
  })
})

describe('dating, whatever happens', () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('anchor' as const),
      errorMs: fc.integer({ min: 0, max: 400 }),
      age: fc.integer({ min: 0, max: 100_000 }),
    }),
    fc.record({
      kind: fc.constant('records' as const),
      back: fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 1, maxLength: 5 }),
    }),
  )
  const history = fc.array(fc.tuple(fc.integer({ min: 1, max: 90_000 }), step), { minLength: 1, maxLength: 40 })

  it('never changes a date once given', () => {
    fc.assert(
      fc.property(history, (steps) => {
        let now = 0
        let timeline = emptyTimeline
        const given = new Map<number, unknown>()
        for (const [pause, action] of steps) {
          now += pause
          const receivedAt = instant(1_000_000_000 + now)
          if (action.kind === 'anchor') {
            const monotonicMs = Math.max(0, now - action.age)
            timeline = withAnchor(
              timeline,
              { monotonicMs, serverAt: 1_000_000_000 + monotonicMs + action.errorMs, errorMs: action.errorMs },
              receivedAt,
            )
            continue
          }
          const records = action.back.map((back) => Math.max(0, now - back))
          timeline = frozenUpTo(timeline, Math.max(...records), receivedAt, nobody)
          for (const record of records) given.set(record, dateOf(timeline, record))
          for (const [record, date] of given) expect(dateOf(timeline, record)).toEqual(date)
        }
      }),
    )
  })

  it('has the true time in its band and the order of the boot, when anchors err no more than they say', () => {
    const erring = fc.array(
      fc.record({
        pause: fc.integer({ min: 1, max: 900_000 }),
        errorMs: fc.integer({ min: 0, max: 300 }),
        share: fc.double({ min: -1, max: 1, noNaN: true }),
      }),
      { minLength: 1, maxLength: 30 },
    )
    fc.assert(
      fc.property(
        erring,
        fc.array(fc.integer({ min: 0, max: 9_000_000 }), { minLength: 2, maxLength: 20 }),
        (anchors, records) => {
          let now = 0
          let timeline = emptyTimeline
          for (const { pause, errorMs, share } of anchors) {
            now += pause
            const serverAt = 1_000_000_000 + now + Math.round(errorMs * share)
            timeline = withAnchor(timeline, { monotonicMs: now, serverAt, errorMs }, instant(serverAt))
          }
          let previous = -Infinity
          for (const record of records.toSorted((a, b) => a - b)) {
            const { occurredAt, uncertaintyMs } = dateOf(timeline, record)
            expect(Math.abs(occurredAt - (1_000_000_000 + record))).toBeLessThanOrEqual(uncertaintyMs + 1)
            expect(occurredAt).toBeGreaterThanOrEqual(previous)
            previous = occurredAt
          }
        },
      ),
    )
  })
})
