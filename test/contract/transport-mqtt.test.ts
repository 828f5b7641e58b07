import { connectAsync, connect as connectMqtt } from 'mqtt'
import { connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BootId, EpisodeId, PumpId } from '#domain/ids.ts'
import { MqttIngress } from '#gateway/adapters/mqtt-ingress/mqtt-ingress.ts'
import { systemClock, systemScheduler } from '#gateway/adapters/system-time.ts'
import { alarmDefaults } from '#gateway/core/alarm-defaults.ts'
import { MqttFleet } from '#gateway/core/mqtt-fleet.ts'
import { PumpStream } from '#gateway/core/pump-stream.ts'
import { eventually } from '#test/support/eventually.ts'
import { MemoryOutbox } from './outbox-memory.ts'
import type { IClientOptions, MqttClient } from 'mqtt'
import type { MqttIngressOptions } from '#gateway/adapters/mqtt-ingress/mqtt-ingress.ts'

interface Broker {
  readonly port: number
  readonly outbox: MemoryOutbox
  readonly fleet: MqttFleet
  readonly refused: readonly string[]
  readonly rejected: readonly string[]
  readonly count: (counter: string) => number
}

const startBroker = async (options: Partial<MqttIngressOptions> = {}): Promise<Broker> => {
  const outbox = new MemoryOutbox(BootId.parse('boot-1'))
  const refused: string[] = []
  const rejected: string[] = []
  let episodes = 0
  const fleet = new MqttFleet({
    clock: systemClock,
    scheduler: systemScheduler,
    marks: [],
    rejected: (_pumpId, topic, fault) => rejected.push(`${topic} ${fault}`),
    newStream: () =>
      new PumpStream({
        outbox,
        appended: () => {},
        pumpChanged: () => {},
        stamp: () => ({ monotonicMs: systemClock.monotonic(), wallAt: 0, clockQuality: 'unknown' }),
        context: {
          port: 'mqtt',
          experimental: false,
          marks: [],
          defaults: alarmDefaults,
          newEpisodeId: () => EpisodeId.parse(`episode-${(episodes += 1)}`),
        },
      }),
  })
  const ingress = await MqttIngress.create({
    host: '127.0.0.1',
    port: 0,
    secrets: new Map(),
    anonymous: true,
    receiver: fleet,
    scheduler: systemScheduler,
    troubleChanged: () => {},
    clientRefused: (why) => refused.push(why),
    ...options,
  })
  const stop = new AbortController()
  const running = ingress.run(stop.signal)
  onTestFinished(async () => {
    stop.abort()
    await running
    await ingress[Symbol.asyncDispose]()
  })
  const port = await eventually(() => ingress.port)
  return { port, outbox, fleet, refused, rejected, count: (counter) => fleet.report().counters[counter] ?? 0 }
}

const client = async ({ port }: Broker, clientId: string, options: IClientOptions = {}): Promise<MqttClient> => {
  const mqtt = await connectAsync(`mqtt://127.0.0.1:${port}`, {
    clientId,
    username: clientId,
    reconnectPeriod: 0,
    connectTimeout: 3_000,
    ...options,
  })
  mqtt.on('error', () => {})
  onTestFinished(() => mqtt.endAsync(true))
  return mqtt
}

const publish = (mqtt: MqttClient, kind: string, body: unknown): Promise<unknown> =>
  mqtt.publishAsync(`pumps/${mqtt.options.clientId}/${kind}`, typeof body === 'string' ? body : JSON.stringify(body), {
    qos: 1,
  })

const status = { online: true, serial: 'SN-5', intervalMs: 1000, measurementStatus: ['demo'] }
const telemetry = { operatingState: 'infusing', rateMlPerHour: 12.5, activeAlarms: [], measurementStatus: ['valid'] }
const alarm = { code: 'air-in-line', phase: 'start', priority: 'high', vendorCode: 'A-17' }

