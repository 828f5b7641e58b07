import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { windowOf } from '#domain/adherence/kept-run.ts'
import { adherencePolicy } from '#domain/adherence/policy.ts'
import { plannedRuns } from '#domain/assignment/planned-runs.ts'
import { Plan } from '#domain/assignment/plan.ts'
import { instant } from '#domain/time.ts'
import { hour, infusesFrom, interval, keptSeen, minute, night } from './support.ts'
import type { Truth } from './support.ts'

const never = infusesFrom(99 * hour, 99 * hour)
const asPlanned = infusesFrom(20 * hour, 32 * hour)
const fast: Truth = (at) => {
  const { totalMl, ...word } = infusesFrom(20 * hour, 28 * hour)(at)
  return { ...word, totalMl: (totalMl ?? 0) * 1.5 }
}
const pausesAndKeepsOpen: Truth = (at) => {
  const word = asPlanned(at)
  if (at >= 23 * hour && at < 23 * hour + 15 * minute) return { ...word, state: 'paused', rate: 0 }
  return at >= 32 * hour ? { ...word, state: 'kvo', rate: 1, totalMl: 1200 + (at - 32 * hour) / hour } : word
}
const counterSetBack: Truth = (at) => {
  const word = asPlanned(at)
  return at >= 24 * hour ? { ...word, totalMl: (word.totalMl ?? 0) - 400 } : word
}
const twoNights: Truth = (at) => (at < 19 * hour + 30 * minute ? { ...asPlanned(20 * hour) } : asPlanned(at))

