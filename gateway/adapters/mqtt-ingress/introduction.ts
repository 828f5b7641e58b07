import { parser as newParser } from 'mqtt-packet'
import type { IConnectPacket, Packet } from 'mqtt-packet'
import type { Duplex } from 'node:stream'
import type { MqttRefusal } from '../../core/mqtt-refusal.ts'

/** Largest body of a CONNECT, bytes: ids, secret and will. */
export const maxConnectBytes = 1024

/** Return codes of a CONNACK (MQTT 3.1.1, 3.2.2.3); without one the connection ends without a word. */
export type ConnackCode = 1 | 2 | 5 | 6

export interface NotBelieved {
  readonly refusal: MqttRefusal
  readonly detail: string
  readonly answer?: ConnackCode
}

export interface IntroductionDeps {
  /** Null: it is who it says. */
  readonly judge: (connect: IConnectPacket) => NotBelieved | null
  /** Told once; all that was read is in the connection again. */
  readonly believed: () => void
  /** Told once; the connection is being ended. */
  readonly refused: (refusal: MqttRefusal, detail: string) => void
}

const connectType = 1

/**
 * Reads the first packet from the connection itself, before there is a client of the broker: what the broker sets up for each
 * connection was most of what a flood of strangers cost the hub (docs/performance.md 7). Nothing is held beyond the longest CONNECT.
 */
export const introduce = (socket: Duplex, { judge, believed, refused }: IntroductionDeps): void => {
  let bytes: Buffer = Buffer.alloc(0)
  const refuse = ({ refusal, detail, answer }: NotBelieved): void => {
    refused(refusal, detail)
    if (answer === undefined) socket.destroy()
    else socket.end(Buffer.from([0x20, 2, 0, answer]), () => socket.destroy())
  }
  const read = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk])
    const end = endOfConnect(bytes)
    if (typeof end === 'number' && bytes.length < end) return
    socket.off('data', read)
    socket.pause()
    if (typeof end !== 'number') return refuse(end)
    const connect = connectIn(bytes.subarray(0, end))
    const why = 'cmd' in connect ? judge(connect) : connect
    if (why !== null) return refuse(why)
    socket.unshift(bytes)
    believed()
  }
  socket.on('data', read)
}

/** Where the CONNECT ends that begins here, if all of it were here; more than there is while its header is not whole. */
const endOfConnect = (bytes: Buffer): number | NotBelieved => {
  const type = (bytes[0] ?? 0) >> 4
  if (type !== connectType) return { refusal: 'noConnect', detail: `a packet of type ${type}` }
  let length = 0
  for (let at = 1; at <= 4; at += 1) {
    const byte = bytes[at]
    if (byte === undefined) return Infinity
    length += (byte & 0x7f) * 128 ** (at - 1)
    if (byte < 0x80) {
      const tooLong = length > maxConnectBytes
      return tooLong ? { refusal: 'over', detail: `${length} bytes, at most ${maxConnectBytes}` } : at + 1 + length
    }
  }
  return { refusal: 'badLength', detail: 'a fifth length byte' }
}

const connectIn = (bytes: Buffer): IConnectPacket | NotBelieved => {
  const parser = newParser()
  let result: IConnectPacket | NotBelieved = { refusal: 'protocol', detail: 'no CONNECT in it' }
  parser.on('packet', (packet: Packet) => {
    if (packet.cmd === 'connect') result = packet
  })
  parser.on('error', (error: Error) => {
    result = { refusal: 'protocol', detail: error.message }
  })
  parser.parse(bytes)
  return result
}
