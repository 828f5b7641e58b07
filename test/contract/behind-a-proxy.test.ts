import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import type { RequestOptions } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { liveEvents, liveProtocolVersion, LiveUpdate } from '#domain/live/messages.ts'
import { maxBatchBytes } from '#domain/uplink/envelope.ts'
import { DemoAccess } from '#server/adapters/demo-access.ts'
import { Authority } from '#test/support/certificates.ts'
import { enrolHub } from '#test/support/enrolled-hub.ts'
import { eventually } from '#test/support/eventually.ts'
import { freePort } from '#test/support/free-port.ts'
import { Program } from '#test/support/program.ts'
import { startProxy } from '#test/support/reverse-proxy.ts'
import type { ProxyName } from '#test/support/reverse-proxy.ts'
import { findService, missingService, servicesRequired } from '#test/support/services.ts'
import { batch, condition } from '#test/support/uplink-records.ts'
import type { SigningHub } from '#test/support/signing-hub.ts'

// The examples of deploy/proxy as they are, run by the distribution's own programs in front of a real server.

const proxies = ['nginx', 'caddy'] as const satisfies readonly ProxyName[]
const missing = (['openssl', ...proxies] as const).filter((name) => findService(name) === null)
if (missing.length > 0 && servicesRequired()) throw new Error(missing.map(missingService).join('; '))

const folder = mkdtempSync(join(tmpdir(), 'behind-a-proxy-'))
const owned = new AsyncDisposableStack()
const ports = { nginx: 0, caddy: 0 }
let serverPort: number
let authority: Authority
let server: Program
let hub: SigningHub
let nurse: { readonly name: string; readonly password: string }
let seq = 0

beforeAll(async () => {
  if (missing.length > 0) return
  for (const name of proxies) ports[name] = await freePort()
  authority = new Authority(join(folder, 'authority'))
  const certificate = authority.make('proxy')
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir)
  server = owned.use(
    new Program({
      name: 'server',
      args: ['server/main.ts'],
      env: {
        PORT: '0',
        DATA_DIR: dataDir,
        DEMO_ACCOUNTS: '1',
        LOG_LEVEL: 'info',
        PUBLIC_ORIGINS: proxies.map((name) => `https://localhost:${ports[name]}`).join(','),
        TRUSTED_PROXIES: '127.0.0.1',
      },
    }),
  )
  serverPort = Number((await server.says(/"address":"http:\/\/127\.0\.0\.1:(\d+)"/, 120_000))[1])
  for (const name of proxies) {
    const place = {
      folder: join(folder, name),
      port: ports[name],
      plainPort: await freePort(),
      serverPort,
      certificate,
    }
    owned.use(await startProxy(name, place))
  }
  const access = DemoAccess.parse(JSON.parse(readFileSync(join(dataDir, 'demo-access.json'), 'utf8')))
  nurse = access.users.find(({ role }) => role === 'nurse') ?? { name: '', password: '' }
  const { id = '', code = '' } = access.claim ?? {}
  hub = await enrolHub(`http://127.0.0.1:${serverPort}`, id, code)
}, 240_000)
afterAll(async () => {
  await owned.disposeAsync()
  rmSync(folder, { recursive: true, force: true })
})

interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

/** Through that proxy, on a connection of its own. */
const ask = (
  name: ProxyName,
  path: string,
  options: RequestOptions & { readonly body?: string } = {},
): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const { body, ...more } = options
    const asked = request(
      {
        host: '127.0.0.1',
        servername: 'localhost',
        port: ports[name],
        path,
        ca: authority.root,
        agent: false,
        ...more,
      },
      (answer) => {
        let text = ''
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }))
      },
    )
    asked.on('error', reject)
    asked.end(body)
  })

const originOf = (name: ProxyName): string => `https://localhost:${ports[name]}`
const hostOf = (name: ProxyName): string => `localhost:${ports[name]}`

const signIn = (name: ProxyName, origin = originOf(name)): Promise<Reply> =>
  ask(name, '/api/v1/session', {
    method: 'POST',
    headers: { host: hostOf(name), origin, 'content-type': 'application/json' },
    body: JSON.stringify({ name: nurse.name, password: nurse.password }),
  })

/** What the hub says, signed for that proxy's name. */
const say = (name: ProxyName, body: object, options: RequestOptions = {}): Promise<Reply> => {
  const signed = hub.request('/hub/v1/alarm', body, Date.now(), { authority: hostOf(name) })
  const { headers = {}, ...more } = options
  return ask(name, '/hub/v1/alarm', {
    method: 'POST',
    headers: { ...signed.headers, ...Object(headers) },
    body: signed.payload,
    ...more,
  })
}

