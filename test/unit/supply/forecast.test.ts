import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChannelId } from '#domain/ids.ts'
import { forecast } from '#domain/supply/forecast.ts'
import { nextBag } from '#domain/supply/next-bag.ts'
import { emptySample } from '#domain/telemetry.ts'
import type { TelemetrySample } from '#domain/telemetry.ts'

const minute = 60_000
const hour = 60 * minute
const now = 1_000 * hour

const told = (changes: Partial<TelemetrySample>, ageMs = 2_000) =>
  forecast({
    reading: {
      sample: {
        ...emptySample(ChannelId.parse('1'), 's'),
        operatingState: 'infusing',
        deliveryMode: 'continuous',
        ...changes,
      },
      sampledAt: now - ageMs,
      receivedAt: now - ageMs,
      uncertaintyMs: 0,
    },
    statusIntervalMs: 10_000,
    now,
  })

describe('the end of a program', () => {
  it('is what volume and rate tell, five percent sooner or later', () => {
    const { end, leftMl } = told({ programRemainingMl: 200, rateMlPerHour: 100 }, 0)
    expect(leftMl).toBe(200)
    expect(end).toEqual({
      how: 'at',
      earliest: now + 1.9 * hour - 10_000,
      likely: now + 2 * hour,
      latest: now + 2.1 * hour + 10_000,
      by: 'volume-and-rate',
    })
  })

  it('is the pump’s own word where it gives one, and wider where its volume says otherwise', () => {
    expect(told({ timeRemainingSeconds: 7200, programRemainingMl: 250, rateMlPerHour: 100 }, 0).end).toMatchObject({
      likely: now + 2 * hour,
      latest: now + 2.5 * hour * 1.05 + 10_000 + minute,
      by: 'pump',
    })
  })

  it('is not reckoned from a rate that changes on the way', () => {
    const changing = { programRemainingMl: 200, rateMlPerHour: 100 } as const
    for (const deliveryMode of ['tpn', 'variable', 'pca', 'intermittent'] as const)
      expect(told({ ...changing, deliveryMode }).end).toEqual({ how: 'not-told', why: 'rate-changes' })
    expect(told({ ...changing, deliveryMode: 'tpn', timeRemainingSeconds: 3600 }, 0).end).toMatchObject({
      likely: now + hour,
    })
  })

  it('may be sooner where a patient asks for doses', () => {
    expect(told({ deliveryMode: 'pca', timeRemainingSeconds: 3600 }).end).toMatchObject({ how: 'at', earliest: null })
  })

  it('has no bounds when the pump has not been heard since', () => {
    const { end, stale } = told({ programRemainingMl: 200, rateMlPerHour: 100 }, 30_000)
    expect(stale).toBe(true)
    expect(end).toMatchObject({ how: 'at', earliest: null, likely: now - 30_000 + 2 * hour, latest: null })
  })

  it('moves on while the program stands', () => {
    expect(told({ operatingState: 'paused', programRemainingMl: 50, programmedRateMlPerHour: 100 }).end).toEqual({
      how: 'stands',
      leftSeconds: 1800,
    })
    expect(told({ operatingState: 'stopped-alarm' }).end).toEqual({ how: 'stands', leftSeconds: null })
    expect(told({ operatingState: 'stopped', programRemainingMl: 0 }).end).toEqual({ how: 'nothing-runs' })
  })

  it('is behind a keep-open flow, and not known between two doses', () => {
    expect(told({ operatingState: 'kvo', rateMlPerHour: 1, programRemainingMl: 0 }).end).toEqual({ how: 'keeps-open' })
    expect(told({ operatingState: 'kvo', deliveryMode: 'intermittent', rateMlPerHour: 1 }).end).toMatchObject({
      why: 'between-doses',
    })
    expect(told({ operatingState: 'between-doses', programRemainingMl: 50, rateMlPerHour: 10 }).end).toMatchObject({
      why: 'between-doses',
    })
  })

  it('is said to be unknown when nobody heard the pump or it does not say', () => {
    const reading = { sample: null, sampledAt: null, receivedAt: null, uncertaintyMs: 0 }
    expect(forecast({ reading, statusIntervalMs: 1000, now })).toMatchObject({
      end: { how: 'not-told', why: 'not-heard' },
      stale: true,
      runsOut: null,
    })
    expect(told({ operatingState: 'unknown' }).end).toEqual({ how: 'not-told', why: 'not-heard' })
    expect(told({ rateMlPerHour: 100 }).end).toEqual({ how: 'not-told', why: 'pump-does-not-say' })
    expect(told({ rateMlPerHour: 0, programRemainingMl: 100 }).end).toEqual({
      how: 'not-told',
      why: 'pump-does-not-say',
    })
  })

  it('lies within its bounds for a pump that keeps its accuracy', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 999, noNaN: true }),
        fc.double({ min: 0.1, max: 1200, noNaN: true }),
        fc.double({ min: 0.953, max: 1.05, noNaN: true }),
        fc.integer({ min: 0, max: 29_000 }),
        fc.boolean(),
        (leftMl, rate, accuracy, ageMs, saysTime) => {
          const seconds = (leftMl / rate) * 3600
          const time = saysTime ? { timeRemainingSeconds: Math.floor(seconds / 60) * 60 } : {}
          const { end } = told({ programRemainingMl: leftMl, rateMlPerHour: rate, ...time }, ageMs)
          if (end.how !== 'at') expect.fail('it has an end')
          const really = now - ageMs + (seconds * 1000) / accuracy
          expect(end.earliest).toBeLessThanOrEqual(really)
          expect(end.latest).toBeGreaterThanOrEqual(really)
        },
      ),
    )
  })

  it('is never earlier than "now" for a program that stands, whatever it tells', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('paused', 'stopped-alarm', 'stopped', 'fault', 'complete', 'off', 'standby'),
        fc.option(fc.integer({ min: -5, max: 9999 })),
        fc.option(fc.integer({ min: 0, max: 1200 })),
        (operatingState, programRemainingMl, rateMlPerHour) => {
          const { end, runsOut } = told({ operatingState, programRemainingMl, rateMlPerHour })
          expect(['stands', 'nothing-runs']).toContain(end.how)
          expect(runsOut).toBeNull()
        },
      ),
    )
  })
})

