import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BootId, ChannelId, PumpId } from '#domain/ids.ts'
import { emptySample } from '#domain/telemetry.ts'
import { averagedFields, measuredAt, Thinned, UplinkRecord } from '#domain/uplink/records.ts'
import { thin, thinnableCount } from '#gateway/core/thinning.ts'
import type { TelemetrySample } from '#domain/telemetry.ts'
import type { ThinnedRecord } from '#domain/uplink/records.ts'
import type { Thinnable, ThinnedRow } from '#gateway/core/thinning.ts'

const boot = BootId.parse('boot-1')

const sample = (seq: number, ms: number, change: Partial<TelemetrySample> = {}, pumpId = 'PUMP-0001'): Thinnable => ({
  seq,
  bootId: boot,
  lane: 'telemetry',
  kind: 'telemetry',
  pumpId: PumpId.parse(pumpId),
  monotonicMs: ms,
  wallAt: 1_767_600_000_000 + ms,
  clockQuality: 'unknown',
  body: {
    ...emptySample(ChannelId.parse('1'), pumpId),
    operatingState: 'infusing',
    rateMlPerHour: 10,
    raw: { st: 'R' },
    ...change,
  },
})

const stored = (row: ThinnedRow, seq: number, bootId = 'boot-2'): ThinnedRecord => ({
  seq,
  bootId: BootId.parse(bootId),
  lane: 'telemetry',
  kind: 'thinned',
  pumpId: row.pumpId,
  monotonicMs: 5,
  wallAt: 0,
  clockQuality: 'unknown',
  body: row.body,
})

const told = (
  all: readonly { pumpId: string; body: Pick<TelemetrySample, 'activeAlarms' | 'operatingState'> }[],
): Set<string> =>
  new Set(all.map(({ pumpId, body }) => JSON.stringify([pumpId, body.operatingState, body.activeAlarms.toSorted()])))

