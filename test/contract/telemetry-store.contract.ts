import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BootId, ChannelId, HubId, PumpId } from '#domain/ids.ts'
import { emptySample, type TelemetrySample } from '#domain/telemetry.ts'
import { instant } from '#domain/time.ts'
import type { TelemetryPoint, TelemetryStore } from '#server/core/ports.ts'
import { MemoryTelemetryStore } from '#test/support/memory-telemetry-store.ts'

const hubId = HubId.parse('hub-1')
const bootId = BootId.parse('boot-1')
const channelId = ChannelId.parse('1')
// Recent, so that no retention reaches it; not a round number, so that no bucket is aligned by chance.
const start = Date.UTC(2026, 9, 5, 8) + 123

let pumps = 0
const newPump = (): PumpId => PumpId.parse(`PUMP-${Date.now().toString(36)}-${(pumps += 1)}`)

const point = (
  pumpId: PumpId,
  seq: number,
  at: number,
  sample: Partial<TelemetrySample> = {},
  hub: HubId = hubId,
  late = false,
): TelemetryPoint => ({
  hubId: hub,
  pumpId,
  bootId,
  seq,
  occurredAt: instant(at),
  late,
  sample: { ...emptySample(channelId, pumpId), operatingState: 'infusing', ...sample },
})

const ofChannel = (channel: string): Partial<TelemetrySample> => ({
  channelId: ChannelId.parse(channel),
  rateMlPerHour: Number(channel),
})

