import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net'
import { Aedes } from 'aedes'
import { afterEach, describe, expect, it } from 'vitest'
import { ControlServer } from '#simulators/adapters/control-server.ts'
import { MqttPublisher } from '#simulators/adapters/mqtt-client.ts'
import { TcpPort } from '#simulators/adapters/tcp-port.ts'
import type { Act } from '#simulators/core/acts.ts'
import { fleetControl } from '#simulators/core/fleet-control.ts'
import type { Scenario } from '#simulators/core/scenario.ts'
import { pumpControl } from '#simulators/core/control.ts'
import type { SimulatedPumpReport, WireLine } from '#domain/simulators/control.ts'
import type { FaultSwitch } from '#simulators/core/faults/catalog.ts'
import { eventually } from '#test/support/eventually.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const task of cleanUp.splice(0).toReversed()) await task()
})

const connect = async (address: string): Promise<{ socket: Socket; received: () => string }> => {
  const { hostname, port } = new URL(address)
  const socket = createConnection({ host: hostname, port: Number(port) })
  cleanUp.push(() => socket.destroy())
  let text = ''
  socket.on('data', (chunk) => (text += chunk.toString('latin1')))
  socket.on('error', () => {})
  await new Promise((resolve) => socket.once('connect', resolve))
  return { socket, received: () => text }
}

const openTcp = async (): Promise<TcpPort> => {
  const port = await TcpPort.open('127.0.0.1', 0)
  cleanUp.push(() => port[Symbol.asyncDispose]())
  return port
}

describe('a pump behind a TCP device server', () => {
  it('carries bytes both ways and drops what nobody is there for', async () => {
    const port = await openTcp()
    let atPump = ''
    port.onReceived((bytes) => (atPump += Buffer.from(bytes).toString('latin1')))
    port.write(Buffer.from('early'))
    expect(port.droppedBytes).toBe(5)

    const client = await connect(port.address)
    client.socket.write('question')
    await eventually(() => atPump === 'question')
    port.write(Buffer.from('answer'))
    await eventually(() => client.received() === 'answer')
  })

  it('turns a second client away and serves it after the first has gone', async () => {
    const port = await openTcp()
    const first = await connect(port.address)
    port.write(Buffer.from('x'))
    await eventually(() => first.received() === 'x')
    const second = await connect(port.address)
    await eventually(() => second.received() === 'Port already in use\r\n')

    first.socket.destroy()
    await eventually(async () => {
      const next = await connect(port.address)
      port.write(Buffer.from('welcome'))
      return await eventually(() => next.received() === 'welcome', { within: 200 })
    })
  })

  it('resets its client on unplug and listens again under the same address', async () => {
    const port = await openTcp()
    const { address } = port
    const client = await connect(address)
    port.write(Buffer.from('x'))
    await eventually(() => client.received() === 'x')
    const closed = new Promise((resolve) => client.socket.once('close', resolve))
    await port.unplug()
    await closed
    await port.plug()
    expect(port.address).toBe(address)
    await connect(address)
  })

  it('says when its port is taken', async () => {
    const port = await openTcp()
    await expect(TcpPort.open('127.0.0.1', Number(new URL(port.address).port))).rejects.toMatchObject({
      code: 'SIM_PORT_TAKEN',
    })
  })
})

interface Broker {
  readonly url: string
  readonly port: number
  readonly heard: () => readonly string[]
  readonly close: () => Promise<void>
}

/** `mute`: takes everything and acknowledges nothing, as a broker that hangs. */
const startBroker = async (port = 0, mute = false): Promise<Broker> => {
  const heard: string[] = []
  const aedes = await Aedes.createBroker({
    authorizePublish: (_client, packet, done) => {
      heard.push(`${packet.topic} ${String(packet.payload)}`)
      if (!mute) done(null)
    },
  })
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    aedes.handle(socket)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const used = (server.address() as AddressInfo).port
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
    await new Promise<void>((resolve) => aedes.close(() => resolve()))
  }
  cleanUp.push(close)
  return { url: `mqtt://127.0.0.1:${used}`, port: used, heard: () => heard, close }
}

const publisherOn = (url: string): MqttPublisher => {
  const publisher = new MqttPublisher({
    url,
    pumpId: 'P-0005',
    will: { topic: 'pumps/P-0005/status', payload: '{"online":false}', keep: false },
    hello: () => ({ topic: 'pumps/P-0005/status', payload: '{"online":true}', keep: false }),
  })
  cleanUp.push(() => publisher[Symbol.asyncDispose]())
  return publisher
}

