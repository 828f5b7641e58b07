import { describe, expect, it } from 'vitest'
import { defaultDerivedPolicy } from '#domain/derived/policy.ts'
import { stopLevel } from '#domain/derived/stopped-early.ts'
import type { WatchedValues } from '#domain/derived/watched-sample.ts'
import { course, minuteMs, watchOf } from '#test/support/watched-course.ts'
import type { Stretch } from '#test/support/watched-course.ts'

const program = (left: number): Partial<WatchedValues> => ({ vtbiMl: 100, programRemainingMl: left })
const stood = (minutes: number, left: number, more: Partial<WatchedValues> = {}): Stretch => ({
  minutes,
  says: { operatingState: 'paused', rateMlPerHour: 0, ...program(left), ...more },
})
const ran: Stretch = { minutes: 10, gains: 50, says: { operatingState: 'infusing', rateMlPerHour: 50, ...program(60) } }

/** At the end of the course, or so many minutes later. */
const level = (stretches: readonly Stretch[], laterMinutes = 0): string => {
  const samples = course(stretches)
  const now = (samples.at(-1)?.at ?? 0) + laterMinutes * minuteMs
  return stopLevel(watchOf(samples).picture.stop, now, defaultDerivedPolicy)
}

describe('a pump that was stopped with much of its program left', () => {
  it('is an alarm after ten minutes, not before', () => {
    expect(level([ran, stood(9, 60)])).toBe('unknown')
    expect(level([ran, stood(11, 60)])).toBe('raised')
  })

  it('is one although it is not heard any more', () => {
    expect(level([ran, stood(1, 60)], 10)).toBe('raised')
  })

  it('is one after a restart of the server that knows only that it stands', () => {
    expect(level([stood(11, 60)])).toBe('raised')
  })

  it('is none while the pump itself calls, and one when it has gone quiet and still stands', () => {
    const calling = stood(30, 60, { activeAlarms: ['paused-too-long'] })
    expect(level([ran, calling])).toBe('fine')
    expect(level([ran, calling, stood(11, 60)])).toBe('raised')
  })

  it('is one beside an alarm that has nothing to do with it', () => {
    expect(level([ran, stood(11, 60, { activeAlarms: ['battery-low'] })])).toBe('raised')
  })

  it('is over when it runs again', () => {
    expect(level([ran, stood(11, 60), ran])).toBe('fine')
  })

  it('is judged by time when the pump tells no volume', () => {
    const says = { vtbiMl: null, programRemainingMl: null, timeRemainingSeconds: 1800, programmedTimeSeconds: 3600 }
    expect(level([ran, stood(11, 60, says)])).toBe('raised')
  })
})

describe('no early stop is', () => {
  it.each([
    ['the last of the program', stood(30, 4)],
    ['a program that has not begun', stood(30, 100)],
    ['a program that is complete', { minutes: 30, says: { operatingState: 'complete', ...program(0) } }],
    ['the time between two doses', { minutes: 300, says: { operatingState: 'between-doses', ...program(60) } }],
    ['a start that is delayed', { minutes: 300, says: { operatingState: 'delay-start', ...program(60) } }],
  ] as const)('%s', (_, stretch) => {
    expect(level([ran, stretch])).toBe('fine')
  })

  it('a pump that does not say how much is left', () => {
    expect(level([stood(30, 0, { vtbiMl: null, programRemainingMl: null })])).toBe('unknown')
  })
})