/** Every store gives the same answer to the same points and question; `open` may give a store that holds points of other pumps. */
export function telemetryStoreContract(name: string, open: () => Promise<TelemetryStore>): void {
  const everything = { from: start - 1_000_000, to: start + 100_000_000, maxPoints: 1000 }

  describe(`telemetry store: ${name}`, () => {
    it('knows nothing of a pump it has not seen', async () => {
      const store = await open()
      const pump = newPump()
      await store.check()
      expect(await store.latest(pump)).toBeNull()
      expect(await store.history(pump, everything)).toEqual({
        pumpId: pump,
        from: everything.from,
        to: everything.to,
        resolutionMs: 0,
        buckets: [],
        lastSampleAt: null,
      })
    })

    it('tells the history of one channel, and of all when none is named', async () => {
      const store = await open()
      const pump = newPump()
      await store.write([
        point(pump, 1, start, ofChannel('1')),
        point(pump, 2, start, ofChannel('2')),
        point(pump, 3, start + 1000, ofChannel('1')),
        point(pump, 4, start + 2000, ofChannel('2')),
      ])
      const rates = async (channel?: ChannelId) => {
        const { buckets, lastSampleAt } = await store.history(pump, { ...everything, channel })
        return [...buckets.map(({ values }) => values.rateMlPerHour?.[0]), lastSampleAt]
      }
      expect(await rates(ChannelId.parse('1'))).toEqual([1, 1, start + 1000])
      expect(await rates(ChannelId.parse('2'))).toEqual([2, 2, start + 2000])
      expect(await rates(ChannelId.parse('3'))).toEqual([null])
      expect((await rates()).slice(0, -1).filter((rate) => rate === 2)).toHaveLength(2)
    })

    it('gives back the latest sample with every number, state and mark it keeps', async () => {
      const store = await open()
      const pump = newPump()
      const full: Partial<TelemetrySample> = {
        measurementStatus: ['questionable', 'demo'],
        operatingState: 'stopped-alarm',
        deliveryMode: 'pca',
        powerSource: 'onBattery',
        rateMlPerHour: 0.1,
        programmedRateMlPerHour: 125,
        kvoRateMlPerHour: 3,
        vtbiMl: 500,
        programRemainingMl: 0,
        infusedTotalMl: 99_999.001,
        infusedSegmentMl: 1e-7,
        containerStartMl: 1000,
        timeRemainingSeconds: 2_592_000,
        programmedTimeSeconds: 3600,
        doseIntervalMinutes: 10,
        concentrationMgPerMl: 0.3,
        stepIndex: 2,
        stepCount: 25,
        pcaGiven: 0,
        pcaAttempted: 7,
        linePressureMmHg: -100,
        airAccumulatedMl: 0.05,
        batteryPercent: 41.5,
        batteryMinutesRemaining: 90,
        airDetectorEnabled: false,
        upstreamSensorEnabled: null,
      }
      const older = point(pump, 1, start, { rateMlPerHour: 7 })
      expect(await store.write([point(pump, 2, start + 1000, full), older])).toEqual({ refused: [] })
      expect(await store.latest(pump)).toEqual({ at: start + 1000, sample: { channelId, ...full } })
    })

    it('keeps "the pump did not say" apart from zero', async () => {
      const store = await open()
      const pump = newPump()
      await store.write([point(pump, 1, start, { rateMlPerHour: 0, linePressureMmHg: null })])
      const latest = await store.latest(pump)
      expect([latest?.sample.rateMlPerHour, latest?.sample.linePressureMmHg]).toEqual([0, null])
      const { buckets } = await store.history(pump, everything)
      expect(buckets).toEqual([
        { from: start, to: start, samples: 1, late: 0, state: 'infusing', values: { rateMlPerHour: [0, 0, 0, 0] } },
      ])
    })

    it('counts the samples that came late, thinned or not', async () => {
      const store = await open()
      const pump = newPump()
      const lates = [true, false, true, ...Array.from({ length: 17 }, () => false)]
      await store.write(lates.map((late, at) => point(pump, at + 1, start + at * 100, {}, hubId, late)))
      const each = await store.history(pump, { from: start, to: start + 2000, maxPoints: 20 })
      expect(each.buckets.map(({ late }) => late === 1)).toEqual(lates)
      const halves = await store.history(pump, { from: start, to: start + 2000, maxPoints: 10 })
      expect(halves.buckets.map(({ late }) => late)).toEqual([1, 1, ...Array.from({ length: 8 }, () => 0)])
    })

    it('stores the same point twice as one, and two samples of one millisecond as two', async () => {
      const store = await open()
      const pump = newPump()
      const twins = [point(pump, 7, start, { rateMlPerHour: 1 }), point(pump, 8, start, { rateMlPerHour: 2 })]
      await store.write(twins)
      await store.write([...twins, ...twins])
      const { buckets } = await store.history(pump, everything)
      expect(buckets.map(({ samples, values }) => [samples, values.rateMlPerHour?.[0]])).toEqual([
        [1, 1],
        [1, 2],
      ])
      expect((await store.latest(pump))?.sample.rateMlPerHour).toBe(2)
    })

    it('takes the window from its first millisecond up to but without its last', async () => {
      const store = await open()
      const pump = newPump()
      await store.write([1, 2, 3, 4].map((seq) => point(pump, seq, start + seq, { rateMlPerHour: seq })))
      const history = await store.history(pump, { from: start + 2, to: start + 4, maxPoints: 10 })
      expect(history.buckets.map(({ from }) => from)).toEqual([start + 2, start + 3])
      expect(history.lastSampleAt).toBe(start + 4)
    })

    it('thins to buckets that start at the window and keep first, least, greatest and last', async () => {
      const store = await open()
      const pump = newPump()
      const rates = [5, 1, 9, 4, 3, 8, 2, 6, 7, 7, 7, 100]
      await store.write(
        rates.map((rateMlPerHour, at) =>
          point(pump, at + 1, start + at * 100, {
            rateMlPerHour,
            operatingState: rateMlPerHour === 4 ? 'paused' : 'infusing',
          }),
        ),
      )
      const { resolutionMs, buckets } = await store.history(pump, { from: start, to: start + 4000, maxPoints: 10 })
      expect(resolutionMs).toBe(400)
      expect(buckets).toEqual([
        { from: start, to: start + 300, samples: 4, late: 0, state: 'paused', values: { rateMlPerHour: [5, 1, 9, 4] } },
        {
          from: start + 400,
          to: start + 700,
          samples: 4,
          late: 0,
          state: 'infusing',
          values: { rateMlPerHour: [3, 2, 8, 6] },
        },
        {
          from: start + 800,
          to: start + 1100,
          samples: 4,
          late: 0,
          state: 'infusing',
          values: { rateMlPerHour: [7, 7, 100, 100] },
        },
      ])
    })

    it('leaves empty buckets out and passes over what a sample does not say', async () => {
      const store = await open()
      const pump = newPump()
      const samples = Array.from({ length: 12 }, (_, index) =>
        point(pump, index + 1, start + (index < 6 ? index : index + 500) * 100, {
          linePressureMmHg: index % 2 === 0 ? null : index,
          batteryPercent: index < 6 ? 50 : null,
        }),
      )
      await store.write(samples)
      const { buckets } = await store.history(pump, { from: start, to: start + 60_000, maxPoints: 10 })
      expect(buckets).toEqual([
        {
          from: start,
          to: start + 500,
          samples: 6,
          late: 0,
          state: 'infusing',
          values: { linePressureMmHg: [1, 1, 5, 5], batteryPercent: [50, 50, 50, 50] },
        },
        {
          from: start + 50_600,
          to: start + 51_100,
          samples: 6,
          late: 0,
          state: 'infusing',
          values: { linePressureMmHg: [7, 7, 11, 11] },
        },
      ])
    })

    it('puts samples of one pump from two hubs into one history', async () => {
      const store = await open()
      const pump = newPump()
      const other = HubId.parse('hub-2')
      await store.write([
        point(pump, 5, start, {}),
        point(pump, 3, start + 10, {}, other),
        point(pump, 6, start + 20, {}),
      ])
      const { buckets } = await store.history(pump, everything)
      expect(buckets.map(({ from }) => from - start)).toEqual([0, 10, 20])
    })

    it('gives nothing for a window without width', async () => {
      const store = await open()
      const pump = newPump()
      await store.write([point(pump, 1, start)])
      expect(await store.history(pump, { from: start, to: start, maxPoints: 10 })).toMatchObject({
        resolutionMs: 0,
        buckets: [],
      })
    })

    it('is not led astray by what a pump calls itself', async () => {
      const store = await open()
      for (const hostile of [
        `a' OR 'b'='b`,
        'a\\',
        `'; DROP MEASUREMENT "infusion"; --`,
        'line\nfeed',
        '"',
        'ünïcödé 🩺',
      ])
        expect((await store.history(hostile as PumpId, everything)).buckets).toEqual([])
      const pump = newPump()
      await store.write([point(pump, 1, start)])
      expect((await store.history(pump, everything)).buckets).toHaveLength(1)
    })

    it('answers any points and any window exactly as the model does', async () => {
      const store = await open()
      const reading = fc.option(
        fc.oneof(fc.integer({ min: -100, max: 1200 }), fc.double({ min: -100, max: 1200, noNaN: true })),
      )
      const sample = fc.record({
        at: fc.integer({ min: 0, max: 600_000 }),
        rateMlPerHour: reading,
        linePressureMmHg: reading,
        batteryPercent: reading,
        operatingState: fc.constantFrom('infusing', 'paused', 'fault', 'unknown'),
      })
      const window = fc.record({
        from: fc.integer({ min: -1000, max: 400_000 }),
        width: fc.integer({ min: 0, max: 700_000 }),
        maxPoints: fc.integer({ min: 10, max: 60 }),
      })
      await fc.assert(
        fc.asyncProperty(
          fc.array(sample, { maxLength: 120 }),
          fc.array(window, { minLength: 1, maxLength: 4 }),
          async (samples, windows) => {
            const model = new MemoryTelemetryStore()
            const pump = newPump()
            const points = samples.map(({ at, ...change }, index) =>
              point(pump, index + 999_950, start + at, change as Partial<TelemetrySample>),
            )
            await model.write(points)
            if (points.length > 0) await store.write(points)
            for (const { from, width, maxPoints } of windows) {
              const asked = { from: start + from, to: start + from + width, maxPoints }
              expect(withoutNegativeZero(await store.history(pump, asked))).toEqual(
                withoutNegativeZero(await model.history(pump, asked)),
              )
            }
            expect(withoutNegativeZero(await store.latest(pump))).toEqual(withoutNegativeZero(await model.latest(pump)))
          },
        ),
        { numRuns: 40 },
      )
    })
  })
}

/** −0 and 0 are one reading. */
const withoutNegativeZero = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