describe('the battery', () => {
  it('counts when it is empty before the program ends', () => {
    const running = { programRemainingMl: 200, rateMlPerHour: 100, powerSource: 'onBattery' } as const
    expect(told({ ...running, batteryMinutesRemaining: 60 }, 0)).toMatchObject({
      battery: { how: 'until', at: now + hour },
      runsOut: { at: now + hour, what: 'battery' },
    })
    expect(told({ ...running, batteryMinutesRemaining: 180 }, 0).runsOut).toEqual({
      at: now + 2 * hour,
      what: 'program',
    })
    expect(told({ ...running, batteryPercent: 40 }).battery).toEqual({ how: 'percent', percent: 40 })
    expect(told(running).battery).toEqual({ how: 'not-told' })
    expect(told({ ...running, powerSource: 'onMains', batteryMinutesRemaining: 5 }).battery).toEqual({ how: 'mains' })
  })
})

const ends = (likely: number) => ({ how: 'at', earliest: null, likely, latest: null, by: 'pump' }) as const

describe('the next bag', () => {
  const run = { startsAt: now - hour, endsAt: now + 10 * hour }
  const next = { startsAt: now + 23 * hour, endsAt: now + 34 * hour }

  it('is due at the end of the program while the plan goes on', () => {
    expect(nextBag(ends(now + 4 * hour), run, next)).toEqual({ at: now + 4 * hour, why: 'plan-goes-on' })
  })

  it('is due at the next start otherwise', () => {
    expect(nextBag(ends(now + 9.6 * hour), run, next)).toEqual({ at: next.startsAt, why: 'next-start' })
    expect(nextBag({ how: 'nothing-runs' }, null, next)).toEqual({ at: next.startsAt, why: 'next-start' })
  })

  it('is not known without a plan', () => {
    expect(nextBag(ends(now + hour), null, null)).toBeNull()
  })
})
