import { describe, expect, it } from 'vitest'
import { course, firstMinute, isUnder, later, running, standing, watchOf } from '#test/support/watched-course.ts'
import type { Stretch } from '#test/support/watched-course.ts'

const healthy = (rate: number, minutes: number): Stretch => ({ minutes, gains: rate, says: running(rate) })

describe('a pump that says it runs while its counter stands', () => {
  it.each([
    [125, 2],
    [5, 3],
    [0.5, 20],
  ])('at %f mL/h is found within %i minutes', (rate, minutes) => {
    const samples = course([healthy(rate, 120), { minutes: 240, says: running(rate) }])
    const found = firstMinute(samples, isUnder)
    expect(found).toBeGreaterThan(120)
    expect(found).toBeLessThanOrEqual(120 + minutes)
  })

  it('is found although its counter has never moved since the server listens', () => {
    const found = firstMinute(course([{ minutes: 120, says: running(5) }]), isUnder)
    expect(found).toBeLessThan(40)
  })

  it('is found by what is left of its program when it counts nothing else', () => {
    const samples = course([
      { minutes: 60, says: (minute) => ({ ...running(60), infusedTotalMl: null, programRemainingMl: 500 - minute }) },
      { minutes: 60, says: () => ({ ...running(60), infusedTotalMl: null, programRemainingMl: 440 }) },
    ])
    expect(firstMinute(samples, isUnder)).toBeLessThan(63)
  })

  it('is found by its program when the rate it shows has fallen with the flow', () => {
    const slow = { ...running(5), deliveryMode: 'continuous', programmedRateMlPerHour: 50 } as const
    expect(firstMinute(course([{ minutes: 60, gains: 5, says: slow }]), isUnder)).toBeLessThan(60)
  })
})

describe('a pump that delivers half of its rate', () => {
  it.each([
    [0.001, 8],
    [0.1, 15],
    [1, 65],
  ])('is found with a counter of %f mL within %i minutes at 5 mL/h', (stepMl, minutes) => {
    const samples = course([healthy(5, 120), { minutes: 240, gains: 2.5, says: running(5) }], { stepMl })
    const found = firstMinute(samples, isUnder)
    expect(found).toBeGreaterThan(120)
    expect(found).toBeLessThanOrEqual(120 + minutes)
  })
})

describe('an under-infusion ends', () => {
  const flat: readonly Stretch[] = [healthy(50, 60), { minutes: 10, says: running(50) }]

  it('when the pump has delivered its rate again for a while', () => {
    expect(isUnder(watchOf(course(flat)).picture)).toBe(true)
    expect(isUnder(watchOf(course([...flat, healthy(50, 10)])).picture)).toBe(false)
  })

  it('when the pump stops, and is found again when it starts and still moves nothing', () => {
    const stopped: readonly Stretch[] = [...flat, { minutes: 30, says: standing }]
    expect(watchOf(course(stopped)).picture.deviation.under).toBe('fine')
    expect(firstMinute(course([...stopped, { minutes: 5, says: running(50) }]).slice(600), isUnder)).not.toBeNull()
  })

  it('when the pump itself calls for an occlusion: there is one alarm, its own', () => {
    const calls = { ...running(50), activeAlarms: ['occlusion-downstream' as const] }
    expect(watchOf(course([...flat, { minutes: 1, says: calls }])).picture.deviation.under).toBe('fine')
  })

  it('not because the rate is raised while the counter stands', () => {
    expect(isUnder(watchOf(course([...flat, { minutes: 2, says: running(200) }])).picture)).toBe(true)
  })

  it('not because nothing is heard', () => {
    const silent = [...flat, { minutes: 60, unheard: true }, { minutes: 1, says: running(50) }]
    expect(isUnder(watchOf(course(silent)).picture)).toBe(true)
  })
})

const never = (samples: ReturnType<typeof course>): void => expect(firstMinute(samples, isUnder)).toBeNull()

describe('no under-infusion is made of', () => {
  it.each([0.5, 5, 200])('a healthy pump at %f mL/h with a counter of whole mL', (rate) => {
    never(course([healthy(rate, 1440)], { stepMl: 1, everyMs: 30_000 }))
  })

  it('a counter that is reset, also again and again', () => {
    const shifts = Array.from({ length: 6 }, () => course([healthy(20, 30)]))
    never(shifts.flatMap((samples, shift) => samples.map((sample) => later(sample, shift * 30, shift * 1000))))
  })

  it('a ramp, a plateau and a taper', () => {
    const ramp = (from: number, to: number): Stretch[] =>
      Array.from({ length: 60 }, (_, minute) => healthy(from + ((to - from) * minute) / 60, 1))
    never(course([...ramp(0, 190), healthy(190, 300), ...ramp(190, 0)]))
  })

  it('a rate that is changed, up and down', () => {
    never(course([healthy(5, 60), healthy(100, 20), healthy(2, 200), healthy(50, 30)]))
  })

  it('doses with hours between them', () => {
    const pause: Stretch = { minutes: 180, says: { operatingState: 'between-doses', rateMlPerHour: 0 } }
    never(course([healthy(100, 30), pause, healthy(100, 30), pause]))
  })

  it('a program that ends in keep-open flow', () => {
    const kvo: Stretch = { minutes: 600, gains: 1, says: { operatingState: 'kvo', kvoRateMlPerHour: 1 } }
    never(course([healthy(125, 60), kvo]))
  })

  it('a pump that tells no rate, or no volume', () => {
    never(course([{ minutes: 600, says: { operatingState: 'infusing' } }]))
    never(course([{ minutes: 600, says: { ...running(50), infusedTotalMl: null } }]))
  })

  it('a pump that was paused while nobody heard it', () => {
    never(course([healthy(50, 60), { minutes: 60, unheard: true }, healthy(50, 60)]))
  })

  it('a wall clock that is set forward, or back, while the hub goes on', () => {
    for (const stepMs of [120_000, -60_000])
      never(
        course([healthy(200, 60)]).map((sample, index) =>
          index < 180 ? sample : { ...sample, at: sample.at + stepMs },
        ),
      )
  })

  it('a hub that starts again', () => {
    never(course([healthy(200, 60)]).map((sample, index) => (index < 180 ? sample : { ...sample, bootId: 'boot-2' })))
  })

  it('a pump of ninety per cent', () => {
    never(course([{ minutes: 1440, gains: 45, says: running(50) }]))
  })

  it('a value that was misread once', () => {
    const samples = course([healthy(50, 120)]).map((sample, index) =>
      index % 100 === 50 ? { ...sample, values: { ...sample.values, infusedTotalMl: 0.013 } } : sample,
    )
    never(samples)
  })
})
