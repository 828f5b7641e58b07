import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'mqtt-packet'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { PumpId } from '#domain/ids.ts'
import { HubAuthority } from '#gateway/adapters/hub-authority.ts'
import { digestOf } from '#gateway/adapters/mqtt-ingress/pump-secrets.ts'
import { MqttPublisher } from '#simulators/adapters/mqtt-client.ts'
import { MqttTwin } from '#simulators/core/mqtt-json/twin.ts'
import { eventually } from '#test/support/eventually.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import { alarm, publishAs, pumpClient, startBroker, status, telemetry } from '#test/support/mqtt-hub.ts'
import type { IConnectPacket } from 'mqtt-packet'
import type { Broker } from '#test/support/mqtt-hub.ts'

const victim = PumpId.parse('PUMP-5')
const other = PumpId.parse('PUMP-6')
const secrets = new Map([
  [victim, digestOf('secret of five')],
  [other, digestOf('secret of six')],
])
const closedHub = { anonymous: false, secrets }

const raw = ({ port }: Broker, localAddress = '127.0.0.1'): Socket => {
  const socket = connect({ port, host: '127.0.0.1', localAddress })
  socket.on('error', () => {})
  onTestFinished(() => {
    socket.destroy()
  })
  return socket
}
const closing = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.once('close', resolve))
const packet = (fields: Partial<IConnectPacket>): Buffer =>
  generate({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    keepalive: 30,
    clientId: 'P-1',
    ...fields,
  })

const firstAnswer = async (broker: Broker, bytes: Buffer, localAddress: string): Promise<number[]> => {
  const socket = raw(broker, localAddress)
  socket.write(bytes)
  const chunk = await new Promise<Buffer>((resolve) => socket.once('data', resolve))
  return Array.from(chunk)
}

/** Sends it and gives what came back before the broker closed. */
const answerTo = async (broker: Broker, bytes: Buffer): Promise<number[]> => {
  const socket = raw(broker)
  const received: Buffer[] = []
  socket.on('data', (chunk: Buffer) => received.push(chunk))
  socket.write(bytes)
  await closing(socket)
  return Array.from(Buffer.concat(received))
}

