import { describe, expect, it } from 'vitest'
import type { WatchedValues } from '#domain/derived/watched-sample.ts'
import { course, firstMinute, isRising, running, watchOf } from '#test/support/watched-course.ts'
import type { Stretch } from '#test/support/watched-course.ts'

/** Pressure that moves by so much a minute. */
const line = (minutes: number, from: number, perMinute: number, rate = 5): Stretch => ({
  minutes,
  gains: rate,
  says: (minute): Partial<WatchedValues> => ({ ...running(rate), linePressureMmHg: from + perMinute * minute }),
})

describe('a line that closes', () => {
  it.each([
    [60, 3],
    [7, 13],
    [2.2, 33],
  ])('is found while its pressure rises by %f mmHg a minute, within %i minutes', (perMinute, minutes) => {
    const found = firstMinute(course([line(60, 25, 0), line(400 / perMinute, 25, perMinute)]), isRising)
    expect(found).toBeGreaterThan(60)
    expect(found).toBeLessThanOrEqual(60 + minutes)
  })

  it('is over when the pressure has fallen half of the way back', () => {
    const closing: readonly Stretch[] = [line(60, 25, 0), line(12, 25, 10)]
    expect(isRising(watchOf(course(closing)).picture)).toBe(true)
    expect(isRising(watchOf(course([...closing, line(5, 145, 0)])).picture)).toBe(true)
    expect(isRising(watchOf(course([...closing, line(5, 28, 0)])).picture)).toBe(false)
  })

  it('is over when the pump itself calls', () => {
    const calls = { ...running(5), linePressureMmHg: 300, activeAlarms: ['occlusion-downstream' as const] }
    const samples = course([line(60, 25, 0), line(12, 25, 10), { minutes: 1, says: calls }])
    expect(watchOf(samples).picture.pressure.level).toBe('fine')
  })
})

const never = (...stretches: readonly Stretch[]): void => expect(firstMinute(course(stretches), isRising)).toBeNull()

describe('no closing line is made of', () => {
  it('a patient who sits up and stays up', () => {
    never(line(60, 25, 0), line(60, 100, 0))
  })

  it('a patient who sits up in steps', () => {
    never(line(60, 25, 0), line(4, 45, 0), line(4, 75, 0), line(60, 90, 0))
  })

  it('a ramp, whose pressure rises with its rate', () => {
    const ramp = Array.from({ length: 120 }, (_, minute) => line(0.5, 22 + minute, 0, 10 + 1.5 * minute))
    never(...ramp)
  })

  it('a rate that was raised', () => {
    never(line(60, 25, 0, 20), line(60, 150, 0, 400))
  })

  it('coughs', () => {
    const samples = course([line(240, 25, 0)]).map((sample, index) =>
      index % 17 < 2 ? { ...sample, values: { ...sample.values, linePressureMmHg: 100 + index / 10 } } : sample,
    )
    expect(firstMinute(samples, isRising)).toBeNull()
  })

  it('a pump that stands', () => {
    never({
      minutes: 60,
      says: (minute) => ({ operatingState: 'paused', rateMlPerHour: 0, linePressureMmHg: 25 + 5 * minute }),
    })
  })
})
