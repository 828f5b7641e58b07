import type { Socket } from 'socket.io'

type Connection = Socket['conn']

interface Backlog {
  readonly packets: number
  readonly bytes: number
}

// engine.io keeps packets here while its transport is busy, and does not publish the type.
const queued = (connection: Connection): readonly unknown[] => {
  const buffer: unknown = Reflect.get(connection, 'writeBuffer')
  return Array.isArray(buffer) ? buffer : []
}

const sizeOf = (packet: unknown): number => {
  const data: unknown = typeof packet === 'object' && packet !== null ? Reflect.get(packet, 'data') : null
  return typeof data === 'string' ? data.length : 0
}

const webSocket = (connection: Connection): object | null => {
  const socket: unknown = Reflect.get(connection.transport, 'socket')
  return typeof socket === 'object' && socket !== null ? socket : null
}

/** What `ws` has taken but the kernel has not. */
const unsent = (connection: Connection): number => {
  const socket = webSocket(connection)
  const amount: unknown = socket === null ? 0 : Reflect.get(socket, 'bufferedAmount')
  return typeof amount === 'number' ? amount : 0
}

/** How much is waiting in this process for one client. */
export const waitingOn = (connection: Connection): Backlog => {
  const packets = queued(connection)
  return { packets: packets.length, bytes: unsent(connection) + packets.reduce((sum: number, p) => sum + sizeOf(p), 0) }
}

/** Ends a connection now. A polite close waits for what is queued and for the peer, who may never read again. */
export const cutOff = (connection: Connection): void => {
  const socket = webSocket(connection)
  const terminate: unknown = socket === null ? null : Reflect.get(socket, 'terminate')
  connection.close(true)
  if (typeof terminate === 'function') Reflect.apply(terminate, socket, [])
}
