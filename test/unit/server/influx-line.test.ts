import { Point } from '@influxdata/influxdb-client'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BootId, ChannelId, HubId, PumpId } from '#domain/ids.ts'
import { DeliveryMode, emptySample, MeasurementStatus, OperatingState, PowerSource } from '#domain/telemetry.ts'
import { instant } from '#domain/time.ts'
import { lineOf } from '#server/adapters/influx/write-points.ts'
import type { TelemetryPoint } from '#server/core/ports.ts'
import { columns } from '#server/core/telemetry-columns.ts'

const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/)
const reading = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null })
const whole = fc.option(fc.maxSafeInteger(), { nil: null })
const flag = fc.option(fc.boolean(), { nil: null })

const sampleFields = {
  operatingState: fc.constantFrom(...OperatingState.options),
  deliveryMode: fc.constantFrom(...DeliveryMode.options),
  powerSource: fc.constantFrom(...PowerSource.options),
  measurementStatus: fc.subarray([...MeasurementStatus.options]),
  rateMlPerHour: reading,
  vtbiMl: reading,
  infusedTotalMl: reading,
  linePressureMmHg: reading,
  batteryPercent: reading,
  stepIndex: whole,
  pcaGiven: whole,
  airDetectorEnabled: flag,
  upstreamSensorEnabled: flag,
}

const told: fc.Arbitrary<TelemetryPoint> = fc
  .record({
    ids: fc.tuple(id, id, id),
    seq: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    at: fc.integer({ min: -1e12, max: 4e12 }),
    late: fc.boolean(),
    values: fc.record(sampleFields),
  })
  .map(({ ids: [pump, hub, channel], seq, at, late, values }) => ({
    pumpId: PumpId.parse(pump),
    hubId: HubId.parse(hub),
    bootId: BootId.parse('boot-1'),
    seq,
    occurredAt: instant(at),
    late,
    sample: { ...emptySample(ChannelId.parse(channel), pump), ...values },
  }))

/** The same by the client of InfluxDB's own makers. */
const byTheClient = (point: TelemetryPoint): string => {
  const { pumpId, hubId, sample, seq, occurredAt } = point
  const made = new Point('infusion')
    .tag('pump', pumpId)
    .tag('hub', hubId)
    .tag('channel', sample.channelId)
    .intField('seq', seq)
    .intField('at_ms', occurredAt)
    .timestamp(String(BigInt(occurredAt) * 1_000_000n + BigInt(seq % 1_000_000)))
  for (const column of columns) {
    const value = column.read(point)
    if (value === null) continue
    if (column.type === 'float') made.floatField(column.name, value)
    else made.intField(column.name, value)
  }
  return String(made.toLineProtocol())
}

describe('a sample as line protocol', () => {
  it('is written as InfluxDB’s own client would write it', () => {
    fc.assert(
      fc.property(told, (point) => {
        expect(lineOf(point)).toBe(byTheClient(point))
      }),
    )
  })
})
