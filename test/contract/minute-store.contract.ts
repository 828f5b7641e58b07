import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BootId, ChannelId, HubId, PumpId } from '#domain/ids.ts'
import { emptySample, type TelemetrySample } from '#domain/telemetry.ts'
import { instant } from '#domain/time.ts'
import type { TelemetryPoint, TelemetryStore } from '#server/core/ports.ts'
import type { MinuteStore } from '#server/core/roll-ups/minute.ts'
import { MemoryTelemetryStore } from '#test/support/memory-telemetry-store.ts'

const minute = 60_000
const start = Date.UTC(2026, 9, 5, 8)

let pumps = 0
const newPump = (): PumpId => PumpId.parse(`ROLLED-${Date.now().toString(36)}-${(pumps += 1)}`)

const point = (
  pumpId: PumpId,
  seq: number,
  at: number,
  sample: Partial<TelemetrySample> = {},
  { hub = 'hub-1', late = false } = {},
): TelemetryPoint => ({
  hubId: HubId.parse(hub),
  pumpId,
  bootId: BootId.parse('boot-1'),
  seq,
  occurredAt: instant(at),
  late,
  sample: { ...emptySample(ChannelId.parse('1'), pumpId), operatingState: 'infusing', ...sample },
})

/** What a store that keeps minutes promises; the memory store is the model. `forgets`: it removes what is old when it is told to. */
export function minuteStoreContract(
  name: string,
  forgets: boolean,
  open: () => Promise<TelemetryStore & MinuteStore>,
): void {
  describe(`minute store: ${name}`, () => {
    const hour = { from: start, to: start + 60 * minute, origin: start, widthMs: minute }

    it('makes minutes of the samples, and buckets of the minutes', async () => {
      const store = await open()
      const pump = newPump()
      await store.write([
        point(pump, 1, start, { rateMlPerHour: 5, infusedTotalMl: 10 }),
        point(pump, 2, start + 20_000, { rateMlPerHour: 1, linePressureMmHg: 40 }),
        point(pump, 3, start + 59_999, { rateMlPerHour: 3, operatingState: 'paused' }, { late: true }),
        point(pump, 4, start + minute, { rateMlPerHour: 9, batteryPercent: 80 }),
      ])
      await store.rollUp([{ pumpId: pump, from: start, to: start + 2 * minute }])
      expect(await store.bucketsOfMinutes(pump, hour)).toEqual([
        {
          from: start,
          to: start + 59_999,
          samples: 3,
          late: 1,
          state: 'paused',
          values: { rateMlPerHour: [5, 1, 5, 3], linePressureMmHg: [40, 40, 40, 40], infusedTotalMl: [10, 10, 10, 10] },
        },
        {
          from: start + minute,
          to: start + minute,
          samples: 1,
          late: 0,
          state: 'infusing',
          values: { rateMlPerHour: [9, 9, 9, 9], batteryPercent: [80, 80, 80, 80] },
        },
      ])
      expect(await store.bucketsOfMinutes(pump, { ...hour, widthMs: 5 * minute })).toMatchObject([
        { from: start, to: start + minute, samples: 4, values: { rateMlPerHour: [5, 1, 9, 9] } },
      ])
    })

    it('has a late sample in its minute once that is made again, and in no other', async () => {
      const store = await open()
      const pump = newPump()
      const both = { pumpId: pump, from: start, to: start + 2 * minute }
      await store.write([
        point(pump, 1, start, { rateMlPerHour: 5 }),
        point(pump, 9, start + minute, { rateMlPerHour: 6 }),
      ])
      await store.rollUp([both])
      await store.write([point(pump, 2, start + 30_000, { rateMlPerHour: 99 }, { late: true })])
      expect((await store.bucketsOfMinutes(pump, hour)).map(({ samples }) => samples)).toEqual([1, 1])
      await store.rollUp([{ ...both, to: start + minute }])
      await store.rollUp([both])
      expect((await store.bucketsOfMinutes(pump, hour)).map(({ samples, late }) => [samples, late])).toEqual([
        [2, 1],
        [1, 0],
      ])
    })

    it('keeps the channels and the hubs of a pump apart', async () => {
      const store = await open()
      const pump = newPump()
      const other = { channelId: ChannelId.parse('2'), rateMlPerHour: 2 }
      await store.write([
        point(pump, 1, start, { rateMlPerHour: 1 }),
        point(pump, 2, start + 1000, other),
        point(pump, 1, start + 2000, other, { hub: 'hub-2' }),
      ])
      await store.rollUp([{ pumpId: pump, from: start, to: start + minute }])
      const of = async (channel?: string) =>
        (
          await store.bucketsOfMinutes(pump, {
            ...hour,
            ...(channel === undefined ? {} : { channel: ChannelId.parse(channel) }),
          })
        ).map(({ samples, values }) => [samples, values.rateMlPerHour])
      expect(await of('1')).toEqual([[1, [1, 1, 1, 1]]])
      expect(await of('2')).toEqual([[2, [2, 2, 2, 2]]])
      expect((await of()).map(([samples]) => samples)).toEqual([3])
    })

    it('makes nothing where nothing is stored, and knows the oldest sample', async () => {
      const store = await open()
      const pump = newPump()
      await store.rollUp([{ pumpId: pump, from: start, to: start + minute }])
      expect(await store.bucketsOfMinutes(pump, hour)).toEqual([])
      expect(await store.earliest(pump)).toBeNull()
      await store.write([point(pump, 2, start + 2000), point(pump, 1, start + 1000)])
      expect(await store.earliest(pump)).toBe(start + 1000)
    })

    it('rolls up many pumps at once, each its own', async () => {
      const store = await open()
      const many = Array.from({ length: 45 }, newPump)
      await store.write(
        many.flatMap((pump, index) => [point(pump, index + 1, start + index, { rateMlPerHour: index })]),
      )
      await store.rollUp(many.map((pumpId) => ({ pumpId, from: start, to: start + minute })))
      for (const [index, pump] of many.entries())
        expect((await store.bucketsOfMinutes(pump, hour)).map(({ values }) => values.rateMlPerHour?.[0])).toEqual([
          index,
        ])
    })

    it.runIf(forgets)('forgets what is old in small steps, samples and minutes each by their age', async () => {
      const store = await open()
      const pump = newPump()
      await store.write(Array.from({ length: 50 }, (_, index) => point(pump, index + 1, start + index * minute)))
      await store.rollUp([{ pumpId: pump, from: start, to: start + 50 * minute }])
      expect(await store.pumpsKept()).toContain(pump)
      const before = { samples: start + 30 * minute, minutes: start + 10 * minute }
      expect(await store.expire(pump, before, 20)).toBe(true)
      expect(await store.earliest(pump)).toBe(start + 20 * minute)
      expect(await store.expire(pump, before, 20)).toBe(false)
      expect(await store.expire(pump, before, 20)).toBe(false)
      expect(await store.earliest(pump)).toBe(start + 30 * minute)
      const kept = await store.bucketsOfMinutes(pump, hour)
      expect([kept.length, kept[0]?.from]).toEqual([40, start + 10 * minute])
    })

    it.runIf(!forgets)('leaves forgetting to its database', async () => {
      const store = await open()
      expect(await store.pumpsKept()).toEqual([])
      expect(await store.expire(newPump(), { samples: start, minutes: start }, 1)).toBe(false)
    })

    it('answers any samples and any window exactly as the model does', async () => {
      const store = await open()
      const reading = fc.option(fc.integer({ min: -100, max: 1200 }))
      const sample = fc.record({
        at: fc.integer({ min: 0, max: 20 * minute }),
        late: fc.boolean(),
        rateMlPerHour: reading,
        linePressureMmHg: reading,
        batteryPercent: reading,
        operatingState: fc.constantFrom('infusing', 'paused', 'fault', 'unknown'),
      })
      const window = fc.record({
        from: fc.integer({ min: 0, max: 10 }),
        minutes: fc.integer({ min: 1, max: 12 }),
        width: fc.integer({ min: 1, max: 7 }),
      })
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(sample, { minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 3 }),
          fc.array(window, { minLength: 1, maxLength: 3 }),
          async (writes, windows) => {
            const model = new MemoryTelemetryStore()
            const pump = newPump()
            let seq = 999_980
            for (const samples of writes) {
              const points = samples.map(({ at, late, ...change }) =>
                point(pump, (seq += 1), start + at, change as Partial<TelemetrySample>, { late }),
              )
              // As the server does: the minutes of what came, made after it was stored.
              const spans = [...new Set(points.map(({ occurredAt }) => Math.floor(occurredAt / minute)))].map((at) => ({
                pumpId: pump,
                from: at * minute,
                to: (at + 1) * minute,
              }))
              for (const one of [store, model]) {
                await one.write(points)
                await one.rollUp(spans)
              }
            }
            for (const { from, minutes, width } of windows) {
              const first = start + from * minute
              const asked = { from: first, to: first + minutes * minute, origin: first, widthMs: width * minute }
              expect(await store.bucketsOfMinutes(pump, asked)).toEqual(await model.bucketsOfMinutes(pump, asked))
            }
          },
        ),
        { numRuns: 25 },
      )
    })
  })
}
