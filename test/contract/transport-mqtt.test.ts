import { connect as connectMqtt } from 'mqtt'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { PumpId } from '#domain/ids.ts'
import { MqttIngress } from '#gateway/adapters/mqtt-ingress/mqtt-ingress.ts'
import { digestOf } from '#gateway/adapters/mqtt-ingress/pump-secrets.ts'
import { systemClock, systemScheduler } from '#gateway/adapters/system-time.ts'
import { eventually } from '#test/support/eventually.ts'
import { alarm, publishAs, pumpClient, startBroker, status, telemetry } from '#test/support/mqtt-hub.ts'

describe('MQTT pumps on the hub’s broker', () => {
  it('are acknowledged only after the outbox has committed', async () => {
    const broker = await startBroker()
    const mqtt = await pumpClient(broker, 'PUMP-5')
    await publishAs(mqtt, 'status', status)
    const gate = Promise.withResolvers<void>()
    const order: string[] = []
    broker.outbox.onAppend = async () => {
      await gate.promise
      order.push('committed')
    }
    const acknowledged = publishAs(mqtt, 'alarm', alarm).then(() => order.push('acknowledged'))
    // The round trip of another connection shows that the broker is alive while this message is not acknowledged.
    await pumpClient(broker, 'PUMP-6')
    expect(order).toEqual([])
    gate.resolve()
    await acknowledged
    expect(order).toEqual(['committed', 'acknowledged'])
    expect(broker.outbox.records).toContainEqual(expect.objectContaining({ kind: 'condition', pumpId: 'PUMP-5' }))
  })

  it('get no acknowledgement when the outbox refuses, and their repetition is stored', async () => {
    const broker = await startBroker()
    const mqtt = await pumpClient(broker, 'PUMP-5', { reconnectPeriod: 20 })
    await publishAs(mqtt, 'status', status)
    let refusals = 0
    broker.outbox.onAppend = () => {
      refusals += 1
      if (refusals === 1) throw new Error('no room')
    }
    await publishAs(mqtt, 'alarm', alarm)
    expect(broker.count('notStored')).toBe(1)
    expect(broker.outbox.records.filter(({ kind }) => kind === 'condition')).toHaveLength(1)
  })

  it('carry their demo mark and identity into every record', async () => {
    const broker = await startBroker()
    const mqtt = await pumpClient(broker, 'PUMP-5')
    await publishAs(mqtt, 'status', status)
    await publishAs(mqtt, 'telemetry', telemetry)
    await publishAs(mqtt, 'alarm', alarm)
    await publishAs(mqtt, 'event', { event: 'bag-changed', at: '2026-01-05T08:00:00Z' })
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
    const mqtt = await pumpClient(broker, 'PUMP-5', { will })
    await publishAs(mqtt, 'status', status)
    await publishAs(mqtt, 'telemetry', telemetry)
    mqtt.stream.destroy()
    await eventually(() => broker.fleet.pumps()[0]?.link === 'closed')
    const again = await pumpClient(broker, 'PUMP-5', { will })
    await publishAs(again, 'telemetry', telemetry)
    expect(broker.fleet.pumps()[0]?.link).toBe('up')
    const events = broker.outbox.records.flatMap((record) => (record.kind === 'event' ? [record.body.event] : []))
    expect(events).not.toContain('link-down')
  })

  it('are not called lost by the will of a connection they have replaced', async () => {
    const broker = await startBroker()
    const will = { topic: 'pumps/PUMP-5/status', payload: Buffer.from('{"online":false}'), qos: 1 as const }
    const old = await pumpClient(broker, 'PUMP-5', { will })
    await publishAs(old, 'telemetry', telemetry)
    const oldGone = new Promise<void>((resolve) => old.once('close', () => resolve()))
    const mqtt = await pumpClient(broker, 'PUMP-5', { will })
    await publishAs(mqtt, 'telemetry', telemetry)
    await oldGone
    await publishAs(mqtt, 'telemetry', telemetry)
    expect(broker.fleet.pumps()).toMatchObject([{ pumpId: 'PUMP-5', link: 'up' }])
  })

  it('may send nonsense: it is counted, acknowledged and does not come back', async () => {
    const broker = await startBroker()
    const mqtt = await pumpClient(broker, 'PUMP-5')
    await publishAs(mqtt, 'status', status)
    await publishAs(mqtt, 'telemetry', 'not json')
    await publishAs(mqtt, 'alarm', '[]')
    await publishAs(mqtt, 'telemetry', { rateMlPerHour: 3 })
    await publishAs(mqtt, 'telemetry', 'x'.repeat(17 * 1024))
    await publishAs(mqtt, 'telemetry', { ...telemetry, colour: 'blue' })
    await publishAs(mqtt, 'telemetry', { ...telemetry, rateMlPerHour: 'fast' })
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
    await pumpClient(broker, 'PUMP-5')
  })

  it('that simply leave are not called refused', async () => {
    const broker = await startBroker()
    const leaving = await pumpClient(broker, 'PUMP-5')
    await publishAs(leaving, 'telemetry', telemetry)
    await leaving.endAsync()
    const cut = await pumpClient(broker, 'PUMP-6')
    await publishAs(cut, 'telemetry', telemetry)
    cut.stream.destroy()
    await eventually(() => broker.fleet.pumps().every(({ link }) => link === 'closed'))
    expect(broker.refused).toEqual([])
    expect(broker.count('over')).toBe(0)
  })

  it('publish under their own name only', async () => {
    const broker = await startBroker()
    const mqtt = await pumpClient(broker, 'PUMP-5')
    const closed = new Promise<void>((resolve) => mqtt.once('close', () => resolve()))
    mqtt.publish('pumps/PUMP-6/alarm', JSON.stringify(alarm), { qos: 1 }, () => {})
    await closed
    expect(broker.count('foreignTopic')).toBe(1)
    expect(broker.outbox.records).toEqual([])
  })

  it('need their secret when they have one, and are unknown otherwise', async () => {
    const broker = await startBroker({
      anonymous: false,
      secrets: new Map([[PumpId.parse('PUMP-5'), digestOf('right')]]),
    })
    await expect(pumpClient(broker, 'PUMP-5', { password: 'wrong' })).rejects.toThrow(/Not authorized/)
    await expect(pumpClient(broker, 'PUMP-6', { password: 'right' })).rejects.toThrow(/Not authorized/)
    await expect(pumpClient(broker, 'PUMP-5', { password: 'right', username: 'PUMP-6' })).rejects.toThrow(
      /Not authorized/,
    )
    const mqtt = await pumpClient(broker, 'PUMP-5', { password: 'right' })
    await publishAs(mqtt, 'telemetry', telemetry)
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
    expect(broker.refused.filter((told) => told.startsWith('version'))).toHaveLength(2)
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
      clock: systemClock,
      tls: null,
      refused: () => {},
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
