import { createConnection } from 'node:net'
import { tcpReopen } from '../core/backoff.ts'
import { ByteQueue } from '../core/byte-queue.ts'
import { GatewayError, messageOf } from '../core/errors.ts'
import { guardedWrite } from '../core/guarded-write.ts'
import type { Socket } from 'node:net'
import type { Scheduler } from '#domain/time.ts'
import type { Connection, Transport } from '../core/ports.ts'

const connectTimeoutMs = 5_000
const keepAliveMs = 10_000

export interface TcpTransportOptions {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly permits: (bytes: Uint8Array) => boolean
  readonly scheduler: Scheduler
}

/** A pump behind a raw TCP device server (protocols/README.md 8). */
export class TcpTransport implements Transport {
  readonly name: string
  readonly reopen = tcpReopen
  readonly #options: TcpTransportOptions

  constructor(options: TcpTransportOptions) {
    this.name = options.name
    this.#options = options
  }

  async open(signal: AbortSignal): Promise<Connection> {
    const { host, port } = this.#options
    const socket = createConnection({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs })
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const late = setTimeout(() => reject(new Error(`no answer within ${connectTimeoutMs} ms`)), connectTimeoutMs)
    const abort = (): void => reject(new Error('the gateway is stopping'))
    signal.addEventListener('abort', abort, { once: true })
    socket.once('connect', resolve)
    socket.once('error', reject)
    try {
      const connection = new TcpConnection(socket, this.#options)
      await promise
      return connection
    } catch (cause) {
      socket.destroy()
      throw new GatewayError('GW_PORT_MISSING', `${host}:${port} cannot be reached: ${messageOf(cause)}`, { cause })
    } finally {
      clearTimeout(late)
      signal.removeEventListener('abort', abort)
    }
  }
}

const busyText = Buffer.from('Port already in use')
/** IAC WILL, IAC DO, IAC DONT: the device server speaks telnet or RFC 2217. */
const isTelnet = (head: Buffer): boolean => head[0] === 0xff && [0xfb, 0xfd, 0xfe].includes(head[1] ?? 0)

class TcpConnection implements Connection {
  readonly #incoming = new ByteQueue()
  readonly #socket: Socket
  readonly #guard: Pick<TcpTransportOptions, 'permits' | 'scheduler'>
  #head = Buffer.alloc(0)

  constructor(socket: Socket, guard: Pick<TcpTransportOptions, 'permits' | 'scheduler'>) {
    this.#socket = socket
    this.#guard = guard
    socket.on('data', (chunk: Buffer) => this.#received(chunk))
    socket.on('error', (error) => this.#incoming.end(new GatewayError('GW_LINK_LOST', error.message, { cause: error })))
    socket.on('close', () => this.#incoming.end(this.#busy()))
    socket.on('end', () => this.#incoming.end(this.#busy()))
  }

  get incoming(): AsyncIterable<Uint8Array> {
    return this.#incoming
  }

  write(bytes: Uint8Array): Promise<void> {
    return guardedWrite(bytes, { ...this.#guard, send: (allowed, done) => this.#socket.write(allowed, done) })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy()
    this.#incoming.end()
  }

  #received(chunk: Buffer): void {
    if (this.#head.length < busyText.length) {
      this.#head = Buffer.concat([this.#head, chunk.subarray(0, busyText.length)])
      if (isTelnet(this.#head)) {
        this.#incoming.end(
          new GatewayError('GW_PORT_NOT_RAW', 'port speaks telnet/RFC 2217, set it to raw at the device server'),
        )
        this.#socket.destroy()
        return
      }
    }
    this.#incoming.push(chunk)
  }

  /** ser2net tells a second client so in words and closes. */
  #busy(): GatewayError | null {
    return this.#head.subarray(0, busyText.length).equals(busyText)
      ? new GatewayError('GW_PORT_BUSY', 'another client uses this port of the device server')
      : null
  }
}
