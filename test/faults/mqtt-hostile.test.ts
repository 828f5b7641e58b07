import { readFile, mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { generate } from 'mqtt-packet'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BootId } from '#domain/ids.ts'
import { openSqliteOutbox } from '#gateway/adapters/sqlite-outbox/sqlite-outbox.ts'
import { seededRandom } from '#simulators/core/random.ts'
import { eventually } from '#test/support/eventually.ts'
import { startBareBroker } from '#test/support/foreign-broker.ts'
import { publishAs, pumpClient, status, telemetry } from '#test/support/mqtt-hub.ts'
import { startGatewayProcess } from './gateway-process.ts'
import type { Packet } from 'mqtt-packet'
import type { OutboxRecord } from '#gateway/core/ports.ts'
import type { Random } from '#simulators/core/random.ts'
import type { GatewayProcess } from './gateway-process.ts'

/** As deploy/systemd/infusion-watch-gateway.service starts it. */
const heapOfTheUnit = '--max-semi-space-size=1 --max-old-space-size=160'
const megabyte = 1024 * 1024
const seed = 17

const secretOf = (id: string): string => `secret-of-${id}-0123456789`

/** Resident memory, MB. */
const memoryOf = async (pid: number): Promise<number> => {
  const text = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1]) / 1024
}

const folderForTest = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'mqtt-hostile-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const startHub = async (
  folder: string,
  pumps: readonly object[],
): Promise<{ readonly hub: GatewayProcess; readonly port: number }> => {
  const config = { server: { url: 'http://127.0.0.1:9' }, mqtt: { port: 0, pumps } }
  const hub = await startGatewayProcess(folder, config, { NODE_OPTIONS: heapOfTheUnit })
  await hub.status()
  const said = await eventually(() => hub.log.find(({ msg }) => msg === 'MQTT broker listens'))
  return { hub, port: Number(said['port']) }
}

/** Announces and sends a CONNECT of 200 MB; resolves when all is sent or the connection has ended. */
const sendHugeConnect = async (port: number): Promise<number> => {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.write(Buffer.from([0x10, 0x80, 0x84, 0xaf, 0x5f, 0, 4, ...Buffer.from('MQTT'), 4, 0xc2, 0, 60]))
  const block = Buffer.alloc(megabyte)
  let sent = 0
  while (!socket.destroyed && sent < 199) {
    sent += 1
    if (!socket.write(block)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed])
  }
  // Time to be gathered by whoever gathers it.
  await Promise.race([pause(500), closed])
  socket.destroy()
  return sent
}

/** By how much the most memory that a process ever had grew while `attack` ran, MB. */
const growth = async (pid: number, attack: () => Promise<unknown>): Promise<number> => {
  const before = await memoryOf(pid)
  let most = before
  const over = new AbortController()
  const watch = (async () => {
    while (!over.signal.aborted) {
      most = Math.max(most, await memoryOf(pid))
      await pause(5)
    }
  })()
  await attack()
  over.abort()
  await watch
  return most - before
}

const wait = async (what: () => Promise<boolean>): Promise<void> => {
  await eventually(what, { within: 20_000, every: 50 })
}

