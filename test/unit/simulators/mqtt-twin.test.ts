import { parser as parserOf } from 'mqtt-packet'
import { describe, expect, it } from 'vitest'
import { TelemetrySample } from '#domain/telemetry.ts'
import { Condition, PumpEventBody } from '#domain/uplink/records.ts'
import { publishAgain } from '#simulators/core/mqtt-json/publish-again.ts'
import { MqttTwin } from '#simulators/core/mqtt-json/twin.ts'
import type { Output } from '#simulators/core/statement.ts'
import { benchPump } from '#test/support/twin-bench.ts'

const newTwin = () => new MqttTwin({ pumpId: 'P-0005', serial: 'P-0005', intervalMs: 1000 })
const newPump = (scenario: string) =>
  benchPump({
    id: 'P-0005',
    twin: newTwin(),
    profile: 'generic-ambulatory',
    settings: { rateMlPerHour: 125 },
    scenario,
  })

const bodies = (outputs: readonly Output[], topic: string): readonly unknown[] =>
  outputs.flatMap((output) =>
    output.kind === 'publish' && output.publication.topic === topic ? [JSON.parse(output.publication.payload)] : [],
  )

describe('a packet that is sent again', () => {
  it('is the same but for its flag, to a reader of its own', () => {
    const parser = parserOf()
    const packets: unknown[] = []
    parser.on('packet', (packet) => packets.push(packet))
    for (const payload of ['ü', 'x'.repeat(130), 'y'.repeat(20_000)])
      parser.parse(Buffer.from(publishAgain({ topic: 'pumps/P-0005/alarm', payload, keep: true }, 4_660)))
    expect(packets).toMatchObject(
      ['ü', 'x'.repeat(130), 'y'.repeat(20_000)].map((payload) => ({
        cmd: 'publish',
        topic: 'pumps/P-0005/alarm',
        payload: Buffer.from(payload),
        messageId: 4_660,
        qos: 1,
        dup: true,
        retain: false,
      })),
    )
  })
})

describe('an MQTT pump', () => {
  it('greets with its serial and interval and leaves a will', () => {
    expect(newTwin().hello()).toMatchObject({ topic: 'pumps/P-0005/status' })
    expect(JSON.parse(newTwin().hello().payload)).toMatchObject({
      online: true,
      serial: 'P-0005',
      intervalMs: 1000,
      measurementStatus: ['demo'],
    })
    expect(newTwin().will()).toMatchObject({ topic: 'pumps/P-0005/status', payload: '{"online":false}' })
  })

  it('publishes valid samples every interval, each with the demo mark', () => {
    const samples = bodies(newPump('normal').advance(10_000), 'pumps/P-0005/telemetry')
    expect(samples).toHaveLength(11)
    for (const sample of samples) expect(TelemetrySample.parse(sample).measurementStatus).toEqual(['demo'])
    expect(samples.at(-1)).toMatchObject({ operatingState: 'infusing', rateMlPerHour: 125, activeAlarms: [] })
  })

  it('publishes the start and the end of an alarm as one episode, and a sample with it at once', () => {
    const outputs = newPump('occlusion-downstream').advance(150_000)
    const conditions = bodies(outputs, 'pumps/P-0005/alarm').map((body) => Condition.parse(body))
    expect(conditions.map(({ code, phase, state }) => [code, phase, state])).toEqual([
      ['occlusion-downstream', 'start', 'active'],
      ['occlusion-downstream', 'end', 'inactive'],
    ])
    expect(new Set(conditions.map(({ episodeId }) => episodeId)).size).toBe(1)
    const start = outputs.findIndex((output) => output.fact?.kind === 'alarm')
    const sample = outputs.slice(start).find((output) => output.fact?.kind === 'sample')
    expect(sample?.atMs).toBe(outputs[start]?.atMs)
    expect(sample?.fact).toMatchObject({ operatingState: 'stopped-alarm', activeAlarms: ['occlusion-downstream'] })
  })

  it('publishes what happens as events', () => {
    const outputs = newPump('infusion-complete').advance(120_000)
    const events = bodies(outputs, 'pumps/P-0005/event').map((body) => PumpEventBody.parse(body).event)
    expect(events).toEqual(['power-on', 'delivery-complete', 'kvo-start', 'delivery-start'])
  })
})
