import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { readAct, type Act } from '../core/acts.ts'
import { SimulatorError } from '../core/errors.ts'

export interface Controlled {
  readonly list: () => readonly object[]
  /** Resolves when it is done; false: there is no such pump. */
  readonly act: (pumpId: string, act: Act) => Promise<boolean>
}

const bodyLimit = 4096

/**
 * HTTP on loopback for tests and consoles: `GET /pumps`, `POST /pumps/{id}/act` with `{"act":"occlude","amount":…}`.
 * Refuses browsers of other origins by asking for a JSON content type and a loopback host name.
 */
export class ControlServer implements AsyncDisposable {
  readonly #server: Server
  readonly url: string

  private constructor(server: Server, port: number) {
    this.#server = server
    this.url = `http://127.0.0.1:${port}`
  }

  /** `port` 0 takes a free one. Rejects with `SIM_PORT_TAKEN`. */
  static async listen(port: number, controlled: Controlled): Promise<ControlServer> {
    const server = createServer((request, response) => {
      answer(request, controlled).then(
        ({ status, body }) => send(response, status, body),
        () => send(response, 400, { error: 'the request could not be read' }),
      )
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) =>
        reject(new SimulatorError('SIM_PORT_TAKEN', `Cannot listen on 127.0.0.1:${port}: ${cause.message}`, { cause })),
      )
      server.listen(port, '127.0.0.1', resolve)
    })
    const address = server.address()
    return new ControlServer(server, address !== null && typeof address === 'object' ? address.port : port)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

const send = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(`${JSON.stringify(body)}\n`)
}

const isLoopbackName = (host: string | undefined): boolean =>
  /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host ?? '')

const answer = async (request: IncomingMessage, controlled: Controlled): Promise<Answer> => {
  if (!isLoopbackName(request.headers.host)) return { status: 403, body: { error: 'loopback only' } }
  const path = (request.url ?? '').split('?')[0] ?? ''
  if (request.method === 'GET' && path === '/pumps') return { status: 200, body: { pumps: controlled.list() } }
  const pumpId = /^\/pumps\/([A-Za-z0-9._-]{1,64})\/act$/.exec(path)?.[1]
  if (request.method !== 'POST' || pumpId === undefined)
    return { status: 404, body: { error: 'known: GET /pumps, POST /pumps/{id}/act' } }
  if (!(request.headers['content-type'] ?? '').startsWith('application/json'))
    return { status: 415, body: { error: 'send application/json' } }
  const act = await readBody(request)
  if (typeof act === 'string') return { status: 400, body: { error: act } }
  return (await controlled.act(pumpId, act))
    ? { status: 200, body: { pumpId, ...act } }
    : { status: 404, body: { error: `there is no pump ${pumpId}` } }
}

const readBody = async (request: IncomingMessage): Promise<Act | string> => {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > bodyLimit) return 'the body is too long'
  }
  const body: unknown = JSON.parse(text)
  if (typeof body !== 'object' || body === null || !('act' in body)) return 'send {"act": "…"}'
  return readAct(body.act, 'amount' in body ? body.amount : undefined, 'code' in body ? body.code : undefined)
}