const sample = (n: number) => ({ topic: 'pumps/P-0005/telemetry', payload: String(n), keep: false })
const alarm = (n: number) => ({ topic: 'pumps/P-0005/alarm', payload: String(n), keep: true })

describe('a pump on a real MQTT broker', () => {
  it('greets first and learns that the broker has taken its messages', async () => {
    const broker = await startBroker()
    const publisher = publisherOn(broker.url)
    await eventually(() => publisher.online)
    expect(await publisher.publish(sample(1))).toBe(true)
    expect(await publisher.publish(alarm(2))).toBe(true)
    expect(broker.heard()).toEqual([
      'pumps/P-0005/status {"online":true}',
      'pumps/P-0005/telemetry 1',
      'pumps/P-0005/alarm 2',
    ])
    expect(publisher.pending).toBe(0)
  })

  it('leaves its will when the cable is pulled, and comes back with a greeting and the alarms it kept', async () => {
    const broker = await startBroker()
    const publisher = publisherOn(broker.url)
    await eventually(() => publisher.online)
    await publisher.unplug()
    await eventually(() => broker.heard().at(-1) === 'pumps/P-0005/status {"online":false}')

    expect(await publisher.publish(sample(1))).toBe(false)
    const kept = [publisher.publish(alarm(2)), publisher.publish(alarm(3))]
    expect(publisher.dropped).toBe(1)
    await publisher.plug()
    expect(await Promise.all(kept)).toEqual([true, true])
    expect(broker.heard().slice(-3)).toEqual([
      'pumps/P-0005/status {"online":true}',
      'pumps/P-0005/alarm 2',
      'pumps/P-0005/alarm 3',
    ])
  })

  it('sends a packet again under its id, and is told twice that it arrived', async () => {
    const broker = await startBroker()
    const publisher = publisherOn(broker.url)
    await eventually(() => publisher.online)
    publisher.retransmit()
    const first = publisher.publish(alarm(7))
    publisher.retransmit()
    expect(await first).toBe(true)
    await eventually(() => broker.heard().filter((line) => line === 'pumps/P-0005/alarm 7').length === 2)
    expect(await publisher.publish(alarm(8))).toBe(true)
    expect(broker.heard().at(-1)).toBe('pumps/P-0005/alarm 8')
  })

  it('parts within two seconds from a broker that hangs', async () => {
    const broker = await startBroker(0, true)
    const publisher = publisherOn(broker.url)
    await eventually(() => publisher.online)
    void publisher.publish(alarm(1))
    await eventually(() => broker.heard().length > 0)
    let parted = false
    void publisher[Symbol.asyncDispose]().then(() => (parted = true))
    await eventually(() => parted, { within: 2_000 })
  })

  it('finds a broker that was away', async () => {
    const broker = await startBroker()
    const publisher = publisherOn(broker.url)
    await eventually(() => publisher.online)
    await broker.close()
    await eventually(() => !publisher.online)
    const kept = publisher.publish(alarm(1))
    const again = await startBroker(broker.port)
    expect(await kept).toBe(true)
    expect(again.heard()).toEqual(['pumps/P-0005/status {"online":true}', 'pumps/P-0005/alarm 1'])
  })
})

