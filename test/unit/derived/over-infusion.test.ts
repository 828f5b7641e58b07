import { describe, expect, it } from 'vitest'
import { course, firstMinute, isOver, later, running, standing, watchOf } from '#test/support/watched-course.ts'
import type { Stretch } from '#test/support/watched-course.ts'

const healthy = (rate: number, minutes: number): Stretch => ({ minutes, gains: rate, says: running(rate) })

describe('a pump that delivers more than it says', () => {
  it.each([
    [200, 2, 3],
    [5, 2, 5],
    [5, 1.5, 10],
    [0.5, 2, 25],
  ])('at %f mL/h, %f times as much, is found within %i minutes', (rate, times, minutes) => {
    const found = firstMinute(
      course([healthy(rate, 120), { minutes: 120, gains: rate * times, says: running(rate) }]),
      isOver,
    )
    expect(found).toBeGreaterThan(120)
    expect(found).toBeLessThanOrEqual(120 + minutes)
  })

  it('is found while it says that it stands', () => {
    const found = firstMinute(course([healthy(50, 60), { minutes: 30, gains: 60, says: standing }]), isOver)
    expect(found).toBeLessThan(66)
  })

  it('ends when it delivers its rate again for a while', () => {
    const over: readonly Stretch[] = [healthy(50, 60), { minutes: 10, gains: 100, says: running(50) }]
    expect(isOver(watchOf(course(over)).picture)).toBe(true)
    expect(isOver(watchOf(course([...over, healthy(50, 15)])).picture)).toBe(false)
  })
})

const never = (samples: ReturnType<typeof course>): void => expect(firstMinute(samples, isOver)).toBeNull()

describe('no over-infusion is made of', () => {
  it('a bolus whose rate is told, or not, or only that of the basal flow beneath', () => {
    for (const rateMlPerHour of [60, null, 1]) {
      const bolus: Stretch = { minutes: 1, gains: 60, says: { operatingState: 'bolus', rateMlPerHour } }
      never(course([healthy(1, 30), bolus, healthy(1, 30), bolus, healthy(1, 30)]))
    }
  })

  it('a bolus that began and ended between two samples', () => {
    const before = course([healthy(1, 60)], { everyMs: 60_000 })
    const after = course([healthy(1, 60)], { everyMs: 60_000, startMl: 1.5 })
    never([...before, ...after.map((sample) => later(sample, 60, 1000))])
  })

  it('a counter that lags behind when the pump stops', () => {
    never(course([healthy(200, 10), { minutes: 0.25, gains: 200, says: standing }, { minutes: 10, says: standing }]))
  })

  it('a purge before the start', () => {
    never(course([{ minutes: 2, gains: 300, says: { operatingState: 'priming' } }, healthy(5, 60)]))
  })

  it('a pump of a hundred and ten per cent', () => {
    never(course([{ minutes: 1440, gains: 55, says: running(50) }]))
  })
})
