import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { readAct, type Act } from '../core/acts.ts'
import { readFault, type FaultSwitch } from '../core/faults/catalog.ts'
import { SimulatorError } from '../core/errors.ts'

export interface Controlled {
  readonly list: () => readonly object[]
  /** Resolves when it is done; false: there is no such pump. */
  readonly act: (pumpId: string, act: Act) => Promise<boolean>
  /** The same for a fault. */
  readonly fault: (pumpId: string, change: FaultSwitch) => Promise<boolean>
  readonly clock: () => { readonly speed: number; readonly paused: boolean }
  /** Virtual seconds per second. */
  readonly setSpeed: (speed: number) => void
  readonly pause: () => void
  /** Pauses all pumps and moves each by so much virtual time, ms. */
  readonly step: (ms: number) => void
}

const bodyLimit = 4096

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
  if (request.method === 'GET' && path === '/pumps') return ok({ ...controlled.clock(), pumps: controlled.list() })
  if (request.method !== 'POST' || !/^\/(speed|pause|step|pumps\/[A-Za-z0-9._-]{1,64}\/(act|fault))$/.test(path))
    return { status: 404, body: { error: `known: ${known}` } }
  if (!(request.headers['content-type'] ?? '').startsWith('application/json'))
    return { status: 415, body: { error: 'send application/json' } }
  const body = await readBody(request)
  if (body === null) return bad('the body is too long')
  const [, first = '', pumpId = '', what] = path.split('/')
  if (what === 'act') return act(pumpId, body, controlled)
  return what === 'fault' ? fault(pumpId, body, controlled) : time(first, body, controlled)
}

const known = 'GET /pumps, POST /pumps/{id}/act, POST /pumps/{id}/fault, POST /speed, POST /pause, POST /step'

type Body = Readonly<Record<string, unknown>>

const ok = (body: unknown): Answer => ({ status: 200, body })
const bad = (error: string): Answer => ({ status: 400, body: { error } })
const noPump = (pumpId: string): Answer => ({ status: 404, body: { error: `there is no pump ${pumpId}` } })

const act = async (pumpId: string, body: Body, controlled: Controlled): Promise<Answer> => {
  if (!('act' in body)) return bad('send {"act": "…"}')
  const wanted = readAct(body['act'], body['amount'], body['code'])
  if (typeof wanted === 'string') return bad(wanted)
  return (await controlled.act(pumpId, wanted)) ? ok({ pumpId, ...wanted }) : noPump(pumpId)
}

const fault = async (pumpId: string, body: Body, controlled: Controlled): Promise<Answer> => {
  const { fault: name, on, amount, way } = body
  const change = readFault({ fault: name, on, amount, way })
  if (typeof change === 'string') return bad(change)
  return (await controlled.fault(pumpId, change)) ? ok({ pumpId, ...change }) : noPump(pumpId)
}

const longestStepMs = 3_600_000

const within = (value: unknown, low: number, high: number): value is number =>
  typeof value === 'number' && value >= low && value <= high

const time = (what: string, { speed, ms }: Body, controlled: Controlled): Answer => {
  if (what === 'speed') {
    if (!within(speed, 0.1, 1000)) return bad('speed must be a number from 0.1 to 1000')
    controlled.setSpeed(speed)
  } else if (what === 'step') {
    if (!within(ms, 1, longestStepMs)) return bad(`ms must be a number from 1 to ${longestStepMs}`)
    controlled.step(ms)
  } else controlled.pause()
  return ok(controlled.clock())
}

/** null: it is too long. Nothing at all is an empty object. */
const readBody = async (request: IncomingMessage): Promise<Body | null> => {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > bodyLimit) return null
  }
  const body: unknown = text === '' ? {} : JSON.parse(text)
  return typeof body === 'object' && body !== null ? { ...body } : {}
}