const openControl = async () => {
  const faulty: FaultSwitch[] = []
  const time = { speed: 1, paused: false, stepped: 0 }
  const done: (readonly [string, Act])[] = []
  const told: (readonly [string, number | null])[] = []
  const fleets: string[] = []
  const calm: Scenario = { name: 'calm', what: '', acts: () => [], remedies: () => [] }
  const watchers = new Set<(line: WireLine) => void>()
  const pace = {
    time: () => ({ ...time }),
    setSpeed: (speed: number) => void Object.assign(time, { speed, paused: false }),
    pause: () => void (time.paused = true),
    goOn: () => void (time.paused = false),
    step: (ms: number) => void Object.assign(time, { paused: true, stepped: ms }),
  }
  const pump = {
    ...pace,
    report: () => ({ id: 'P-1', protocol: 'ip1' }) as SimulatedPumpReport,
    detail: () => ({ id: 'P-1', keys: [] }),
    act: async (act: Act) => void done.push(['P-1', act]),
    fault: async (change: FaultSwitch) => {
      faulty.push(change)
      return null
    },
    press: async (key: unknown) => (key === 'silence' ? [{ act: 'silence' } as const] : 'no such key'),
    tell: async ({ name }: Scenario, seed: number | null) => {
      told.push([name, seed])
      return seed === 13 ? 'no such program was named' : null
    },
    scenario: () => 'name: lived\n',
    watch: (push: (line: WireLine) => void) => {
      watchers.add(push)
      return () => void watchers.delete(push)
    },
  }
  const control = await ControlServer.listen(
    0,
    fleetControl(
      {
        state: () => ({ fleet: null, words: fleets.join('; ') }),
        start: async ({ pumps, claims }) => void fleets.push(`${pumps} with ${claims.length}`),
        stop: async () => void fleets.push('stopped'),
      },
      pumpControl({
        ...pace,
        scenarios: () => [{ name: 'calm', what: 'Nothing happens.', programs: false }],
        scenario: (name) => (name === 'calm' ? calm : null),
        pumps: () => [pump],
        pump: (id) => (id === 'P-1' ? pump : null),
      }),
    ),
  )
  cleanUp.push(() => control[Symbol.asyncDispose]())
  return { url: control.url, done, faulty, time, watchers, told, fleets }
}
const post = async (url: string, body: string, type = 'application/json'): Promise<number> =>
  (await fetch(url, { method: 'POST', headers: { 'content-type': type }, body })).status