describe('a planned delivery', () => {
  it('was kept when it began, ended and gave what was planned', () => {
    const kept = keptSeen({ truth: asPlanned })
    expect(kept.judged).toEqual({ start: 'kept', stop: 'kept', volume: 'kept' })
    expect(kept.start).toEqual({ how: 'at', notBefore: 20 * hour - interval, notAfter: 20 * hour })
    expect(kept.stop).toEqual({ how: 'at', notBefore: 32 * hour - interval, notAfter: 32 * hour })
    expect(kept.volume).toEqual({ ml: 1200, atLeast: false })
    expect(kept.gaps).toEqual([])
  })

  it('was missed when the pump was heard all through and delivered nothing', () => {
    expect(keptSeen({ truth: never })).toMatchObject({
      start: { how: 'none' },
      judged: { start: 'missed', volume: 'missed' },
    })
  })

  it('is not known, and never missed, when nobody heard the pump', () => {
    const kept = keptSeen({
      truth: infusesFrom(21 * hour, 23 * hour, false),
      unheard: [{ from: 20 * hour, to: 24 * hour }],
    })
    expect(kept.start).toEqual({ how: 'not-known' })
    expect(kept.judged).toEqual({ start: 'not-known', stop: 'open', volume: 'not-known' })
    expect(kept.gaps).toEqual([{ from: 20 * hour, to: 24 * hour }])
  })

  it('was missed after all when the counter stands where it stood before the silence', () => {
    expect(keptSeen({ truth: never, unheard: [{ from: 20 * hour, to: 24 * hour }] }).judged.start).toBe('missed')
  })

  it('is not called missed for a silence too short to hold it', () => {
    const unheard = [{ from: 20 * hour, to: 20 * hour + 10 * minute }]
    const truth = infusesFrom(99 * hour, 99 * hour, false)
    expect(keptSeen({ truth, unheard })).toMatchObject({
      start: { how: 'none' },
      judged: { start: 'missed' },
      gaps: unheard,
    })
  })

  it('began some time in the silence: between the last word before it and the first one after it', () => {
    const unheard = [{ from: 20 * hour + 10 * minute, to: 20 * hour + 40 * minute }]
    const kept = keptSeen({ truth: infusesFrom(20 * hour + 20 * minute, 32 * hour + 20 * minute), unheard })
    expect(kept.start).toEqual({ how: 'at', notBefore: unheard[0]?.from, notAfter: unheard[0]?.to })
    expect(kept.judged.start).toBe('not-known')
    expect(kept.volume).toEqual({ ml: 1200, atLeast: false })
  })

  it('has the time that the pump told when the event came and the samples did not', () => {
    const startsAt = 20 * hour + 20 * minute
    const kept = keptSeen({
      truth: infusesFrom(startsAt, 32 * hour + 20 * minute),
      unheard: [{ from: 20 * hour + 10 * minute, to: 20 * hour + 40 * minute }],
      events: [{ at: startsAt, event: 'delivery-start' }],
    })
    expect(kept.start).toEqual({ how: 'at', notBefore: startsAt, notAfter: startsAt })
    expect(kept.judged.start).toBe('kept')
  })

  it('began late', () => {
    expect(keptSeen({ truth: infusesFrom(21 * hour, 33 * hour) }).judged).toEqual({
      start: 'late',
      stop: 'kept',
      volume: 'kept',
    })
  })

  it('began early', () => {
    expect(keptSeen({ truth: infusesFrom(19 * hour + 10 * minute, 31 * hour + 10 * minute) }).judged.start).toBe(
      'early',
    )
  })

  it('stopped early and fell short', () => {
    const kept = keptSeen({ truth: infusesFrom(20 * hour, 26 * hour) })
    expect(kept.judged).toEqual({ start: 'kept', stop: 'early', volume: 'short' })
    expect(kept.volume).toEqual({ ml: 600, atLeast: false })
  })

  it('stopped before its time with all of its volume given: kept', () => {
    expect(keptSeen({ truth: fast }).judged).toEqual({ start: 'kept', stop: 'kept', volume: 'kept' })
  })

  it('was heard to run last, and nobody knows the rest', () => {
    const kept = keptSeen({ truth: asPlanned, unheard: [{ from: 24 * hour, to: 99 * hour }] })
    expect(kept.stop).toEqual({ how: 'not-known', ranUntil: 24 * hour })
    expect(kept.judged).toEqual({ start: 'kept', stop: 'not-known', volume: 'not-known' })
    expect(kept.volume).toEqual({ ml: 400, atLeast: true })
  })

  it('counts its pauses, and not the keep-open flow after its end', () => {
    const kept = keptSeen({ truth: pausesAndKeepsOpen })
    expect(kept.pauses).toEqual({ count: 1, ms: 15 * minute - interval })
    expect(kept.stop).toMatchObject({ how: 'at', notAfter: 32 * hour })
    expect(kept.volume?.ml).toBeCloseTo(1200, 0)
  })

  it('adds up over a counter that was set back', () => {
    // What flowed in the ten seconds around the reset is not counted.
    expect(keptSeen({ truth: counterSetBack }).volume).toEqual({ ml: 1199.722, atLeast: false })
  })

  it('went on from the one before where plan touches plan', () => {
    const run = night({ volumeMl: null })
    const kept = keptSeen({ truth: infusesFrom(0, 99 * hour), run, from: 20 * hour, to: 32 * hour })
    expect(kept).toMatchObject({
      start: { how: 'went-on' },
      stop: { how: 'went-on' },
      judged: { start: 'kept', stop: 'kept', volume: 'not-planned' },
    })
  })

  it('does not take the end of the delivery before for its own start', () => {
    expect(keptSeen({ truth: twoNights }).start).toMatchObject({ how: 'at', notAfter: 20 * hour })
  })

  it('is open until it can be judged', () => {
    expect(keptSeen({ truth: asPlanned, now: 19.5 * hour })).toMatchObject({ start: { how: 'to-come' } })
    expect(keptSeen({ truth: never, now: 20.4 * hour }).judged.start).toBe('open')
    expect(keptSeen({ truth: never, now: 20.6 * hour }).judged).toEqual({
      start: 'missed',
      stop: 'open',
      volume: 'open',
    })
    expect(keptSeen({ truth: asPlanned, now: 25 * hour })).toMatchObject({
      start: { how: 'at' },
      stop: { how: 'runs' },
      judged: { start: 'kept', stop: 'open', volume: 'open' },
    })
  })
})

