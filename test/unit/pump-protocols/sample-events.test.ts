import { describe, expect, it } from 'vitest'
import { sampleEvents } from '#domain/pump-protocols/sample-events.ts'
import { emptySample } from '#domain/telemetry.ts'
import type { TelemetrySample } from '#domain/telemetry.ts'
import { ChannelId } from '#domain/ids.ts'

const sample = (over: Partial<TelemetrySample> = {}): TelemetrySample => ({
  ...emptySample(ChannelId.parse('1'), 'P1'),
  operatingState: 'infusing',
  rateMlPerHour: 12.5,
  infusedTotalMl: 10,
  ...over,
})

const between = (before: Partial<TelemetrySample>, after: Partial<TelemetrySample>) =>
  sampleEvents(sample(before), sample(after)).map((event) => (event.kind === 'event' ? event.event : event.kind))

describe('events between two samples', () => {
  it('are none at the first sample, for an unchanged one, and across pumps or channels', () => {
    expect(sampleEvents(null, sample())).toEqual([])
    expect(between({}, { infusedTotalMl: 10.1 })).toEqual([])
    expect(between({}, { pumpSerial: 'P2', operatingState: 'stopped', infusedTotalMl: 0 })).toEqual([])
    expect(between({}, { channelId: ChannelId.parse('2'), operatingState: 'stopped' })).toEqual([])
  })

  it.each([
    ['ready', 'infusing', ['delivery-start']],
    ['infusing', 'paused', ['delivery-stop']],
    ['infusing', 'stopped-alarm', ['delivery-stop']],
    ['stopped-alarm', 'paused', []],
    ['infusing', 'kvo', ['delivery-complete', 'kvo-start']],
    ['paused', 'kvo', ['delivery-start', 'kvo-start']],
    ['between-doses', 'kvo', ['delivery-start', 'kvo-start']],
    ['infusing', 'complete', ['delivery-complete', 'delivery-stop']],
    ['kvo', 'complete', ['delivery-complete', 'delivery-stop']],
    ['kvo', 'stopped', ['delivery-stop']],
    ['infusing', 'bolus', ['bolus-start']],
    ['bolus', 'infusing', ['bolus-stop']],
    ['paused', 'bolus', ['delivery-start', 'bolus-start']],
    ['bolus', 'stopped', ['bolus-stop', 'delivery-stop']],
    ['infusing', 'unknown', []],
    ['unknown', 'infusing', []],
  ] as const)('from %s to %s are %j', (before, after, events) => {
    expect(between({ operatingState: before }, { operatingState: after })).toEqual(events)
  })

  it('say why delivery stopped', () => {
    const stopped = sample({ operatingState: 'stopped-alarm', notDeliveringReason: 'alarming' })
    expect(sampleEvents(sample(), stopped)).toMatchObject([
      { event: 'delivery-stop', detail: { from: 'infusing', to: 'stopped-alarm', reason: 'alarming' } },
    ])
  })

  it('tell a change of rate only while fluid flows and both rates are known', () => {
    expect(sampleEvents(sample(), sample({ rateMlPerHour: 25 }))).toMatchObject([
      { event: 'rate-change', detail: { from: 12.5, to: 25 } },
    ])
    expect(between({}, { rateMlPerHour: null })).toEqual([])
    const paused = { operatingState: 'paused' } as const
    expect(between(paused, { ...paused, rateMlPerHour: 0 })).toEqual([])
  })

  it('tell a change of step', () => {
    expect(between({ stepIndex: 1 }, { stepIndex: 2 })).toEqual(['step-change'])
    expect(between({}, { stepIndex: 2 })).toEqual([])
  })

  it('tell an inferred reset when the counter falls by more than its resolution', () => {
    expect(sampleEvents(sample(), sample({ infusedTotalMl: 0.2 }))).toMatchObject([
      { event: 'counters-cleared', detail: { inferred: true, from: 10, to: 0.2 } },
    ])
    expect(between({}, { infusedTotalMl: 9.999 })).toEqual([])
    expect(between({}, { infusedTotalMl: 9.998 })).toEqual(['counters-cleared'])
    expect(between({}, { infusedTotalMl: null })).toEqual([])
  })
})
