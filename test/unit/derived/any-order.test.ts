import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { watched } from '#domain/derived/channel-watch.ts'
import { defaultDerivedPolicy } from '#domain/derived/policy.ts'
import type { WatchedSample } from '#domain/derived/watched-sample.ts'
import { course, isUnder, minuteMs, running, standing, watchOf } from '#test/support/watched-course.ts'
import type { Stretch } from '#test/support/watched-course.ts'

const stretch: fc.Arbitrary<Stretch> = fc.record({
  minutes: fc.integer({ min: 1, max: 20 }),
  gains: fc.constantFrom(0, 2, 5, 10, 50),
  says: fc.constantFrom(running(5), running(50), standing, { operatingState: 'unknown' }),
})

/** Samples move by up to 25 s against each other, and some come again. */
const shuffled = (samples: readonly WatchedSample[], delays: readonly number[]): readonly WatchedSample[] => {
  const arrivals = samples.flatMap((sample, index) => {
    const delay = delays[index % delays.length] ?? 0
    const own = { sample, arrives: sample.at + delay }
    return delay % 7 === 0 ? [own, { sample, arrives: own.arrives + 4000 }] : [own]
  })
  return arrivals.toSorted((a, b) => a.arrives - b.arrives).map(({ sample }) => sample)
}

describe('whatever the order in which samples come, and however often', () => {
  it('the same is known in the end', () => {
    fc.assert(
      fc.property(
        fc.array(stretch, { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 0, max: 25_000 }), { minLength: 5, maxLength: 60 }),
        (stretches, delays) => {
          const samples = course(stretches)
          expect(watchOf(shuffled(samples, delays)).picture).toEqual(watchOf(samples).picture)
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('a sample that comes too late to count', () => {
  const flat = course([
    { minutes: 60, gains: 50, says: running(50) },
    { minutes: 10, says: running(50) },
  ])
  const old = { ...flat[10], seq: 99_999 } as WatchedSample

  it('neither hides nor raises, and is counted', () => {
    const watch = watchOf(flat)
    expect(isUnder(watch.picture)).toBe(true)
    const again = watched(watch, old, defaultDerivedPolicy)
    expect(again.picture).toBe(watch.picture)
    expect(again.tooLate).toBe(1)
  })

  it('the backlog of an outage counts when it comes in its order, and is marked as history', () => {
    const backlog = flat.map((sample) => ({ ...sample, late: true }))
    expect(watchOf(backlog).picture).toMatchObject({ late: true, deviation: { under: 'raised' } })
    const live = {
      ...flat[0],
      at: 70 * minuteMs,
      monotonicMs: 70 * minuteMs,
      seq: 5000,
      values: { ...flat.at(-1)?.values },
    } as WatchedSample
    expect(watchOf([...backlog, live]).picture).toMatchObject({ late: false, deviation: { under: 'raised' } })
  })
})