describe('the window of a run', () => {
  it('takes nothing of the runs beside it', () => {
    const [before, run, after] = [
      night({ startsAt: instant(0), endsAt: instant(19.5 * hour) }),
      night(),
      night({ startsAt: instant(34 * hour) }),
    ]
    expect(windowOf(run, before, after, adherencePolicy)).toEqual({ from: 19.5 * hour, to: 33 * hour })
    expect(windowOf(run, undefined, undefined, adherencePolicy)).toEqual({ from: 19 * hour, to: 44 * hour })
  })

  it('is an hour longer or shorter in the night when the clocks are set', () => {
    const plan = Plan.parse({ starts: [{ weekdays: ['sat'], at: '20:00', durationMinutes: 720 }] })
    const [spring] = plannedRuns(plan, 'Europe/Berlin', Date.UTC(2026, 2, 28), Date.UTC(2026, 2, 29))
    // 20:00 of Central European Time; twelve hours later the clock there shows 09:00.
    expect(spring?.startsAt).toBe(Date.UTC(2026, 2, 28, 19))
    expect(spring?.endsAt).toBe(Date.UTC(2026, 2, 29, 7))
  })
})

const gap = fc
  .tuple(fc.integer({ min: 19 * 60, max: 40 * 60 }), fc.integer({ min: 4, max: 300 }))
  .map(([from, length]) => ({
    from: from * minute,
    to: (from + length) * minute,
  }))

describe('whatever was not heard', () => {
  it('never makes a delivery missed, early, late or short that was not', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 19 * 60 + 1, max: 30 * 60 }),
        fc.integer({ min: 40, max: 14 * 60 }),
        fc.array(gap, { maxLength: 4 }),
        fc.boolean(),
        fc.constantFrom(0, 3 * minute),
        (startMinute, minutes, unheard, counts, width) => {
          const [from, to] = [startMinute * minute, Math.min(39 * 60, startMinute + minutes) * minute]
          const kept = keptSeen({ truth: infusesFrom(from, to, counts), unheard, width, every: minute })
          const real = { ml: ((to - from) / hour) * 100, late: from > 20.5 * hour, early: from < 19.5 * hour }
          const { start, stop, volume, judged } = kept
          expect(judged.start).not.toBe('missed')
          if (start.how === 'at') {
            expect(start.notBefore ?? 0).toBeLessThanOrEqual(from)
            expect(start.notAfter).toBeGreaterThanOrEqual(from)
          }
          if (stop.how === 'at') {
            expect(stop.notBefore ?? 0).toBeLessThanOrEqual(to)
            expect(stop.notAfter).toBeGreaterThanOrEqual(to)
          }
          if (judged.start === 'late') expect(real.late).toBe(true)
          if (judged.start === 'early') expect(real.early).toBe(true)
          if (judged.stop === 'early') expect(to).toBeLessThan(31.5 * hour)
          if (judged.volume === 'short') expect(real.ml).toBeLessThan(1140)
          if (judged.volume === 'kept') expect(real.ml).toBeGreaterThanOrEqual(1139)
          if (volume !== null) expect(volume.ml).toBeLessThanOrEqual(real.ml + 0.01)
          if (volume !== null && !volume.atLeast && unheard.length === 0) expect(volume.ml).toBeCloseTo(real.ml, 2)
        },
      ),
      { numRuns: 120 },
    )
  })

  it('never makes a delivery that was missed a kept one', () => {
    fc.assert(
      fc.property(fc.array(gap, { maxLength: 5 }), fc.boolean(), (unheard, counts) => {
        const { judged } = keptSeen({ truth: infusesFrom(99 * hour, 99 * hour, counts), unheard, every: minute })
        expect(['missed', 'not-known']).toContain(judged.start)
        expect(judged.volume).not.toBe('kept')
        if (counts)
          expect(
            judged.start === 'missed' ||
              unheard.some(({ to }) => to > 39 * hour) ||
              unheard.some(({ from }) => from < 19.1 * hour),
          ).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})