describe('MQTT pumps on the hub’s broker', () => {
  it('are acknowledged only after the outbox has committed', async () => {
    const broker = await startBroker()
    const mqtt = await client(broker, 'PUMP-5')
    await publish(mqtt, 'status', status)
    const gate = Promise.withResolvers<void>()
    const order: string[] = []
    broker.outbox.onAppend = async () => {
      await gate.promise
      order.push('committed')
    }
    const acknowledged = publish(mqtt, 'alarm', alarm).then(() => order.push('acknowledged'))
    // The round trip of another connection shows that the broker is alive while this message is not acknowledged.
    await client(broker, 'PUMP-6')
    expect(order).toEqual([])
    gate.resolve()
    await acknowledged
    expect(order).toEqual(['committed', 'acknowledged'])
    expect(broker.outbox.records).toContainEqual(expect.objectContaining({ kind: 'condition', pumpId: 'PUMP-5' }))
  })

  it('get no acknowledgement when the outbox refuses, and their repetition is stored', async () => {
    const broker = await startBroker()
    const mqtt = await client(broker, 'PUMP-5', { reconnectPeriod: 20 })
    await publish(mqtt, 'status', status)
    let refusals = 0
    broker.outbox.onAppend = () => {
      refusals += 1
      if (refusals === 1) throw new Error('no room')
    }
    await publish(mqtt, 'alarm', alarm)
    expect(broker.count('notStored')).toBe(1)
    expect(broker.outbox.records.filter(({ kind }) => kind === 'condition')).toHaveLength(1)
  })

  it('carry their demo mark and identity into every record', async () => {
    const broker = await startBroker()
    const mqtt = await client(broker, 'PUMP-5')
    await publish(mqtt, 'status', status)
    await publish(mqtt, 'telemetry', telemetry)
    await publish(mqtt, 'alarm', alarm)
    await publish(mqtt, 'event', { event: 'bag-changed', at: '2026-01-05T08:00:00Z' })
    const records = broker.outbox.records
    expect(records.map(({ kind }) => kind)).toEqual(['event', 'snapshot', 'telemetry', 'condition', 'event'])
    expect(records.every(({ body }) => 'measurementStatus' in body && body.measurementStatus.includes('demo'))).toBe(
      true,
    )
    expect(broker.fleet.pumps()).toMatchObject([{ pumpId: 'PUMP-5', serial: 'SN-5', link: 'up', simulated: true }])
  })

  it('that go without a word and come back in time are not called lost', async () => {
    const broker = await startBroker()
    const will = { topic: 'pumps/PUMP-5/status', payload: Buffer.from('{"online":false}'), qos: 1 as const }
    const mqtt = await client(broker, 'PUMP-5', { will })
    await publish(mqtt, 'status', status)
    await publish(mqtt, 'telemetry', telemetry)
    mqtt.stream.destroy()
    await eventually(() => broker.fleet.pumps()[0]?.link === 'closed')
    const again = await client(broker, 'PUMP-5', { will })
    await publish(again, 'telemetry', telemetry)
    expect(broker.fleet.pumps()[0]?.link).toBe('up')
    const events = broker.outbox.records.flatMap((record) => (record.kind === 'event' ? [record.body.event] : []))
    expect(events).not.toContain('link-down')
  })

  it('are not called lost by the will of a connection they have replaced', async () => {
    const broker = await startBroker()
    const will = { topic: 'pumps/PUMP-5/status', payload: Buffer.from('{"online":false}'), qos: 1 as const }
    const old = await client(broker, 'PUMP-5', { will })
    await publish(old, 'telemetry', telemetry)
    const oldGone = new Promise<void>((resolve) => old.once('close', () => resolve()))
    const mqtt = await client(broker, 'PUMP-5', { will })
    await publish(mqtt, 'telemetry', telemetry)
    await oldGone
    await publish(mqtt, 'telemetry', telemetry)
    expect(broker.fleet.pumps()).toMatchObject([{ pumpId: 'PUMP-5', link: 'up' }])
  })

  it('may send nonsense: it is counted, acknowledged and does not come back', async () => {
    const broker = await startBroker()
    const mqtt = await client(broker, 'PUMP-5')
    await publish(mqtt, 'status', status)
    await publish(mqtt, 'telemetry', 'not json')
    await publish(mqtt, 'alarm', '[]')
    await publish(mqtt, 'telemetry', { rateMlPerHour: 3 })
    await publish(mqtt, 'telemetry', 'x'.repeat(17 * 1024))
    await publish(mqtt, 'telemetry', { ...telemetry, colour: 'blue' })
    await publish(mqtt, 'telemetry', { ...telemetry, rateMlPerHour: 'fast' })
    expect(broker.fleet.report().counters).toMatchObject({ form: 2, bad: 2, over: 1, unknownFields: 1 })
    expect(broker.rejected).toEqual([
      'pumps/PUMP-5/telemetry form',
      'pumps/PUMP-5/alarm form',
      'pumps/PUMP-5/telemetry bad',
      'pumps/PUMP-5/telemetry over',
      'pumps/PUMP-5/telemetry unknownFields',
      'pumps/PUMP-5/telemetry bad',
    ])
    const samples = broker.outbox.records.filter((record) => record.kind === 'telemetry')
    expect(samples.map(({ body }) => body.rateMlPerHour)).toEqual([12.5, null])
    expect(samples[1]?.body).toMatchObject({ raw: { rateMlPerHour: '"fast"' } })
    expect(samples[1]?.body.measurementStatus).toContain('invalid')
  })

  it('keep a hostile packet away from the broker', async () => {
    const broker = await startBroker()
    const socket = connect(broker.port, '127.0.0.1')
    socket.on('error', () => {})
    // CONNECT that announces 200 MB
    socket.write(Buffer.from([0x10, 0x80, 0x84, 0xaf, 0x5f]))
    await new Promise((resolve) => socket.once('close', resolve))
    expect(broker.count('over')).toBe(1)
    await client(broker, 'PUMP-5')
  })

  it('that simply leave are not called refused', async () => {
    const broker = await startBroker()
    const leaving = await client(broker, 'PUMP-5')
    await publish(leaving, 'telemetry', telemetry)
    await leaving.endAsync()
    const cut = await client(broker, 'PUMP-6')
    await publish(cut, 'telemetry', telemetry)
    cut.stream.destroy()
    await eventually(() => broker.fleet.pumps().every(({ link }) => link === 'closed'))
    expect(broker.refused).toEqual([])
    expect(broker.count('over')).toBe(0)
  })

  it('publish under their own name only', async () => {
    const broker = await startBroker()
    const mqtt = await client(broker, 'PUMP-5')
    const closed = new Promise<void>((resolve) => mqtt.once('close', () => resolve()))
    mqtt.publish('pumps/PUMP-6/alarm', JSON.stringify(alarm), { qos: 1 }, () => {})
    await closed
    expect(broker.count('foreignTopic')).toBe(1)
    expect(broker.outbox.records).toEqual([])
  })

  it('need their secret when they have one, and are unknown otherwise', async () => {
    const broker = await startBroker({
      anonymous: false,
      secrets: new Map([[PumpId.parse('PUMP-5'), 'right']]),
    })
    await expect(client(broker, 'PUMP-5', { password: 'wrong' })).rejects.toThrow(/Not authorized/)
    await expect(client(broker, 'PUMP-6', { password: 'right' })).rejects.toThrow(/Not authorized/)
    await expect(client(broker, 'PUMP-5', { password: 'right', username: 'PUMP-6' })).rejects.toThrow(/Not authorized/)
    const mqtt = await client(broker, 'PUMP-5', { password: 'right' })
    await publish(mqtt, 'telemetry', telemetry)
  })

  it('speak MQTT 3.1.1 and nothing else', async () => {
    const broker = await startBroker()
    for (const version of [{ protocolVersion: 5 }, { protocolId: 'MQIsdp', protocolVersion: 3 }] as const) {
      const options = { clientId: 'PUMP-5', reconnectPeriod: 0, ...version }
      const mqtt = connectMqtt(`mqtt://127.0.0.1:${broker.port}`, options)
      mqtt.on('error', () => {})
      await new Promise<void>((resolve) => mqtt.once('close', () => resolve()))
      expect(mqtt.connected).toBe(false)
    }
    expect(broker.refused.join()).toContain('only 3.1.1')
  })

  it('wait for a port that is taken, and say so', async () => {
    const first = await startBroker()
    const troubles: (string | null)[] = []
    const ingress = await MqttIngress.create({
      host: '127.0.0.1',
      port: first.port,
      secrets: new Map(),
      anonymous: true,
      receiver: first.fleet,
      scheduler: systemScheduler,
      troubleChanged: (trouble) => troubles.push(trouble),
      clientRefused: () => {},
    })
    const stop = new AbortController()
    const running = ingress.run(stop.signal)
    await eventually(() => troubles.length > 0)
    expect(troubles).toEqual([`port ${first.port} is in use by another program`])
    stop.abort()
    await running
    await ingress[Symbol.asyncDispose]()
  })
})