describe('a hostile MQTT client', () => {
  it('cannot fill the hub’s memory with one CONNECT of 200 MB, as it can a bare broker', async () => {
    const { hub, port } = await startHub(await folderForTest(), [{ id: 'PUMP-5' }])
    const pump = await pumpClient({ port }, 'PUMP-5')
    for (let n = 0; n < 20; n += 1) await publishAs(pump, 'telemetry', telemetry)
    // What the process itself still takes and gives back while it starts is not the attack's.
    await wait(async () => {
      const first = await memoryOf(hub.pid)
      await pause(500)
      return Math.abs((await memoryOf(hub.pid)) - first) < 1
    })
    const guarded = await growth(hub.pid, () => sendHugeConnect(port))
    const bare = await startBareBroker()
    onTestFinished(() => bare[Symbol.asyncDispose]())
    const unguarded = await growth(bare.pid, () => sendHugeConnect(bare.port))
    console.log(
      `one unauthenticated CONNECT of 200 MB: the hub +${guarded.toFixed(1)} MB, a bare broker +${unguarded.toFixed(0)} MB`,
    )
    expect(guarded).toBeLessThan(5)
    expect(unguarded).toBeGreaterThan(100)
    await publishAs(pump, 'telemetry', telemetry)
  })

  it('in great numbers and with broken packets of every kind harms no pump', async () => {
    const folder = await folderForTest()
    const mallories = Array.from({ length: 20 }, (_, n) => `MALLORY-${n}`)
    const pumps = ['VICTIM', ...mallories].map((id) => ({ id, secret: secretOf(id) }))
    const { hub, port } = await startHub(folder, pumps)
    const victim = await pumpClient({ port }, 'VICTIM', { password: secretOf('VICTIM') })
    let thrownOut = 0
    victim.on('close', () => (thrownOut += 1))
    await publishAs(victim, 'status', { ...status, serial: 'VICTIM', intervalMs: 500 })
    const told: number[] = []
    const tell = async (): Promise<void> => {
      const infusedTotalMl = told.length / 8
      await publishAs(victim, 'telemetry', { ...telemetry, infusedTotalMl })
      told.push(infusedTotalMl)
    }
    await tell()
    const before = await memoryOf(hub.pid)

    const random = seededRandom(seed)
    const connections = 3_000
    let next = 0
    let bytes = 0
    const attack = async (): Promise<void> => {
      while (next < connections) {
        next += 1
        const mine = next
        const id = mallories[mine % mallories.length] ?? ''
        // An address of its own for each stranger, or the limit for one address would keep all of them out.
        const localAddress = `127.${1 + (mine >> 14)}.${(mine >> 7) & 127}.${1 + (mine & 127)}`
        bytes += await attackOnce({ port, localAddress }, speech(random, { id, password: secretOf(id) }))
      }
    }
    const over = new AbortController()
    const watch = (async () => {
      while (!over.signal.aborted) {
        await tell()
        await pause(250)
      }
    })()
    const start = performance.now()
    await Promise.all(Array.from({ length: 16 }, attack))
    const seconds = (performance.now() - start) / 1000
    over.abort()
    await watch
    const grown = (await memoryOf(hub.pid)) - before

    await tell()
    expect(thrownOut).toBe(0)
    const { ports } = await hub.status()
    const counters = ports.find(({ name }) => name === 'mqtt')?.counters ?? {}
    await victim.endAsync()
    expect(await hub.kill('SIGTERM')).toBe(0)
    const records = await storedIn(folder)
    const ofVictim = records.filter(({ pumpId }) => pumpId === 'VICTIM')
    console.log(
      `seed ${seed}: ${connections} hostile connections, ${(bytes / megabyte).toFixed(1)} MB in ${seconds.toFixed(1)} s; the hub ${grown >= 0 ? '+' : ''}${grown.toFixed(1)} MB, ` +
        `${told.length} samples of the victim stored, refused: ${JSON.stringify(counters)}`,
    )
    expect(grown).toBeLessThan(50)
    // Every sample of the victim, in order, and nothing that anybody else said in its name.
    expect(ofVictim.flatMap((record) => (record.kind === 'telemetry' ? [record.body.infusedTotalMl] : []))).toEqual(
      told,
    )
    expect(ofVictim.filter(({ kind }) => kind === 'condition')).toEqual([])
    expect(new Set(records.map(({ pumpId }) => pumpId).filter((id) => !mallories.includes(String(id))))).toEqual(
      new Set([null, 'VICTIM']),
    )
    // The attack reached what it was meant to reach.
    for (const reason of [
      'foreignTopic',
      'wrongSecret',
      'noConnect',
      'over',
      'protocol',
      'foreignSubscription',
      'version',
    ])
      expect(counters[reason], reason).toBeGreaterThan(0)
  })
})

const storedIn = async (folder: string): Promise<readonly OutboxRecord[]> => {
  await using outbox = await openSqliteOutbox({
    folder: join(folder, 'data', 'outbox'),
    bootId: BootId.parse('reader'),
    quarantined: () => {},
    salvaged: () => {},
    died: () => {},
  })
  return [...(await outbox.peek('alarm', 100_000)), ...(await outbox.peek('telemetry', 100_000))]
}

/** Says it all, waits for the other side to end it or 200 ms for more; resolves with the bytes sent. */
const attackOnce = (
  { port, localAddress }: { readonly port: number; readonly localAddress: string },
  chunks: readonly Buffer[],
): Promise<number> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress })
    let sent = 0
    const end = setTimeout(() => socket.destroy(), 200)
    socket.on('error', () => {})
    socket.on('data', () => {})
    socket.once('close', () => {
      clearTimeout(end)
      resolve(sent)
    })
    socket.once('connect', () => {
      for (const chunk of chunks) {
        if (socket.destroyed) return
        sent += chunk.length
        socket.write(chunk)
      }
    })
  })

interface Stolen {
  readonly id: string
  readonly password: string
}

const oneOf = <T>(random: Random, choices: readonly T[]): T =>
  random.weighted(choices.map((choice) => [1, choice] as const))

/** One connection's packets: honest in shape, then bent. */
const speech = (random: Random, stolen: Stolen): readonly Buffer[] => {
  const opening = oneOf(random, ['honest', 'honest', 'wrong', 'bent', 'none'] as const)
  const hello = packetBytes(connectOf(random, stolen, opening === 'wrong'))
  const rest = Array.from({ length: random.whole(0, 12) }, () => {
    const honest = packetBytes(anyPacket(random, stolen))
    return random.next() < 0.5 ? bent(random, honest) : honest
  })
  if (opening === 'none') return rest
  return [opening === 'bent' ? bent(random, hello) : hello, ...rest]
}

