import { createServer } from 'node:net'
import { Aedes } from 'aedes'
import { describe, expect, it, onTestFinished } from 'vitest'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import { alarm, pumpClient, startBroker, status, telemetry } from '#test/support/mqtt-hub.ts'
import { namelessConnect, rawClient, rawConnected } from '#test/support/raw-mqtt.ts'
import type { IPublishPacket, Packet } from 'mqtt-packet'
import type { MqttClient } from 'mqtt'
import type { RawClient } from '#test/support/raw-mqtt.ts'

// security.md 14: the same ten scenarios against the library's broker as it is delivered, which guards upgrades, and against ours.

const bare = async (): Promise<{ readonly port: number; readonly broker: Aedes }> => {
  const broker = await Aedes.createBroker()
  broker.authorizeSubscribe = (_client, subscription, done) =>
    done(null, subscription.topic === 'forbidden' ? null : subscription)
  const server = createServer((socket) => {
    broker.handle(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    await new Promise<void>((resolve) => broker.close(() => resolve()))
    server.close()
  })
  const address = server.address()
  return { broker, port: typeof address === 'object' && address !== null ? address.port : 0 }
}

const listen = (mqtt: MqttClient): string[] => {
  const heard: string[] = []
  mqtt.on('message', (topic, payload, packet) =>
    heard.push(`${topic} ${payload.toString()}${packet.retain ? ' kept' : ''}`),
  )
  return heard
}
const published = ({ heard }: RawClient): IPublishPacket[] =>
  heard.flatMap((packet) => (packet.cmd === 'publish' ? [packet] : []))
const publish = (topic: string, payload: unknown, more: Partial<IPublishPacket> = {}): Packet => ({
  cmd: 'publish',
  topic,
  payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  qos: 0,
  dup: false,
  retain: false,
  ...more,
})
const subscribe = (messageId: number, topics: readonly string[], qos: 0 | 1 | 2 = 1): Packet => ({
  cmd: 'subscribe',
  messageId,
  subscriptions: topics.map((topic) => ({ topic, qos })),
})
/** What comes must be on its way by then: the answer to a ping stands behind it. */
const roundTrip = async (client: RawClient): Promise<void> => {
  client.send({ cmd: 'pingreq' })
  const before = client.heard.filter(({ cmd }) => cmd === 'pingresp').length
  await eventually(() => client.heard.filter(({ cmd }) => cmd === 'pingresp').length > before)
}
const will = (topic: string): { topic: string; payload: Buffer; qos: 1; retain: false } => ({
  topic,
  payload: Buffer.from('{"online":false}'),
  qos: 1,
  retain: false,
})

describe('the library’s bare broker', () => {
  it('1 publishes and delivers at QoS 0, 1 and 2', async () => {
    const broker = await bare()
    const mqtt = await pumpClient(broker, 'a')
    const heard = listen(mqtt)
    await mqtt.subscribeAsync('t', { qos: 2 })
    for (const qos of [0, 1, 2] as const) await mqtt.publishAsync('t', String(qos), { qos })
    await eventuallyPasses(() => expect(heard).toEqual(['t 0', 't 1', 't 2']))
  })

  it('2 keeps a retained message until an empty one', async () => {
    const broker = await bare()
    const mqtt = await pumpClient(broker, 'a')
    await mqtt.publishAsync('t', 'last', { qos: 1, retain: true })
    const first = await pumpClient(broker, 'b')
    const heard = listen(first)
    await first.subscribeAsync('t')
    await eventuallyPasses(() => expect(heard).toEqual(['t last kept']))
    await mqtt.publishAsync('t', '', { qos: 1, retain: true })
    const second = await rawConnected(broker, 'c')
    second.send(subscribe(1, ['t']))
    await second.hears('suback')
    await roundTrip(second)
    expect(published(second)).toEqual([])
  })

  it('3 queues for an absent persistent session, without heed to its limit', async () => {
    const broker = await bare()
    const away = await rawConnected(broker, 'away', { clean: false })
    away.send(subscribe(1, ['t']))
    await away.hears('suback')
    away.send({ cmd: 'disconnect' })
    await away.closed
    const mqtt = await pumpClient(broker, 'a')
    // Its limit is 42.
    const many = 130
    for (let n = 0; n < many; n += 1) await mqtt.publishAsync('t', String(n), { qos: 1 })
    const back = await rawConnected(broker, 'away', { clean: false })
    expect(await back.hears('connack')).toMatchObject({ sessionPresent: true })
    await eventuallyPasses(() => expect(published(back)).toHaveLength(many))
  })

  it('4 delivers to overlapping subscriptions', async () => {
    const broker = await bare()
    const mqtt = await pumpClient(broker, 'a')
    const heard = listen(mqtt)
    await mqtt.subscribeAsync(['a/#', 'a/+'], { qos: 1 })
    await mqtt.publishAsync('a/b', 'x', { qos: 1 })
    await eventually(() => heard.length > 0)
    expect(new Set(heard)).toEqual(new Set(['a/b x']))
  })

  it('5 closes at the end of the keep-alive time and sends the will', async () => {
    const broker = await bare()
    const mqtt = await pumpClient(broker, 'a')
    const heard = listen(mqtt)
    await mqtt.subscribeAsync('gone', { qos: 1 })
    const silent = await rawConnected(broker, 'silent', { keepalive: 1, will: will('gone') })
    await silent.closed
    await eventuallyPasses(() => expect(heard).toEqual(['gone {"online":false}']))
  })

  it('6 sends again what was not acknowledged, but without the DUP that MQTT 3.1.1 asks for', async () => {
    const broker = await bare()
    const mqtt = await pumpClient(broker, 'a')
    for (const qos of [1, 2] as const) {
      const id = `deaf-${qos}`
      const deaf = await rawConnected(broker, id, { clean: false })
      deaf.send(subscribe(1, ['t'], qos))
      await deaf.hears('suback')
      await mqtt.publishAsync('t', 'x', { qos })
      expect(await deaf.hears('publish')).toMatchObject({ qos, dup: false })
      deaf.drop()
      const back = await rawConnected(broker, id, { clean: false })
      expect(await back.hears('publish')).toMatchObject({ qos, dup: false, payload: Buffer.from('x') })
    }
  })

  it('7 matches no $ topic by a wildcard', async () => {
    const broker = await bare()
    const client = await rawConnected(broker, 'a')
    client.send(subscribe(1, ['#', '+/x']))
    await client.hears('suback')
    await new Promise((resolve) =>
      broker.broker.publish(
        { cmd: 'publish', topic: '$SYS/x', payload: 'x', qos: 0, dup: false, retain: false },
        resolve,
      ),
    )
    await roundTrip(client)
    expect(published(client)).toEqual([])
  })

  it('8 answers a refused subscription 0x80', async () => {
    const client = await rawConnected(await bare(), 'a')
    client.send(subscribe(1, ['allowed', 'forbidden']))
    expect(await client.hears('suback')).toMatchObject({ granted: [1, 0x80] })
  })

  it('9 delivers nothing after UNSUBACK', async () => {
    const broker = await bare()
    const client = await rawConnected(broker, 'a')
    client.send(subscribe(1, ['t']))
    await client.hears('suback')
    client.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['t'] })
    expect(await client.hears('unsuback')).toMatchObject({ messageId: 2 })
    const mqtt = await pumpClient(broker, 'b')
    await mqtt.publishAsync('t', 'x', { qos: 1 })
    await roundTrip(client)
    expect(published(client)).toEqual([])
  })

  it('10 accepts an empty client id with clean session 0, which MQTT 3.1.1 forbids', async () => {
    const client = rawClient(await bare())
    client.send(namelessConnect(false))
    expect(await client.hears('connack')).toMatchObject({ returnCode: 0 })
  })
})

