import { createServer, type Server, type Socket } from 'node:net'
import { SimulatorError } from '../core/errors.ts'
import type { Wire } from '../core/ports.ts'

/** Above this a client is not reading; what comes is dropped, as a device server does. Bytes. */
const stalledAbove = 64 * 1024

/** A pump behind a serial device server: listens, and serves one client at a time. */
export class TcpPort implements Wire {
  readonly #host: string
  #port: number
  #server: Server | null = null
  #client: Socket | null = null
  #received: (bytes: Uint8Array) => void = () => {}
  #dropped = 0

  private constructor(host: string, port: number) {
    this.#host = host
    this.#port = port
  }

  /** `port` 0 takes a free one and keeps it. Rejects with `SIM_PORT_TAKEN`. */
  static async open(host: string, port: number): Promise<TcpPort> {
    const opened = new TcpPort(host, port)
    await opened.plug()
    return opened
  }

  get address(): string {
    return `tcp://${this.#host}:${this.#port}`
  }

  get plugged(): boolean {
    return this.#server !== null
  }

  get droppedBytes(): number {
    return this.#dropped
  }

  onReceived(listener: (bytes: Uint8Array) => void): void {
    this.#received = listener
  }

  write(bytes: Uint8Array): void {
    if (this.#client === null || this.#client.writableLength > stalledAbove) this.#dropped += bytes.length
    else this.#client.write(bytes)
  }

  async plug(): Promise<void> {
    if (this.#server !== null) return
    const server = createServer((socket) => this.#accept(socket))
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) =>
        reject(new SimulatorError('SIM_PORT_TAKEN', `Cannot listen on ${this.address}: ${cause.message}`, { cause })),
      )
      server.listen(this.#port, this.#host, resolve)
    })
    const address = server.address()
    if (address !== null && typeof address === 'object') this.#port = address.port
    this.#server = server
  }

  async unplug(): Promise<void> {
    const server = this.#server
    if (server === null) return
    this.#server = null
    this.#client?.resetAndDestroy()
    this.#client = null
    await new Promise((resolve) => server.close(resolve))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.unplug()
  }

  #accept(socket: Socket): void {
    socket.on('error', () => {
      // A reset client also closes; nothing more to do.
    })
    if (this.#client !== null) {
      // The words of ser2net to a second client.
      socket.end('Port already in use\r\n')
      return
    }
    socket.setNoDelay(true)
    this.#client = socket
    socket.on('data', (chunk) => this.#received(chunk))
    socket.on('close', () => {
      if (this.#client === socket) this.#client = null
    })
  }
}