describe('who may connect to the hub’s broker', () => {
  it('is only who shows client id, user name and secret of one pump', async () => {
    const broker = await startBroker(closedHub)
    const refused = { clientId: 'PUMP-5', username: 'PUMP-5', password: 'secret of five' } as const
    for (const wrong of [
      { password: 'secret of six' },
      { password: '' },
      { username: 'PUMP-6' },
      { username: 'PUMP-6', password: 'secret of six' },
      { clientId: 'PUMP-7', username: 'PUMP-7' },
      { clientId: 'pump-5', username: 'pump-5' },
    ])
      await expect(pumpClient(broker, 'PUMP-5', { ...refused, ...wrong })).rejects.toThrow(/Not authorized/)
    const { username: _unused, ...nameless } = refused
    expect(await answerTo(broker, packet({ clientId: nameless.clientId }))).toEqual([0x20, 2, 0, 5])
    expect([broker.count('wrongSecret'), broker.count('otherUser'), broker.count('unknownPump')]).toEqual([2, 3, 2])
    await pumpClient(broker, 'PUMP-5', refused)
  })

  it('never somebody without a client id, whatever session it asks for', async () => {
    const broker = await startBroker()
    for (const clean of [true, false]) {
      const bytes = packet({ clientId: '' })
      bytes[9] = clean ? 2 : 0
      expect(await answerTo(broker, bytes)).toEqual([0x20, 2, 0, 2])
    }
    expect(broker.count('emptyClientId')).toBe(2)
  })

  it('cannot put out a pump by taking its client id', async () => {
    const broker = await startBroker(closedHub)
    const mqtt = await pumpClient(broker, 'PUMP-5', { password: 'secret of five' })
    let thrownOut = false
    mqtt.on('close', () => (thrownOut = true))
    await expect(pumpClient(broker, 'PUMP-5', { username: 'PUMP-6', password: 'secret of six' })).rejects.toThrow()
    await expect(pumpClient(broker, 'PUMP-5', { password: 'secret of six' })).rejects.toThrow()
    await publishAs(mqtt, 'alarm', alarm)
    expect(thrownOut).toBe(false)
    expect(broker.outbox.records).toContainEqual(expect.objectContaining({ kind: 'condition', pumpId: 'PUMP-5' }))
  })

  it('may be called like a part of an object, which does no harm', async () => {
    const broker = await startBroker()
    for (const id of ['constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
      const mqtt = await pumpClient(broker, id)
      await publishAs(mqtt, 'status', status)
      await publishAs(mqtt, 'telemetry', telemetry)
      await mqtt.endAsync()
    }
    for (const id of ['__proto__', '__defineGetter__'])
      await expect(pumpClient(broker, id)).rejects.toThrow(/Not authorized/)
    expect(broker.count('badClientId')).toBe(2)
    const mqtt = await pumpClient(broker, 'PUMP-5')
    const granted = await mqtt.subscribeAsync(['__proto__', 'constructor', 'pumps/__proto__/cmd']).catch(() => [])
    expect(granted).toEqual([])
    await publishAs(mqtt, 'telemetry', telemetry)
    expect(broker.fleet.pumps().map(({ pumpId }) => pumpId)).toEqual([
      'constructor',
      'toString',
      'hasOwnProperty',
      'valueOf',
      'PUMP-5',
    ])
  })

  it('keeps its connection alive at least every 120 s', async () => {
    const broker = await startBroker()
    for (const keepalive of [0, 121]) expect((await answerTo(broker, packet({ keepalive })))[0]).toBe(0x20)
    expect(broker.count('keepAlive')).toBe(2)
    await pumpClient(broker, 'PUMP-5', { keepalive: 120 })
  })

  it('is one of at most 32 pumps', async () => {
    const broker = await startBroker()
    for (let n = 1; n <= 32; n += 1) await (await pumpClient(broker, `P-${n}`)).endAsync(true)
    await expect(pumpClient(broker, 'P-33')).rejects.toThrow(/Not authorized/)
    expect(broker.count('tooManyPumps')).toBe(1)
    await pumpClient(broker, 'P-32')
  })

  it('says so within 5 s, and is no more than the fourth that waits at one address', async () => {
    const clock = new ManualClock()
    const broker = await startBroker({ scheduler: clock })
    const waiting = [raw(broker), raw(broker), raw(broker)]
    await eventually(() => waiting.every(({ readyState }) => readyState === 'open'))
    await closing(raw(broker))
    expect(broker.count('addressWaiting')).toBe(1)
    // Somebody at another address is not kept out.
    expect(await firstAnswer(broker, packet({ clientId: 'PUMP-5' }), '127.0.0.2')).toEqual([0x20, 2, 0, 0])
    const ended = Promise.all(waiting.map(closing))
    await eventually(() => clock.pending >= 3)
    clock.advance(5_000)
    await ended
    expect(broker.count('slowConnect')).toBe(3)
    await pumpClient(broker, 'PUMP-6')
  })

  it('is one of forty at most that call at once, and keeps no pump from coming back to where it was', async () => {
    const clock = new ManualClock()
    const broker = await startBroker({ ...closedHub, clock })
    const shown = { username: victim, password: 'secret of five' }
    await (await pumpClient(broker, victim, shown)).endAsync()
    const strangers = Array.from({ length: 45 }, (_, nth) => raw(broker, `127.0.1.${nth + 1}`))
    await eventually(() => broker.count('strangerRate') >= 5)
    // And eight of those that were let in, for those who wait are 32 at most.
    await eventually(() => strangers.filter(({ closed }) => closed).length === 13)
    expect(broker.count('strangerRate')).toBe(5)
    expect(broker.refused.filter((told) => told.startsWith('strangerRate'))).toHaveLength(5)
    await pumpClient(broker, victim, shown)
  })

  it('may not try more than ten times a minute from one address', async () => {
    const broker = await startBroker(closedHub)
    const shown = { clientId: 'PUMP-5', username: 'PUMP-5' }
    for (let n = 0; n < 12; n += 1) await answerTo(broker, packet({ ...shown, password: Buffer.from(`guess ${n}`) }))
    expect(broker.count('wrongSecret')).toBe(10)
    expect(broker.count('addressRate')).toBe(2)
    const right = packet({ ...shown, password: Buffer.from('secret of five') })
    expect(await firstAnswer(broker, right, '127.0.0.2')).toEqual([0x20, 2, 0, 0])
  })
})

it('the hub’s broker listens on the address that a network interface has, and on no other', async () => {
  const broker = await startBroker({ host: 'lo' })
  await pumpClient(broker, 'PUMP-5')
  const elsewhere = connect({ port: broker.port, host: '127.0.0.2' })
  await new Promise((resolve) => elsewhere.once('error', resolve))
})

describe('what a pump may do on the hub’s broker', () => {
  it('is to publish to its own four topics: any other one ends the connection without an acknowledgement', async () => {
    const broker = await startBroker()
    const foreign = [
      'pumps/PUMP-6/alarm',
      'pumps/PUMP-5/cmd',
      'pumps/PUMP-5',
      'pumps/PUMP-5/alarm/x',
      '$SYS/x',
      'a/b/c/d/e/f',
      '/',
      'pumps/__proto__/alarm',
    ]
    for (const topic of foreign) {
      const mqtt = await pumpClient(broker, 'PUMP-5')
      const closed = new Promise<void>((resolve) => mqtt.once('close', () => resolve()))
      let acknowledged = false
      mqtt.publish(topic, JSON.stringify(alarm), { qos: 1 }, (error) => (acknowledged = !error))
      await closed
      expect(acknowledged, topic).toBe(false)
    }
    // One topic has more levels than the broker looks at.
    expect([broker.count('foreignTopic'), broker.count('protocol')]).toEqual([foreign.length - 1, 1])
    expect(broker.outbox.records).toEqual([])
  })

  it('is to subscribe to its own commands: everything else is answered 0x80 and delivers nothing', async () => {
    const broker = await startBroker()
    const mqtt = await pumpClient(broker, 'PUMP-5')
    const heard: string[] = []
    mqtt.on('message', (topic) => heard.push(topic))
    const foreign = [
      '#',
      '+/+/+',
      'pumps/+/alarm',
      'pumps/PUMP-6/cmd',
      'pumps/PUMP-5/telemetry',
      '$SYS/#',
      'pumps/PUMP-5/#',
    ]
    const answer = new Promise<readonly unknown[]>((resolve) =>
      mqtt.on('packetreceive', (packet) => {
        if (packet.cmd === 'suback') resolve(packet.granted)
      }),
    )
    mqtt.subscribe(['pumps/PUMP-5/cmd', ...foreign], { qos: 1 }, () => {})
    expect(await answer).toEqual([1, ...foreign.map(() => 0x80)])
    expect(broker.count('foreignSubscription')).toBe(foreign.length)
    const neighbour = await pumpClient(broker, 'PUMP-6')
    await publishAs(neighbour, 'alarm', alarm)
    await publishAs(mqtt, 'telemetry', telemetry)
    expect(heard).toEqual([])
  })

  it('leaves nothing behind: no retained message, no session, no queue for somebody who is away', async () => {
    const broker = await startBroker()
    const kept = { clean: false, resubscribe: false } as const
    const away = await pumpClient(broker, 'PUMP-6', kept)
    // The library of the broker would keep the refused ones with the granted one.
    await away.subscribeAsync(['pumps/PUMP-6/cmd', 'pumps/PUMP-5/alarm'], { qos: 1 }).catch(() => {})
    await away.endAsync()
    const mqtt = await pumpClient(broker, 'PUMP-5')
    for (let n = 0; n < 40; n += 1)
      await mqtt.publishAsync('pumps/PUMP-5/alarm', JSON.stringify(alarm), { qos: 1, retain: true })
    const back = await pumpClient(broker, 'PUMP-6', kept)
    const heard: string[] = []
    back.on('message', (topic) => heard.push(topic))
    await back.subscribeAsync('pumps/PUMP-6/cmd', { qos: 1 })
    await publishAs(back, 'telemetry', telemetry)
    expect(heard).toEqual([])
  })

  it('has a will for its own status only', async () => {
    const broker = await startBroker()
    const will = { topic: 'pumps/PUMP-6/status', payload: Buffer.from('{"online":false}'), qos: 1 as const }
    const other = await pumpClient(broker, 'PUMP-6')
    await publishAs(other, 'telemetry', telemetry)
    const mqtt = await pumpClient(broker, 'PUMP-5', { will })
    await publishAs(mqtt, 'telemetry', telemetry)
    mqtt.stream.destroy()
    await eventually(() => broker.fleet.pumps().some(({ pumpId, link }) => pumpId === 'PUMP-5' && link === 'closed'))
    await publishAs(other, 'event', { event: 'bag-changed' })
    expect(broker.fleet.pumps()).toContainEqual(expect.objectContaining({ pumpId: 'PUMP-6', link: 'up' }))
    expect(broker.count('foreignWill')).toBe(1)
  })

  it('is to send fifty messages of a kind at once, not sixty, and alarms when telemetry is over its limit', async () => {
    const broker = await startBroker()
    const mqtt = await pumpClient(broker, 'PUMP-5')
    const closed = new Promise<void>((resolve) => mqtt.once('close', () => resolve()))
    let acknowledged = 0
    for (let n = 0; n < 60; n += 1)
      mqtt.publish('pumps/PUMP-5/telemetry', JSON.stringify(telemetry), { qos: 1 }, (error) => {
        if (!error) acknowledged += 1
      })
    await closed
    // What was good is acknowledged before the connection ends, or the pump would tell it again for ever.
    expect(acknowledged).toBe(50)
    expect(broker.count('telemetryRate')).toBe(1)
    const back = await pumpClient(broker, 'PUMP-5')
    await publishAs(back, 'alarm', alarm)
    expect(broker.outbox.records).toContainEqual(expect.objectContaining({ kind: 'condition', pumpId: 'PUMP-5' }))
  })
})

describe('TLS on the hub’s broker', () => {
  let authority: HubAuthority
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hub-ca-'))
    authority = new HubAuthority(join(folder, 'tls'))
    return async () => await rm(folder, { recursive: true })
  })
  const secured = async (): Promise<Broker & { readonly ca: string }> => {
    const broker = await startBroker({ tls: () => authority.server(['localhost', '127.0.0.1']), ...closedHub })
    return { ...broker, ca: await authority.ca() }
  }

  it('lets in a pump that has the hub’s CA, under every name of the hub, with TLS 1.2 or 1.3', async () => {
    const { ca, ...broker } = await secured()
    for (const host of ['localhost', '127.0.0.1'])
      for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
        const options = { password: 'secret of five', ca, minVersion: version, maxVersion: version }
        const mqtt = await pumpClient(broker, 'PUMP-5', { url: `mqtts://${host}:${broker.port}`, ...options })
        await publishAs(mqtt, 'alarm', alarm)
        await mqtt.endAsync()
      }
    expect(broker.outbox.records).toContainEqual(expect.objectContaining({ kind: 'condition', pumpId: 'PUMP-5' }))
  })

  it('is refused by a pump that has another CA, and refuses TLS 1.1 and none at all', async () => {
    const { ca, ...broker } = await secured()
    const elsewhere = await new HubAuthority(join(folder, 'elsewhere')).ca()
    const url = `mqtts://localhost:${broker.port}`
    await expect(pumpClient(broker, 'PUMP-5', { url, password: 'secret of five', ca: elsewhere })).rejects.toThrow(
      /certificate|signature/,
    )
    const old = connectTls({
      host: 'localhost',
      port: broker.port,
      ca,
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    old.on('error', () => {})
    await closing(old)
    await answerTo(broker, packet({}))
    await eventually(() => broker.count('tlsFailed') >= 2)
    expect(broker.count('connects')).toBe(0)
  })

  it('is spoken by a simulated pump that has the CA and its secret', async () => {
    const { ca, ...broker } = await secured()
    const twin = new MqttTwin({ pumpId: 'PUMP-5', serial: 'SN-5', intervalMs: 1000 })
    const url = `mqtts://localhost:${broker.port}`
    const common = { url, pumpId: 'PUMP-5', will: twin.will(), hello: () => twin.hello() }
    const publisher = new MqttPublisher({ ...common, ca, password: 'secret of five' })
    onTestFinished(() => publisher[Symbol.asyncDispose]())
    await eventually(() => broker.fleet.pumps().some(({ serial }) => serial === 'SN-5'))
    const doubter = new MqttPublisher({ ...common, password: 'secret of five' })
    onTestFinished(() => doubter[Symbol.asyncDispose]())
    await eventually(() => broker.count('leftUnnamed') > 0)
    expect(doubter.online).toBe(false)
  })

  it('does not let a caller wait in the handshake', async () => {
    const clock = new ManualClock()
    const broker = await startBroker({ scheduler: clock, tls: () => authority.server(['localhost']), ...closedHub })
    const socket = raw(broker)
    await eventually(() => clock.pending > 1)
    const ended = closing(socket)
    clock.advance(5_000)
    await ended
    expect(broker.count('slowConnect')).toBe(1)
  })

  it('keeps its certificate over restarts, makes another for a new name, and never another CA', async () => {
    const before = await authority.server(['localhost', '127.0.0.1'])
    expect(await authority.server(['127.0.0.1'])).toEqual(before)
    const ca = await authority.ca()
    const after = await authority.server(['192.168.7.7'])
    expect(after.cert).not.toBe(before.cert)
    expect(await authority.ca()).toBe(ca)
    expect(await authority.server(['192.168.7.7'])).toEqual(after)
  })
})
