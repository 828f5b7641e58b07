import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Answer, Answering } from '../core/control.ts'
import { SimulatorError } from '../core/errors.ts'
import { LiveLines } from '../core/live-lines.ts'

/** A claim for each of a hundred hubs. */
const bodyLimit = 16_384

/**
 * HTTP on loopback for tests and consoles: docs/simulators.md, "The control port".
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
  static async listen(port: number, answering: Answering): Promise<ControlServer> {
    const server = createServer((request, response) => {
      answer(request, answering).then(
        (given) => send(response, given),
        () => send(response, { status: 400, body: { error: 'the request could not be read' } }),
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

const send = (response: ServerResponse, answer: Answer): void => {
  if ('lines' in answer) return stream(response, answer)
  const [type, text] =
    'text' in answer ? [answer.type, answer.text] : ['application/json', `${JSON.stringify(answer.body)}\n`]
  response.writeHead(answer.status, { 'content-type': type, 'cache-control': 'no-store' })
  response.end(text)
}

/** Goes on until the reader leaves. */
const stream = (response: ServerResponse, { status, lines }: Extract<Answer, { lines: unknown }>): void => {
  response.writeHead(status, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' })
  const live = new LiveLines((text) => response.write(text))
  const leave = lines((line) => live.push(line))
  response.on('drain', () => live.drained())
  response.on('error', () => {})
  response.on('close', leave)
  if (response.closed) leave()
}

const isLoopbackName = (host: string | undefined): boolean =>
  /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host ?? '')

const answer = async (request: IncomingMessage, answering: Answering): Promise<Answer> => {
  if (!isLoopbackName(request.headers.host)) return { status: 403, body: { error: 'loopback only' } }
  const path = (request.url ?? '').split('?')[0] ?? ''
  const isPost = request.method === 'POST'
  if (isPost && !(request.headers['content-type'] ?? '').startsWith('application/json'))
    return { status: 415, body: { error: 'send application/json' } }
  const body = isPost ? await readBody(request) : {}
  if (body === null) return { status: 400, body: { error: 'the body is too long' } }
  return answering({ method: request.method ?? '', path, body })
}

/** null: it is too long. Nothing at all is an empty object. */
const readBody = async (request: IncomingMessage): Promise<Readonly<Record<string, unknown>> | null> => {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > bodyLimit) return null
  }
  const body: unknown = text === '' ? {} : JSON.parse(text)
  return typeof body === 'object' && body !== null ? { ...body } : {}
}