const socketOf = (name: ProxyName, cookie: string, origin: string): ReturnType<typeof io> => {
  const socket = io(originOf(name), {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    ca: authority.root,
    extraHeaders: { cookie, origin },
  })
  onTestFinished(() => void socket.disconnect())
  return socket
}

describe.skipIf(missing.length > 0).each(proxies)('the server behind the %s of the documentation', (name) => {
  it('is signed in to, hears a hub, and shows its alarm on an open page; a foreign page is shown nothing', async () => {
    expect(await ask(name, '/readyz', { headers: { host: hostOf(name) } })).toMatchObject({
      headers: { 'strict-transport-security': expect.stringMatching(/^max-age=31536000/) as string },
    })
    const signedIn = await signIn(name)
    expect(signedIn).toMatchObject({ status: 200, headers: { 'set-cookie': [expect.stringContaining('; Secure;')] } })
    expect((await signIn(name, 'https://evil.example')).status).toBe(403)

    const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? ''
    let refused = ''
    const foreign = socketOf(name, cookie, 'https://evil.example')
    foreign.on('connect_error', ({ message }) => (refused = message))
    const page = socketOf(name, cookie, originOf(name))
    const told: string[] = []
    page.on(liveEvents.update, (body: unknown) => {
      for (const change of LiveUpdate.parse(body).changes)
        if (change.kind === 'alarm') told.push(String(change.alarm.pumpId))
    })
    await eventually(() => page.connected, { within: 20_000 })
    page.on(liveEvents.snapshot, (_part: unknown, taken: () => void) => taken())
    page.emit(liveEvents.hello, { at: null, build: 'test', protocol: liveProtocolVersion, watch: [] })
    await new Promise((resolve) => page.once('heartbeat', resolve))
    const alarm = condition((seq += 1), { pumpId: `BEHIND-${name}` as never })
    expect(await say(name, batch([alarm]))).toMatchObject({
      status: 200,
      body: expect.stringContaining('stored') as string,
    })
    await eventually(() => told.includes(`BEHIND-${name}`), { within: 20_000 })
    await eventually(() => refused)
    expect(foreign.connected).toBe(false)
  }, 60_000)

  it('is told who called, and nobody can call himself somebody else', async () => {
    const { length } = server.output
    const headers = {
      'x-forwarded-for': '203.0.113.9',
      forwarded: 'for=203.0.113.9',
      'x-real-ip': '203.0.113.9',
      signature: 'hub=:AAAA:',
    }
    const localAddress = name === 'nginx' ? '127.0.0.41' : '127.0.0.42'
    expect((await say(name, batch([condition(1)]), { localAddress, headers })).status).toBe(401)
    const refusals = await eventually(() => {
      const lines = server.output.slice(length).split('\n')
      return lines.find((line) => line.includes('A hub request was refused.'))
    })
    expect(JSON.parse(refusals)).toMatchObject({ address: localAddress })
    expect(server.output).not.toContain('203.0.113.9')
  })

  it('answers for itself what is too large, and ends what is larger by far', async () => {
    const headers = { host: hostOf(name), origin: originOf(name), 'content-type': 'application/json' }
    const body = `{"v":1,"x":"${'x'.repeat(maxBatchBytes)}"}`
    const tooLarge = await say(name, JSON.parse(body) as object)
    expect(tooLarge.status).toBe(413)
    expect(JSON.parse(tooLarge.body)).toMatchObject({ code: expect.any(String) as string })
    const sizes = [65 * 1024, 600 * 1024]
    for (const size of sizes)
      expect(
        await ask(name, '/api/v1/session', { method: 'POST', headers, body: `"${'x'.repeat(size)}"` }),
      ).toMatchObject({ status: 413, headers: { 'content-type': expect.stringContaining('json') as string } })
    const full = condition((seq += 1), { pumpId: `FULL-${name}` as never })
    const filling = { ...batch([full]), ignored: '' }
    filling.ignored = 'x'.repeat(maxBatchBytes - JSON.stringify(filling).length)
    expect((await say(name, filling)).status).toBe(200)
  })

  it('hears hubs over TLS 1.3 alone, and people over 1.2 too', async () => {
    expect((await say(name, batch([condition(1)]), { maxVersion: 'TLSv1.2' })).status).toBe(426)
    const headers = { host: hostOf(name) }
    expect((await ask(name, '/healthz', { headers, maxVersion: 'TLSv1.2' })).status).toBe(200)
    await expect(ask(name, '/healthz', { headers, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })).rejects.toThrow()
  })
})
