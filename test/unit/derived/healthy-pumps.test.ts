import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newWatch, watched } from '#domain/derived/channel-watch.ts'
import { defaultDerivedPolicy } from '#domain/derived/policy.ts'
import { stopLevel } from '#domain/derived/stopped-early.ts'
import type { Act } from '#simulators/core/acts.ts'
import { perform } from '#simulators/core/pump-hands.ts'
import { step } from '#simulators/core/pump-model.ts'
import { pumpProfiles } from '#simulators/core/pump-settings.ts'
import type { PumpSettings } from '#simulators/core/pump-settings.ts'
import { initialState, linePressureMmHg } from '#simulators/core/pump-state.ts'
import { seededRandom } from '#simulators/core/random.ts'
import { ObservedPump, someEyes } from '#test/support/observed-pump.ts'
import { hourMs, minuteMs } from '#test/support/watched-course.ts'

const hours = 3
const stepMs = 5000

const rate = fc.constantFrom(0.5, 1, 2, 5, 20, 125, 300)

const program: fc.Arbitrary<Partial<PumpSettings>> = fc.oneof(
  rate.map((rateMlPerHour) => ({ rateMlPerHour })),
  rate.map((rateMlPerHour) => ({ deliveryMode: 'tpn' as const, rateMlPerHour, rampMinutes: 45, taperMinutes: 30 })),
  fc.record({ rateMlPerHour: fc.constantFrom(0, 0.5, 2), bolusMl: fc.constantFrom(0.2, 1) }).map((pca) => ({
    ...pca,
    deliveryMode: 'pca' as const,
  })),
  rate.map((rateMlPerHour) => ({
    deliveryMode: 'intermittent' as const,
    rateMlPerHour,
    doseMl: rateMlPerHour / 3,
    doseIntervalMinutes: 60,
  })),
  fc
    .array(fc.record({ minutes: fc.integer({ min: 5, max: 90 }), rateMlPerHour: rate }), { minLength: 2, maxLength: 5 })
    .map((steps) => ({ deliveryMode: 'variable' as const, steps })),
)

/** What people do to a healthy pump, at what minute. */
const act: fc.Arbitrary<{ readonly minute: number; readonly acts: readonly Act[] }> = fc.record({
  minute: fc.integer({ min: 1, max: hours * 60 - 10 }),
  acts: fc.constantFrom<readonly Act[]>(
    [{ act: 'demand' }],
    [{ act: 'pause' }],
    [{ act: 'resume' }],
    [{ act: 'set-rate', amount: 10 }],
    [{ act: 'set-rate', amount: 150 }],
    [{ act: 'clear-total' }],
    [{ act: 'reboot' }],
    [{ act: 'new-program' }],
    [{ act: 'finish', amount: 0.5 }],
  ),
})

describe('a healthy pump, whatever its program and however badly it is seen', () => {
  it('never gives an under- or over-infusion nor a closing line', () => {
    fc.assert(
      fc.property(
        program,
        fc.array(act, { maxLength: 12 }),
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.constantFrom(5000, 10_000, 30_000),
        (changes, acts, seed, everyMs) => {
          const settings: PumpSettings = { ...pumpProfiles['generic-ambulatory'], startsOnMains: true, ...changes }
          const random = seededRandom(seed)
          const pump = new ObservedPump(someEyes(random), random.fork('eyes'))
          let state = initialState(settings)
          let watch = newWatch
          for (let at = 0; at < hours * hourMs; at += stepMs) {
            for (const { minute, acts: now } of acts)
              if (minute * minuteMs === at) state = now.reduce((was, one) => perform(was, settings, one), state)
            state = step(state, settings, stepMs)
            if (at % everyMs !== 0) continue
            const reading = { state, settings, linePressureMmHg: linePressureMmHg(state, settings) }
            for (const sample of pump.see(reading, at)) watch = watched(watch, sample, defaultDerivedPolicy)
            const { deviation, pressure, stop } = watch.picture
            expect([at, deviation.under, deviation.over, pressure.level]).not.toContain('raised')
            // A pause that nobody ended is no fault of the pump, but no alarm before its time either.
            if (stop.since !== null) expect(stopLevel(stop, stop.since + 599_999, defaultDerivedPolicy)).toBe('unknown')
          }
        },
      ),
      { numRuns: 8 },
    )
  })
})