describe('thinning', () => {
  it('makes one row of a pump’s quiet minute, with mean, least, most and count, and the last of what runs on', () => {
    const rows = thin(
      [10, 20, 60].map((rate, index) =>
        sample(7 + index, index * 20_000, { rateMlPerHour: rate, infusedTotalMl: index, linePressureMmHg: null }),
      ),
      60_000,
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]?.body).toMatchObject({
      of: { bootId: boot, firstSeq: 7, firstMonotonicMs: 0, lastMonotonicMs: 40_000, count: 3 },
      sample: { rateMlPerHour: 30, infusedTotalMl: 2, linePressureMmHg: null, operatingState: 'infusing', raw: {} },
      spread: { rateMlPerHour: { min: 10, max: 60, count: 3 }, linePressureMmHg: null },
    })
  })

  it('keeps a state, a mark, a setting and an alarm code that stood for one second as rows of their own', () => {
    const rows = thin(
      [
        sample(1, 0),
        sample(2, 1_000, { activeAlarms: ['air-in-line'], operatingState: 'stopped-alarm' }),
        sample(3, 2_000),
        sample(4, 3_000, { measurementStatus: ['questionable'] }),
        sample(5, 4_000, { programmedRateMlPerHour: 40 }),
        sample(6, 5_000),
      ],
      60_000,
    )
    expect(rows.map(({ body }) => [body.of.count, body.sample.activeAlarms, body.sample.measurementStatus])).toEqual([
      [3, [], ['valid']],
      [1, ['air-in-line'], ['valid']],
      [1, [], ['questionable']],
      [1, [], ['valid']],
    ])
  })

  it('never mixes pumps, channels, minutes or boots', () => {
    const other = { ...sample(5, 10_000), bootId: BootId.parse('boot-9') } as Thinnable
    const rows = thin(
      [
        sample(1, 0),
        sample(2, 10, {}, 'PUMP-0002'),
        sample(3, 20, { channelId: ChannelId.parse('2') }),
        sample(4, 60_000),
        other,
      ],
      60_000,
    )
    expect(rows).toHaveLength(5)
  })

  it('thins thinned rows again: five minutes weigh what a straight average weighs', () => {
    const raw = Array.from({ length: 300 }, (_, n) => sample(n + 1, n * 1_000, { rateMlPerHour: (n * 7) % 50 }))
    const minutes = thin(raw, 60_000).map((row, index) => stored(row, 1_000 + index))
    expect(minutes).toHaveLength(5)
    const [again] = thin(minutes, 300_000)
    const [straight] = thin(raw, 300_000)
    expect(again?.body.of).toEqual(straight?.body.of)
    expect(again?.body.spread).toEqual(straight?.body.spread)
    expect(again?.body.sample.rateMlPerHour).toBeCloseTo(straight?.body.sample.rateMlPerHour ?? Number.NaN, 9)
  })

  it('dates a thinned record by the boot and the moment it was measured in', () => {
    const [row] = thin([sample(3, 1_000), sample(4, 2_000)], 60_000)
    expect(measuredAt(stored(row!, 90))).toEqual({ bootId: boot, monotonicMs: 2_000 })
  })

  it('leaves a span alone that may still grow', () => {
    const records = [sample(1, 0), sample(2, 59_000), sample(3, 60_000), sample(4, 61_000)]
    expect(thinnableCount(records, 60_000, false)).toBe(2)
    expect(thinnableCount(records, 60_000, true)).toBe(4)
    expect(thinnableCount(records.slice(2), 60_000, false)).toBe(0)
    expect(thinnableCount([], 60_000, false)).toBe(0)
  })

  const samples = fc
    .array(
      fc.record({
        ms: fc.integer({ min: 0, max: 600_000 }),
        rate: fc.option(fc.double({ min: -5, max: 1_500, noNaN: true }), { nil: null }),
        pressure: fc.option(fc.integer({ min: -100, max: 1_500 }), { nil: null }),
        alarms: fc.subarray(['air-in-line', 'occlusion-downstream', 'battery-low'] as const),
        state: fc.constantFrom('infusing' as const, 'paused' as const),
        pump: fc.constantFrom('PUMP-0001', 'PUMP-0002'),
      }),
      { maxLength: 80 },
    )
    .map((all) =>
      all
        .toSorted((a, b) => a.ms - b.ms)
        .map(({ ms, rate, pressure, alarms, state, pump }, index) =>
          sample(
            index + 1,
            ms,
            { rateMlPerHour: rate, linePressureMmHg: pressure, activeAlarms: alarms, operatingState: state },
            pump,
          ),
        ),
    )

  it('counts every sample once, says nothing that no sample said and hides nothing that one did (property)', () => {
    fc.assert(
      fc.property(samples, fc.constantFrom(60_000, 300_000), (records, spanMs) => {
        const rows = thin(records, spanMs)
        expect(rows.reduce((sum, { body }) => sum + body.of.count, 0)).toBe(records.length)
        for (const { body, pumpId } of rows) {
          expect(Thinned.safeParse(body).success).toBe(true)
          const inside = records.filter(
            (record) =>
              record.pumpId === pumpId &&
              record.monotonicMs >= body.of.firstMonotonicMs &&
              record.monotonicMs <= body.of.lastMonotonicMs,
          )
          expect(inside.length).toBeGreaterThanOrEqual(body.of.count)
          for (const field of averagedFields) {
            const spread = body.spread[field]
            const mean = body.sample[field]
            expect(spread === null).toBe(mean === null)
            if (spread === null || mean === null) continue
            expect(mean).toBeGreaterThanOrEqual(spread.min)
            expect(mean).toBeLessThanOrEqual(spread.max)
          }
        }
        const before = told(records.map(({ pumpId, body }) => ({ pumpId, body: body as TelemetrySample })))
        expect(told(rows.map(({ pumpId, body }) => ({ pumpId, body: body.sample })))).toEqual(before)
      }),
    )
  })

  it('makes records that the server reads', () => {
    const [row] = thin([sample(1, 0), sample(2, 5)], 60_000)
    expect(UplinkRecord.safeParse(JSON.parse(JSON.stringify(stored(row!, 3)))).success).toBe(true)
  })
})