describe('the control port', () => {
  it('lists pumps and passes acts on', async () => {
    const { url, done } = await openControl()
    expect(await (await fetch(`${url}/pumps`)).json()).toMatchObject({
      speed: 1,
      paused: false,
      pumps: [{ id: 'P-1' }],
    })
    expect(await post(`${url}/pumps/P-1/act`, '{"act":"inject-air","amount":2}')).toBe(200)
    expect(done).toEqual([['P-1', { act: 'inject-air', amount: 2 }]])
  })

  it('begins another story for a pump, of the library only, and says why one cannot be told', async () => {
    const { url, told } = await openControl()
    expect(await (await fetch(`${url}/scenarios`)).json()).toEqual({
      scenarios: [{ name: 'calm', what: 'Nothing happens.', programs: false }],
    })
    expect(await post(`${url}/pumps/P-1/scenario`, '{"scenario":"calm"}')).toBe(200)
    expect(await post(`${url}/pumps/P-1/scenario`, '{"scenario":"calm","seed":7}')).toBe(200)
    expect(told).toEqual([
      ['calm', null],
      ['calm', 7],
    ])
    expect(await post(`${url}/pumps/P-1/scenario`, '{"scenario":"calm","seed":13}')).toBe(409)
    for (const body of ['{"scenario":"storm"}', '{"scenario":"/etc/passwd"}', '{"scenario":"calm","seed":0.5}', '{}'])
      expect(await post(`${url}/pumps/P-1/scenario`, body)).toBe(400)
    expect(told).toHaveLength(3)
  })

  it('begins and ends a fleet, and refuses one it cannot let in', async () => {
    const { url, fleets } = await openControl()
    const order = { pumps: 5000, seed: 7, server: 'http://127.0.0.1:8080' }
    const claims = Array.from({ length: 100 }, (_, at) => `c-${String(at).padStart(22, 'x')}:ABCD-EFGH-JKMN`)
    expect(await post(`${url}/fleet`, JSON.stringify({ ...order, claims }))).toBe(200)
    expect(await (await fetch(`${url}/fleet`)).json()).toEqual({ fleet: null, words: '5000 with 100' })
    expect(await post(`${url}/fleet/stop`, '{}')).toBe(200)
    expect(await post(`${url}/fleet`, JSON.stringify({ ...order, pumps: 5001, claims }))).toBe(400)
    expect(await post(`${url}/fleet`, JSON.stringify({ ...order, server: 'nowhere', claims }))).toBe(400)
    expect(await post(`${url}/fleet/elsewhere`, '{}')).toBe(404)
    expect(fleets).toEqual(['5000 with 100', 'stopped'])
  })

  it('switches faults with their usual or a given amount', async () => {
    const { url, faulty } = await openControl()
    expect(await post(`${url}/pumps/P-1/fault`, '{"fault":"flip"}')).toBe(200)
    expect(await post(`${url}/pumps/P-1/fault`, '{"fault":"flip","on":false}')).toBe(200)
    expect(await post(`${url}/pumps/P-1/fault`, '{"fault":"drop","amount":0.5,"way":"to-pump"}')).toBe(200)
    expect(faulty).toEqual([
      { fault: 'flip', on: true, amount: 0.001, way: 'both' },
      { fault: 'flip', on: false, amount: 0.001, way: 'both' },
      { fault: 'drop', on: true, amount: 0.5, way: 'to-pump' },
    ])
  })

  it('changes the speed, pauses and steps', async () => {
    const { url, time } = await openControl()
    expect(await post(`${url}/speed`, '{"speed":60}')).toBe(200)
    expect(time).toMatchObject({ speed: 60, paused: false })
    expect(await post(`${url}/pause`, '')).toBe(200)
    expect(time.paused).toBe(true)
    expect(await post(`${url}/step`, '{"ms":50}')).toBe(200)
    expect(time.stepped).toBe(50)
    expect(await post(`${url}/speed`, '{"speed":5000}')).toBe(400)
    expect(await post(`${url}/step`, '{}')).toBe(400)
  })

  it('presses keys, stops the time of one pump, and tells what was lived', async () => {
    const { url, time } = await openControl()
    expect(await post(`${url}/pumps/P-1/key`, '{"key":"silence"}')).toBe(200)
    expect(await post(`${url}/pumps/P-1/key`, '{"key":"eject"}')).toBe(400)
    expect(await post(`${url}/pumps/P-1/pause`, '')).toBe(200)
    expect(time.paused).toBe(true)
    expect(await post(`${url}/pumps/P-1/start`, '')).toBe(200)
    expect(time.paused).toBe(false)
    expect(await (await fetch(`${url}/pumps/P-1`)).json()).toEqual({ id: 'P-1', keys: [] })
    const lived = await fetch(`${url}/pumps/P-1/scenario`)
    expect(lived.headers.get('content-type')).toBe('application/yaml')
    expect(await lived.text()).toBe('name: lived\n')
  })

  it('shows a wire line by line, and tells a reader who is too slow how many it has missed', async () => {
    const { url, watchers } = await openControl()
    const client = await connect(url)
    client.socket.write('GET /pumps/P-1/wire HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await eventually(() => client.received().includes('{"pumpId":"P-1","protocol":"ip1"}\n'))
    client.socket.pause()
    const line = { way: 'from-pump' as const, hex: 'A'.repeat(2_000), frames: [] }
    const count = 20_000
    for (let n = 0; n < count; n += 1) for (const push of watchers) push({ ...line, atMs: n })
    client.socket.resume()
    await eventually(() => client.received().includes(`"atMs":${count - 1}}`))
    const lost = Number(/\{"lost":(\d+)\}/.exec(client.received())?.[1])
    const seen = client.received().split('"atMs"').length - 1
    expect(lost).toBeGreaterThan(1_000)
    expect(seen + lost).toBe(count)
    client.socket.destroy()
    await eventually(() => watchers.size === 0)
  })

  it('refuses what it does not know', async () => {
    const { url, done, faulty } = await openControl()
    expect(await post(`${url}/pumps/P-2/fault`, '{"fault":"flip"}')).toBe(404)
    for (const body of [
      '{"fault":"gremlin"}',
      '{"fault":"flip","amount":2}',
      '{"fault":"unplug","way":"to-pump"}',
      '{}',
    ])
      expect(await post(`${url}/pumps/P-1/fault`, body)).toBe(400)
    expect(faulty).toEqual([])
    expect(await post(`${url}/pumps/P-2/act`, '{"act":"occlude"}')).toBe(404)
    expect(await post(`${url}/pumps/P-1/act`, '{"act":"explode"}')).toBe(400)
    expect(await post(`${url}/pumps/P-1/act`, 'no json')).toBe(400)
    expect(await post(`${url}/pumps/P-1/act`, `"${'x'.repeat(5000)}"`)).toBe(400)
    expect(await post(`${url}/pumps/P-1/act`, '{"act":"occlude"}', 'text/plain')).toBe(415)
    expect((await fetch(`${url}/elsewhere`)).status).toBe(404)
    expect(done).toEqual([])
  })
})
