import { connect } from 'node:net'
import { generate, parser } from 'mqtt-packet'
import { onTestFinished } from 'vitest'
import { eventually } from './eventually.ts'
import type { IConnectPacket, Packet } from 'mqtt-packet'

/** An MQTT client that does nothing by itself: a test sends and reads every packet. */
export interface RawClient {
  readonly send: (packet: Packet | Buffer) => void
  /** Every packet that came, in order. */
  readonly heard: readonly Packet[]
  /** Waits for a packet of that kind and gives the newest. */
  readonly hears: (cmd: Packet['cmd']) => Promise<Packet>
  readonly closed: Promise<void>
  readonly isClosed: () => boolean
  /** Ends the TCP connection without a word. */
  readonly drop: () => void
}

export const connectPacket = (clientId: string, more: Partial<IConnectPacket> = {}): Packet => ({
  cmd: 'connect',
  protocolId: 'MQTT',
  protocolVersion: 4,
  clean: true,
  keepalive: 60,
  clientId,
  ...more,
})

/** CONNECT without a client id, which no library writes when the session is to be kept. */
export const namelessConnect = (clean: boolean): Buffer =>
  Buffer.from([0x10, 12, 0, 4, ...Buffer.from('MQTT'), 4, clean ? 2 : 0, 0, 60, 0, 0])

export const rawClient = ({ port }: { readonly port: number }): RawClient => {
  const socket = connect(port, '127.0.0.1')
  const heard: Packet[] = []
  const reader = parser({ protocolVersion: 4 })
  reader.on('packet', (packet) => heard.push(packet))
  socket.on('data', (chunk: Buffer) => reader.parse(chunk))
  socket.on('error', () => {})
  onTestFinished(() => {
    socket.destroy()
  })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  return {
    send: (packet) => socket.write(Buffer.isBuffer(packet) ? packet : generate(packet)),
    heard,
    hears: (cmd) => eventually(() => heard.findLast((packet) => packet.cmd === cmd), { what: `a ${cmd}` }),
    closed,
    isClosed: () => socket.destroyed,
    drop: () => socket.destroy(),
  }
}

/** The same after its CONNACK. */
export const rawConnected = async (
  broker: { readonly port: number },
  clientId: string,
  more: Partial<IConnectPacket> = {},
): Promise<RawClient> => {
  const client = rawClient(broker)
  client.send(connectPacket(clientId, more))
  await client.hears('connack')
  return client
}
