import { createServer } from 'node:http'
import { pause } from '../core/waiting.ts'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Scheduler } from '#domain/time.ts'

export interface StatusServerOptions {
  readonly host: string
  readonly port: number
  readonly healthy: () => boolean
  /** Everything a person in front of the hub wants to know, as JSON. */
  readonly status: () => Promise<unknown>
  readonly scheduler: Scheduler
  /** Told once per change: null = listening. */
  readonly troubleChanged: (trouble: string | null) => void
}

const relistenMs = 2_000

/** `GET /healthz` and `GET /status` for people and supervisors on this machine. Read only. */
export class StatusServer implements AsyncDisposable {
  readonly #options: StatusServerOptions
  readonly #server: Server

  constructor(options: StatusServerOptions) {
    this.#options = options
    this.#server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
      this.#answer(request, response).catch(() => response.destroy())
    })
  }

  /** The port in use, or null while it does not listen. */
  get port(): number | null {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : null
  }

  /** Listens, and tries again for ever while the port is taken: watching pumps does not depend on this page. */
  async run(signal: AbortSignal): Promise<void> {
    const { scheduler, troubleChanged } = this.#options
    let told: string | null | undefined
    while (!signal.aborted) {
      const trouble = this.#server.listening ? null : await this.#listen()
      if (trouble !== told) troubleChanged(trouble)
      told = trouble
      await pause(scheduler, trouble === null ? 3_600_000 : relistenMs, signal)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  #listen(): Promise<string | null> {
    const { host, port } = this.#options
    return new Promise((resolve) => {
      const failed = (error: Error): void => {
        this.#server.off('listening', listening)
        resolve(
          'code' in error && error.code === 'EADDRINUSE' ? `port ${port} is in use by another program` : error.message,
        )
      }
      const listening = (): void => {
        this.#server.off('error', failed)
        resolve(null)
      }
      this.#server.once('error', failed)
      this.#server.once('listening', listening)
      this.#server.listen(port, host)
    })
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      response.end(`${JSON.stringify(body, null, 2)}\n`)
    }
    if (request.method !== 'GET') return send(405, { title: 'only GET' })
    if (request.url === '/healthz') {
      const healthy = this.#options.healthy()
      return send(healthy ? 200 : 503, { status: healthy ? 'ok' : 'degraded' })
    }
    if (request.url === '/' || request.url === '/status') return send(200, await this.#options.status())
    send(404, { title: 'not here: try /healthz or /status' })
  }
}
