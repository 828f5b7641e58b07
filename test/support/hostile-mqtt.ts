import { connect } from 'node:net'
import { generate } from 'mqtt-packet'
import type { Packet } from 'mqtt-packet'
import type { Random } from '#simulators/core/random.ts'

/** Says it all, waits for the other side to end it or 200 ms for more; resolves with the bytes sent. */
export const sayOnce = (
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

/** A pump that an attacker owns, whole. */
export interface Stolen {
  readonly id: string
  readonly password: string
}

const oneOf = <T>(random: Random, choices: readonly T[]): T =>
  random.weighted(choices.map((choice) => [1, choice] as const))

/** One connection's packets: honest in shape, then bent. The pump it wants to speak for is `VICTIM`. */
export const speech = (random: Random, stolen: Stolen): readonly Buffer[] => {
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