describe('the hub’s broker', () => {
  it('1 takes own topics at QoS 0, 1 and 2, and commits before each PUBACK and PUBREC', async () => {
    const broker = await startBroker()
    const client = await rawConnected(broker, 'PUMP-5')
    client.send(publish('pumps/PUMP-5/status', status, { qos: 1, messageId: 1 }))
    await client.hears('puback')
    for (const [qos, answer, code] of [
      [1, 'puback', 'air-in-line'],
      [2, 'pubrec', 'occlusion-downstream'],
    ] as const) {
      const gate = Promise.withResolvers<void>()
      broker.outbox.onAppend = () => gate.promise
      const before = client.heard.length
      client.send(publish('pumps/PUMP-5/alarm', { ...alarm, code }, { qos, messageId: 10 + qos }))
      await roundTrip(client)
      expect(client.heard.slice(before).map(({ cmd }) => cmd)).toEqual(['pingresp'])
      gate.resolve()
      await eventually(() => client.heard.slice(before).some(({ cmd }) => cmd === answer))
    }
    client.send({ cmd: 'pubrel', messageId: 12 })
    await client.hears('pubcomp')
    client.send(publish('pumps/PUMP-5/alarm', { ...alarm, code: 'battery-low' }))
    await eventually(() => broker.outbox.records.filter(({ kind }) => kind === 'condition').length === 3)
    expect(broker.count('qos0')).toBe(1)
  })

  it('2 clears the retain flag and keeps nothing', async () => {
    const broker = await startBroker()
    const mqtt = await pumpClient(broker, 'PUMP-5')
    await mqtt.publishAsync('pumps/PUMP-5/alarm', JSON.stringify(alarm), { qos: 1, retain: true })
    const again = await rawConnected(broker, 'PUMP-5')
    again.send(subscribe(1, ['pumps/PUMP-5/cmd', 'pumps/PUMP-5/alarm', '#']))
    expect(await again.hears('suback')).toMatchObject({ granted: [1, 0x80, 0x80] })
    again.send(publish('pumps/PUMP-5/alarm', '', { qos: 1, messageId: 2, retain: true }))
    await again.hears('puback')
    await roundTrip(again)
    expect(published(again)).toEqual([])
    expect(broker.count('form')).toBe(1)
  })

  it('3 queues nothing for a session that is away', async () => {
    const broker = await startBroker()
    const away = await rawConnected(broker, 'PUMP-6', { clean: false })
    away.send(subscribe(1, ['pumps/PUMP-6/cmd', 'pumps/PUMP-5/alarm']))
    await away.hears('suback')
    away.send({ cmd: 'disconnect' })
    await away.closed
    const mqtt = await pumpClient(broker, 'PUMP-5')
    for (let n = 0; n < 45; n += 1) await mqtt.publishAsync('pumps/PUMP-5/alarm', JSON.stringify(alarm), { qos: 1 })
    const back = await rawConnected(broker, 'PUMP-6', { clean: false })
    expect(await back.hears('connack')).toMatchObject({ returnCode: 0, sessionPresent: false })
    await roundTrip(back)
    expect(published(back)).toEqual([])
  })

  it('4 refuses wildcards, overlapping or not', async () => {
    const client = await rawConnected(await startBroker(), 'PUMP-5')
    client.send(subscribe(1, ['pumps/PUMP-5/#', 'pumps/+/cmd', 'pumps/PUMP-5/+']))
    expect(await client.hears('suback')).toMatchObject({ granted: [0x80, 0x80, 0x80] })
  })

  it('5 closes at the end of the keep-alive time and takes the will to the pump’s own status', async () => {
    const broker = await startBroker()
    const silent = await rawConnected(broker, 'PUMP-5', { keepalive: 1, will: will('pumps/PUMP-5/status') })
    silent.send(publish('pumps/PUMP-5/telemetry', telemetry, { qos: 1, messageId: 1 }))
    await silent.hears('puback')
    await silent.closed
    await eventually(() => broker.fleet.pumps()[0]?.link === 'closed')
    expect(broker.count('silentClient')).toBe(1)
    // The will itself is a message that was taken.
    await eventually(() => broker.count('ok') === 2)
  })

  it('6 sees each repeat, at QoS 1 and 2, and an alarm that is told twice is told on once', async () => {
    const broker = await startBroker()
    for (const qos of [1, 2] as const) {
      const told = { ...alarm, code: qos === 1 ? 'air-in-line' : 'battery-low' }
      const first = await rawConnected(broker, 'PUMP-5', { clean: false })
      const before = broker.count('ok')
      first.send(publish('pumps/PUMP-5/alarm', told, { qos, messageId: 7 }))
      await eventually(() => broker.count('ok') === before + 1)
      first.drop()
      const again = await rawConnected(broker, 'PUMP-5', { clean: false })
      again.send(publish('pumps/PUMP-5/alarm', told, { qos, messageId: 7, dup: true }))
      await again.hears(qos === 1 ? 'puback' : 'pubrec')
      expect(broker.count('ok')).toBe(before + 2)
    }
    const codes = broker.outbox.records.flatMap((record) => (record.kind === 'condition' ? [record.body.code] : []))
    expect(codes).toEqual(['air-in-line', 'battery-low'])
  })

  it('7 refuses $ topics, to subscribe and to publish', async () => {
    const broker = await startBroker()
    const client = await rawConnected(broker, 'PUMP-5')
    client.send(subscribe(1, ['$SYS/#', '$SYS/+/heartbeat', '$share/g/pumps/PUMP-5/cmd']))
    expect(await client.hears('suback')).toMatchObject({ granted: [0x80, 0x80, 0x80] })
    client.send(publish('$SYS/x', 'x', { qos: 1, messageId: 2 }))
    await client.closed
    expect(client.heard.some(({ cmd }) => cmd === 'puback')).toBe(false)
  })

  it('8 answers every foreign subscription 0x80', async () => {
    const client = await rawConnected(await startBroker(), 'PUMP-5')
    client.send(subscribe(1, ['pumps/PUMP-5/cmd', 'pumps/PUMP-6/cmd', 'pumps/PUMP-5/telemetry', 'anything']))
    expect(await client.hears('suback')).toMatchObject({ granted: [1, 0x80, 0x80, 0x80] })
  })

  it('9 answers UNSUBACK', async () => {
    const client = await rawConnected(await startBroker(), 'PUMP-5')
    client.send(subscribe(1, ['pumps/PUMP-5/cmd']))
    await client.hears('suback')
    client.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['pumps/PUMP-5/cmd'] })
    expect(await client.hears('unsuback')).toMatchObject({ messageId: 2 })
    await roundTrip(client)
    expect(published(client)).toEqual([])
  })

  it('10 refuses an empty client id, with either clean session', async () => {
    const broker = await startBroker()
    for (const clean of [true, false]) {
      const client = rawClient(broker)
      client.send(namelessConnect(clean))
      await client.closed
      expect(await client.hears('connack')).toMatchObject({ returnCode: 2 })
    }
    expect(broker.count('emptyClientId')).toBe(2)
  })
})