const packetBytes = (packet: Packet): Buffer => {
  try {
    return generate(packet)
  } catch {
    // The library refuses to write it; broken bytes come from `bent`.
    return Buffer.from([0x30, 0x00])
  }
}

const connectOf = (random: Random, { id, password }: Stolen, wrong: boolean): Packet => ({
  cmd: 'connect',
  protocolId: 'MQTT',
  protocolVersion: wrong && random.next() < 0.2 ? 5 : 4,
  clean: random.next() < 0.5,
  keepalive: wrong ? oneOf(random, [0, 60, 65_535]) : 60,
  clientId: wrong ? oneOf(random, ['VICTIM', '__proto__', 'constructor', id, 'x'.repeat(300)]) : id,
  username: wrong ? oneOf(random, ['VICTIM', id]) : id,
  password: Buffer.from(wrong ? 'guess' : password),
  ...(random.next() < 0.3
    ? {
        will: { topic: oneOf(random, topics), payload: Buffer.from('{"online":false}'), qos: 1 as const, retain: true },
      }
    : {}),
})

const topics = [
  'pumps/VICTIM/alarm',
  'pumps/VICTIM/telemetry',
  'pumps/VICTIM/status',
  'pumps/MALLORY-1/alarm',
  '$SYS/x',
  '__proto__',
  'constructor/prototype',
  'a/b/c/d/e/f/g/h',
  '/'.repeat(200),
  'pumps/VICTIM/cmd',
]

const anyPacket = (random: Random, { id }: Stolen): Packet => {
  const own = `pumps/${id}/${oneOf(random, ['telemetry', 'alarm', 'event', 'status'])}`
  const messageId = random.whole(1, 65_535)
  switch (random.whole(0, 8)) {
    case 0:
    case 1:
    case 2:
      return {
        cmd: 'publish',
        topic: random.next() < 0.7 ? own : oneOf(random, topics),
        payload: oneOf(random, payloads),
        qos: oneOf(random, [0, 1, 2] as const),
        messageId,
        dup: random.next() < 0.2,
        retain: random.next() < 0.3,
      }
    case 3:
      return {
        cmd: 'subscribe',
        messageId,
        subscriptions: Array.from({ length: random.whole(1, 30) }, () => ({
          topic: oneOf(random, [`pumps/${id}/cmd`, '#', '+/+/+', '$SYS/#', ...topics]),
          qos: 1 as const,
        })),
      }
    case 4:
      return { cmd: 'unsubscribe', messageId, unsubscriptions: [oneOf(random, topics)] }
    case 5:
      return { cmd: oneOf(random, ['puback', 'pubrec', 'pubrel', 'pubcomp'] as const), messageId }
    case 6:
      return connectOf(random, { id, password: 'again' }, random.next() < 0.5)
    case 7:
      return { cmd: 'disconnect' }
    default:
      return { cmd: 'pingreq' }
  }
}

const payloads = [
  '',
  '{}',
  '{"operatingState":"infusing","activeAlarms":["air-in-line"]}',
  '{"operatingState":"infusing","activeAlarms":[],"__proto__":{"x":1},"constructor":{"prototype":1}}',
  `{"operatingState":"infusing","activeAlarms":[],"rateMlPerHour":${'9'.repeat(400)}}`,
  '{"code":"air-in-line","phase":"start","priority":"high"}',
  '{"online":true,"intervalMs":1}',
  '['.repeat(8_000),
  'x'.repeat(20_000),
  '\u0000\uffff',
]

/** One honest packet made dishonest, in the places that a reader trusts. */
const bent = (random: Random, honest: Buffer): Buffer => {
  const bytes = Buffer.from(honest)
  const at = random.whole(0, Math.max(0, bytes.length - 1))
  switch (random.whole(0, 6)) {
    case 0:
      bytes[at] = random.whole(0, 255)
      return bytes
    case 1:
      // Type and flags.
      bytes[0] = random.whole(0, 255)
      return bytes
    case 2:
      // The remaining length.
      bytes[1] = random.whole(0, 255)
      return bytes
    case 3:
      return bytes.subarray(0, at)
    case 4:
      return Buffer.concat([bytes, bytes.subarray(at)])
    case 5:
      // A length of a string inside.
      bytes.writeUInt16BE(random.whole(0, 65_535), Math.min(at, Math.max(0, bytes.length - 2)))
      return bytes
    default:
      return Buffer.concat([Buffer.from([random.whole(0, 255), 0xff, 0xff, 0xff, random.whole(0, 255)]), bytes])
  }
}
