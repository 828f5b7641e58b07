import { createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { generate, parser } from 'mqtt-packet'
import { onTestFinished } from 'vitest'
import type { Packet } from 'mqtt-packet'
import type { Server, Socket } from 'node:net'
import type { TlsOptions } from 'node:tls'

export interface ScriptedBroker {
  readonly port: number
  /** Every packet that came, in order, over all connections. */
  readonly heard: readonly Packet[]
  readonly connections: () => number
  /** Sends a PUBLISH on the newest connection. */
  readonly publish: (
    topic: string,
    payload: string,
    more?: { qos?: 0 | 1; messageId?: number; retain?: boolean },
  ) => void
  /** Ends the newest connection without a word. */
  readonly drop: () => void
}

export interface Script {
  readonly tls?: TlsOptions
  readonly connackCode?: number
  /** What a subscription is answered, for each filter. */
  readonly granted?: 0 | 1 | 128
  readonly port?: number
}

/** A broker of which a test decides every packet. */
export const scriptedBroker = async ({
  tls,
  connackCode = 0,
  granted = 1,
  port = 0,
}: Script = {}): Promise<ScriptedBroker> => {
  const heard: Packet[] = []
  const sockets: Socket[] = []
  const serve = (socket: Socket): void => {
    sockets.push(socket)
    socket.on('error', () => {})
    const reader = parser({ protocolVersion: 4 })
    reader.on('packet', (packet) => {
      heard.push(packet)
      if (packet.cmd === 'connect')
        socket.write(generate({ cmd: 'connack', returnCode: connackCode, sessionPresent: false }))
      if (packet.cmd === 'subscribe')
        socket.write(
          generate({
            cmd: 'suback',
            messageId: packet.messageId ?? 0,
            granted: packet.subscriptions.map(() => granted),
          }),
        )
      if (packet.cmd === 'pingreq') socket.write(generate({ cmd: 'pingresp' }))
    })
    socket.on('data', (chunk: Buffer) => reader.parse(chunk))
  }
  const server: Server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    heard,
    connections: () => sockets.length,
    publish: (topic, payload, { qos = 1, messageId = 1, retain = false } = {}) =>
      sockets.at(-1)?.write(generate({ cmd: 'publish', topic, payload, qos, messageId, retain, dup: false })),
    drop: () => sockets.at(-1)?.destroy(),
  }
}
