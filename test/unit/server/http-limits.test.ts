import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { maxBatchBytes } from '#domain/uplink/envelope.ts'
import { deepestJson, isDeeperThan } from '#server/http/json-depth.ts'
import { openHubBench } from '#test/support/hub-bench.ts'
import { openServerBench, pump1, pumpReport, testOrigin } from '#test/support/server-bench.ts'
import type { ShedLane } from '#server/core/pressure/shedding.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

let bench: ServerBench
let app: ServerBench['app']
const shed = new Set<ShedLane>()
let cookie: string

beforeAll(async () => {
  bench = await openServerBench()
  bench.heartbeat([pumpReport(pump1)])
  app = await bench.appWithPeople([], {
    shedding: { sheds: (lane) => (shed.has(lane) ? 'event-loop' : null) },
  })
  await app.ready()
  cookie = await bench.signIn('nurse')
})
afterAll(async () => {
  await app.close()
  await bench.close()
})

const signInWith = (payload: string) =>
  app.inject({
    method: 'POST',
    url: '/api/v1/session',
    headers: { 'content-type': 'application/json', origin: testOrigin },
    payload,
  })
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`

/** The table of security.md 6, row by row, as the running server has it. */
describe('the limits of the HTTP server', () => {
  it('on time, headers, requests and poisoned JSON are those of the table', () => {
    const { server, initialConfig } = app
    expect({
      requestTimeout: server.requestTimeout,
      headersTimeout: server.headersTimeout,
      maxRequestsPerSocket: server.maxRequestsPerSocket,
      bodyLimit: initialConfig.bodyLimit,
      onProtoPoisoning: initialConfig.onProtoPoisoning,
      onConstructorPoisoning: initialConfig.onConstructorPoisoning,
    }).toEqual({
      requestTimeout: 10_000,
      headersTimeout: 5_000,
      maxRequestsPerSocket: 1_000,
      bodyLimit: 64 * 1024,
      onProtoPoisoning: 'error',
      onConstructorPoisoning: 'error',
    })
    // Node keeps these two where its types do not say.
    expect(Reflect.get(server, 'connectionsCheckingInterval')).toBe(5_000)
    expect(Reflect.get(server, 'maxHeaderSize')).toBe(16 * 1024)
  })

  it.each([
    ['/hub/v1/alarm', maxBatchBytes],
    ['/hub/v1/telemetry', maxBatchBytes],
    ['/hub/v1/heartbeat', maxBatchBytes],
    ['/hub/v1/enrol', 4 * 1024],
    ['/hub/v1/enrol-nonce', 4 * 1024],
    ['/api/v1/session', 64 * 1024],
  ])('%s takes a body of %d bytes and no more', async (url, most) => {
    const whole = url.startsWith('/hub/') ? (await openHubBench()).app : app
    const send = (bytes: number) =>
      whole.inject({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json', origin: testOrigin },
        payload: `"${'x'.repeat(bytes - 2)}"`,
      })
    expect((await send(most + 1)).statusCode).toBe(413)
    expect((await send(most)).statusCode).not.toBe(413)
  })

  it('on how deep a body is refuse it before it is parsed, and take what is written inside of a text for none', async () => {
    for (const body of [nested(30_000), `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, '['.repeat(64_000)])
      expect((await signInWith(body)).json()).toMatchObject({ status: 400, code: 'invalid_request' })
    expect(isDeeperThan(deepestJson, nested(deepestJson))).toBe(false)
    expect(isDeeperThan(deepestJson, nested(deepestJson + 1))).toBe(true)
    expect(isDeeperThan(deepestJson, '[]'.repeat(1_000))).toBe(false)
    const quoted = JSON.stringify({ name: `"\\${'['.repeat(40)}`, password: `${'{'.repeat(40)}\\` })
    expect(isDeeperThan(deepestJson, quoted)).toBe(false)
    expect((await signInWith(quoted)).json()).toMatchObject({ status: 401, code: 'sign_in_failed' })
  })

  it('on bodies and questions are in the schema: closed objects, bounded texts and lists, bounded numbers', async () => {
    const { paths } = (await app.inject('/api/openapi.json')).json<{ paths: object }>()
    const open = { name: 'q', schema: { type: 'object', properties: { text: { type: 'string' } } } }
    expect(looseIn({ '/api/v1/open': { get: { parameters: [open] } } }).found).toEqual([
      'GET /api/v1/open q: open object',
      'GET /api/v1/open q.text: text without an end',
    ])
    const loose = looseIn(paths)
    expect(loose.seen).toBeGreaterThan(60)
    expect(loose.found).toEqual([])
  })
})

const ask = (url: string) => app.inject({ url, headers: { cookie } })

describe('too much to do', () => {
  const looksBack = [
    '/api/v1/pumps/P-1/history?from=0&to=9',
    '/api/v1/analytics?from=0&to=9',
    '/api/v1/pumps/P-1/completeness',
  ]

  it('turns looks back away with a time to come back, and nothing that a nurse needs now', async () => {
    shed.add('reads')
    for (const url of looksBack) {
      const answer = await ask(url)
      expect([url, answer.statusCode, answer.headers['retry-after']]).toEqual([url, 503, '2'])
      expect(answer.json()).toMatchObject({ code: 'unavailable' })
    }
    for (const url of ['/api/v1/pumps', '/api/v1/alarms?state=open', '/api/v1/me', '/healthz'])
      expect((await ask(url)).statusCode, url).toBe(200)
    shed.clear()
    for (const url of looksBack) expect((await ask(url)).statusCode, url).not.toBe(503)
  })
})

interface Loose {
  readonly found: string[]
  seen: number
}

/** What of a request could be as long, as large or as unknown as its sender likes. */
const looseIn = (paths: object): Loose => {
  const loose: Loose = { found: [], seen: 0 }
  for (const [path, methods] of Object.entries(paths))
    for (const [method, route] of Object.entries(methods as Readonly<Record<string, Route>>)) {
      if (!path.startsWith('/api/')) continue
      const about = `${method.toUpperCase()} ${path}`
      look(route.requestBody?.content['application/json']?.schema, `${about} body`, loose)
      for (const { name, schema } of route.parameters ?? []) look(schema, `${about} ${name}`, loose)
    }
  return loose
}

interface Schema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: unknown
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly maxLength?: number
  readonly maxItems?: number
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly pattern?: string
  readonly maximum?: number
  readonly exclusiveMaximum?: number
}
interface Route {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly parameters?: readonly { readonly name: string; readonly schema: Schema }[]
}

const look = (schema: Schema | undefined, at: string, loose: Loose): void => {
  if (schema === undefined) return
  loose.seen += 1
  const complain = (what: string): void => void loose.found.push(`${at}: ${what}`)
  const isClosed = schema.enum !== undefined || schema.const !== undefined
  if (schema.type === 'object' && schema.additionalProperties !== false) complain('open object')
  if (schema.type === 'string' && !isClosed && schema.maxLength === undefined && schema.pattern === undefined)
    complain('text without an end')
  if (schema.type === 'array' && schema.maxItems === undefined) complain('list without an end')
  if (schema.type === 'number' && schema.maximum === undefined && schema.exclusiveMaximum === undefined)
    complain('number without an end')
  for (const [name, one] of Object.entries(schema.properties ?? {})) look(one, `${at}.${name}`, loose)
  look(schema.items, `${at}[]`, loose)
  for (const one of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]) look(one, at, loose)
}
