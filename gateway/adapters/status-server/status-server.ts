import { createServer } from 'node:http'
import { messageOf } from '../../core/errors.ts'
import { pause } from '../../core/waiting.ts'
import { isOwnHost, isOwnPage } from './same-site.ts'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Scheduler } from '#domain/time.ts'
import type { PlainStatus } from '../../core/plain-view.ts'
import type { PageFile } from './page-files.ts'

export interface StatusServerOptions {
  readonly host: string
  readonly port: number
  /** Names of this machine that the page may be asked under, beside `localhost` and every address. */
  readonly ownNames: readonly string[]
  /** The page, its font and its sounds, by URL path. */
  readonly files: ReadonlyMap<string, PageFile>
  readonly healthy: () => boolean
  /** Everything somebody who repairs the hub wants to know, as JSON. */
  readonly status: () => Promise<unknown>
  /** What the page says in plain words. */
  readonly page: () => PlainStatus
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>
  /** Somebody at the page asked for an audio pause. */
  readonly quiet: () => void
  readonly scheduler: Scheduler
  /** Told once per change: null = listening. */
  readonly troubleChanged: (trouble: string | null) => void
}

const relistenMs = 2_000

/** The status page, and `/healthz`, `/status` and `/metrics` for supervisors and tools. Read only but for the audio pause. */
export class StatusServer implements AsyncDisposable {
  readonly #options: StatusServerOptions
  readonly #server: Server

  constructor(options: StatusServerOptions) {
    this.#options = options
    this.#server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        if (response.headersSent) response.destroy()
        else sendJson(response, 500, { title: messageOf(error) })
      })
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
    const { ownNames, files, healthy, status, page, metrics, quiet } = this.#options
    const { method = '', url = '/' } = request
    const path = url.split('?', 1)[0] ?? '/'
    if (!isOwnHost(request.headers.host, ownNames))
      return sendJson(response, 421, { title: 'not a name of this hub: use its address or its own name' })
    if (path === '/quiet') {
      if (method !== 'POST') return sendJson(response, 405, { title: 'only POST' })
      if (!isOwnPage(request.headers) || request.headers['content-type'] !== 'application/json')
        return sendJson(response, 403, { title: 'only from the status page itself' })
      quiet()
      return sendJson(response, 200, page())
    }
    if (method !== 'GET') return sendJson(response, 405, { title: 'only GET' })
    switch (path) {
      case '/healthz': {
        const isHealthy = healthy()
        return sendJson(response, isHealthy ? 200 : 503, { status: isHealthy ? 'ok' : 'degraded' })
      }
      case '/status':
        return sendJson(response, 200, await status())
      case '/page.json':
        return sendJson(response, 200, page())
      case '/metrics': {
        const { type, text } = await metrics()
        return send(response, 200, type, text)
      }
      default: {
        const file = files.get(path)
        if (file === undefined)
          return sendJson(response, 404, { title: 'not here: try /, /status, /healthz or /metrics' })
        return send(response, 200, file.type, file.body)
      }
    }
  }
}

const policy = [
  "default-src 'none'",
  ...['script', 'style', 'img', 'font', 'connect', 'worker'].map((kind) => `${kind}-src 'self'`),
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types status-page',
].join('; ')

const send = (response: ServerResponse, status: number, type: string, body: string | Uint8Array): void => {
  response.writeHead(status, {
    'content-type': type,
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  })
  response.end(body)
}

const sendJson = (response: ServerResponse, status: number, body: unknown): void =>
  send(response, status, 'application/json', `${JSON.stringify(body, null, 2)}\n`)
