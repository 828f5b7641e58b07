import { createServer as createHttpServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Made } from './certificates.ts'

/** How a service that somebody else runs behaves. */
export type Behaviour =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** Cuts the connection when the request is complete. */
  | 'reset'
  /** Takes the request and never says anything. */
  | 'black hole'
  /** One byte of its answer's head every 50 ms, without end. */
  | 'trickle'
  /** Says 200 and sends 64 MiB. */
  | 'giant answer'
  | 'not HTTP'
  /** A head of 1 MiB. */
  | 'giant head'

export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** A service on loopback that fails in every way, told which. */
export class FailingService implements AsyncDisposable {
  readonly #server: ReturnType<typeof createHttpServer>
  readonly #secure: boolean
  readonly #sockets = new Set<Socket>()
  readonly #timers = new Set<NodeJS.Timeout>()
  behaviour: Behaviour = { status: 201 }
  /** Where a path behaves in a way of its own. */
  readonly behaviourAt = new Map<string, Behaviour>()
  readonly received: Received[] = []
  /** Bytes of answers that were written. */
  written = 0

  private constructor(identity: Made | null) {
    this.#secure = identity !== null
    const listener: RequestListener = (request, response) => this.#take(request, response)
    this.#server =
      identity === null
        ? createHttpServer(listener)
        : createHttpsServer({ cert: identity.certificate, key: identity.key }, listener)
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => this.#sockets.delete(socket))
    })
  }

  static async start(identity: Made | null = null): Promise<FailingService> {
    const service = new FailingService(identity)
    await new Promise<void>((resolve) => service.#server.listen(0, '127.0.0.1', resolve))
    return service
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return this.#secure ? `https://localhost:${this.port}` : `http://127.0.0.1:${this.port}`
  }

  get host(): string {
    return new URL(this.url).host
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('error', () => undefined)
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      this.received.push({ method, path: url, headers, body: Buffer.concat(parts) })
      this.#answer(response, this.behaviourAt.get(url) ?? this.behaviour)
    })
  }

  #answer(response: ServerResponse, behaviour: Behaviour): void {
    const socket = response.socket
    if (typeof behaviour === 'object') {
      response.writeHead(behaviour.status, behaviour.headers).end('{}')
      return
    }
    switch (behaviour) {
      case 'reset':
        socket?.resetAndDestroy()
        return
      case 'black hole':
        return
      case 'not HTTP':
        socket?.end('220 mail.example.org ESMTP\r\n')
        return
      case 'giant head':
        socket?.end(`HTTP/1.1 200 OK\r\nx-long: ${'x'.repeat(1024 * 1024)}\r\n\r\n`)
        return
      case 'trickle': {
        const head = 'HTTP/1.1 200 OK\r\nx-slow: '
        let at = 0
        const timer = setInterval(() => {
          socket?.write(head[at] ?? 'x')
          at += 1
        }, 50)
        this.#timers.add(timer)
        return
      }
      case 'giant answer': {
        response.writeHead(200)
        const chunk = Buffer.alloc(64 * 1024, 'x')
        let left = 1024
        const more = (): void => {
          while (left > 0 && !response.destroyed) {
            left -= 1
            this.written += chunk.length
            if (!response.write(chunk)) {
              response.once('drain', more)
              return
            }
          }
          response.end()
        }
        more()
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }
}
