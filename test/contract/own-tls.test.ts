import { createPrivateKey } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import type { ConnectionOptions, TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { CertificateWatch } from '#server/adapters/tls/certificate-watch.ts'
import { readCertificate } from '#server/adapters/tls/read-certificate.ts'
import { DemoAccess } from '#server/adapters/demo-access.ts'
import { Authority } from '#test/support/certificates.ts'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import { Program } from '#test/support/program.ts'
import type { Made } from '#test/support/certificates.ts'

const dayMs = 86_400_000
let folder: string
let authority: Authority
let good: Made
const certFile = (): string => join(folder, 'cert.pem')
const keyFile = (): string => join(folder, 'key.pem')

const encrypted = (key: string): string =>
  createPrivateKey(key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'known' }).toString()

const install = (certificate: string, key: string): void => {
  writeFileSync(certFile(), certificate)
  writeFileSync(keyFile(), key, { mode: 0o600 })
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'own-tls-'))
  authority = new Authority(join(folder, 'authority'))
  good = authority.make('good', { names: 'DNS:localhost,IP:127.0.0.1' })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

/** With a connection of its own. */
const ask = (
  port: number,
  path: string,
  {
    method = 'GET',
    headers = {},
    body,
    ...tls
  }: ConnectionOptions & { method?: string; headers?: object; body?: string } = {},
): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const ca = authority.root
    const options = { host: 'localhost', port, path, method, headers: { ...headers }, ca, agent: false, ...tls }
    const asked = request(options, (answer) => {
      let text = ''
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }))
    })
    asked.on('error', reject)
    asked.end(body)
  })

const handshake = (port: number, options: ConnectionOptions): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: 'localhost', port, ca: authority.root, servername: 'localhost', ...options })
    onTestFinished(() => void socket.destroy())
    socket.once('error', reject)
    socket.once('secureConnect', () => resolve(socket))
  })

const shownTo = async (port: number): Promise<string> =>
  (await handshake(port, {})).getPeerX509Certificate()?.subject ?? ''

const start = async (env: Readonly<Record<string, string>> = {}): Promise<{ program: Program; dir: string }> => {
  const dir = mkdtempSync(join(folder, 'data-'))
  const program = new Program({
    name: 'server',
    args: ['server/main.ts'],
    env: { PORT: '0', DATA_DIR: dir, LOG_LEVEL: 'info', TLS_CERT_FILE: certFile(), TLS_KEY_FILE: keyFile(), ...env },
  })
  onTestFinished(() => program[Symbol.asyncDispose]())
  return { program, dir }
}
const portOf = async (program: Program): Promise<number> =>
  Number((await program.says(/"address":"https:\/\/127\.0\.0\.1:(\d+)"/))[1])

describe('a server that speaks TLS itself', () => {
  it('serves people and hubs, changes its certificate without a stop, and says what is wrong with a new one', async () => {
    install(good.certificate, good.key)
    const { program, dir } = await start({ DEMO_ACCOUNTS: '1', METRICS_PORT: '0' })
    const port = await portOf(program)
    const origin = `https://localhost:${port}`

    const page = await ask(port, '/api/openapi.json')
    expect(page).toMatchObject({
      status: 200,
      headers: { 'strict-transport-security': expect.stringMatching(/^max-age=31536000/) },
    })
    expect(page.headers['content-security-policy']).toContain(`connect-src 'self' wss://localhost:${port}`)

    const { users } = DemoAccess.parse(JSON.parse(readFileSync(join(dir, 'demo-access.json'), 'utf8')))
    const { name, password } = users.find(({ role }) => role === 'nurse') ?? { name: '', password: '' }
    const signedIn = await ask(port, '/api/v1/session', {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: JSON.stringify({ name, password }),
    })
    expect(signedIn).toMatchObject({ status: 200, headers: { 'set-cookie': [expect.stringContaining('; Secure;')] } })
    const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? ''

    // 1.2 with forward secrecy and authenticated encryption for old browsers, nothing older or weaker, 1.3 for hubs.
    expect((await handshake(port, {})).getProtocol()).toBe('TLSv1.3')
    expect((await handshake(port, { maxVersion: 'TLSv1.2' })).getCipher()).toMatchObject({
      version: 'TLSv1.2',
      name: expect.stringMatching(/^ECDHE-.*(GCM|CHACHA20)/),
    })
    for (const weak of [
      { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' },
      { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256' },
      { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' },
    ] as const)
      await expect(handshake(port, weak), JSON.stringify(weak)).rejects.toThrow(/alert|handshake|protocol|cipher/i)
    expect((await ask(port, '/hub/v1/time')).status).toBe(200)
    expect(await ask(port, '/hub/v1/time', { maxVersion: 'TLSv1.2' })).toMatchObject({
      status: 426,
      body: expect.stringContaining('tls_too_old'),
    })
    const first = await handshake(port, {})
    const session = await new Promise<Buffer>((resolve) => void first.once('session', resolve))
    expect((await handshake(port, { session })).isSessionReused()).toBe(false)

    const [, metricsPort] = await program.says(/"port":(\d+),"msg":"metrics are served"/)
    const figures = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
    expect(figures).toMatch(/^infusion_watch_server_tls_certificate_end_timestamp_seconds \d{10}$/m)

    // Renewed: a signal is enough, and nobody is thrown out.
    const renewed = authority.make('renewed')
    install(renewed.certificate, renewed.key)
    program.child.kill('SIGHUP')
    await eventuallyPasses(async () => expect(await shownTo(port)).toBe('CN=renewed'))
    expect(first.destroyed).toBe(false)

    // The key of another certificate: the old one goes on, and an alarm says so.
    install(good.certificate, renewed.key)
    program.child.kill('SIGHUP')
    await program.says(/"problem":"the key in TLS_KEY_FILE [^"]* does not belong to the certificate/)
    expect(await shownTo(port)).toBe('CN=renewed')
    const alarms = async (): Promise<string> =>
      (await ask(port, '/api/v1/alarms?state=open', { headers: { cookie } })).body
    await eventually(async () => (await alarms()).includes('a new TLS certificate cannot be used'), { within: 60_000 })
    install(good.certificate, good.key)
    program.child.kill('SIGHUP')
    await eventuallyPasses(async () => expect(await shownTo(port)).toBe('CN=good'))
  }, 180_000)

  it('with a certificate that has ended is up all the same, and says so: silence would page nobody', async () => {
    const ended = authority.make('ended', { from: Date.now() - 90 * dayMs, to: Date.now() - dayMs })
    install(ended.certificate, ended.key)
    const { program } = await start({ PUBLIC_ORIGINS: 'https://watch.example' })
    const port = await portOf(program)
    expect(program.output).toMatch(/"level":"error"[^\n]*the server's TLS certificate ended on/)
    expect(program.output).toMatch(
      /"origin":"https:\/\/watch\.example","msg":"the TLS certificate is not for this origin/,
    )
    await expect(ask(port, '/healthz')).rejects.toMatchObject({ code: 'CERT_HAS_EXPIRED' })
  }, 180_000)

  it('says in one line what is wrong with its files, and ends with 1', async () => {
    install(good.certificate, good.key)
    const { program } = await start({ TLS_KEY_FILE: join(folder, 'nowhere.pem') })
    expect(await program.ended()).toBe(1)
    expect(program.output.trim()).toBe(
      `TLS cannot be spoken: TLS_KEY_FILE ${join(folder, 'nowhere.pem')} is not there.`,
    )
  }, 120_000)
})

const problemOf = async (): Promise<string> => {
  const read = await readCertificate({ certFile: certFile(), keyFile: keyFile() })
  return read.ok ? 'none' : read.problem
}

describe('files of a certificate', () => {
  it('are each named with what is wrong and what to do', async () => {
    install(good.certificate, good.key)
    expect(await problemOf()).toBe('none')
    install(good.certificate, authority.make('other').key)
    expect(await problemOf()).toMatch(
      /^the key in TLS_KEY_FILE .* does not belong to the certificate in TLS_CERT_FILE /,
    )
    install('nonsense', good.key)
    expect(await problemOf()).toMatch(/^TLS_CERT_FILE .* holds no certificate in PEM/)
    install(good.certificate, 'nonsense')
    expect(await problemOf()).toMatch(/^TLS_KEY_FILE .* holds no private key in PEM/)
    install(good.certificate, encrypted(good.key))
    expect(await problemOf()).toMatch(/^TLS_KEY_FILE .* is encrypted; give a key without a passphrase/)
    unlinkSync(certFile())
    expect(await problemOf()).toMatch(/^TLS_CERT_FILE .* is not there$/)
  })

  it('are judged with the shortest life of the chain, and by the names of the first', async () => {
    authority.make('between', { authority: true, to: Date.now() + 3 * dayMs })
    const below = authority.make('below', { signedBy: 'between', names: 'DNS:watch.example,IP:127.0.0.1' })
    install(below.certificate, below.key)
    const read = await readCertificate({ certFile: certFile(), keyFile: keyFile() })
    if (!read.ok) throw new Error(read.problem)
    expect(read.certificate.validTo).toBeLessThan(Date.now() + 4 * dayMs)
    expect(['watch.example', '127.0.0.1', 'localhost'].map((host) => read.certificate.covers(host))).toEqual([
      true,
      true,
      false,
    ])
  })
})

const note = (): void => {}

const following = async () => {
  install(good.certificate, good.key)
  const read = await readCertificate({ certFile: certFile(), keyFile: keyFile() })
  if (!read.ok) throw new Error(read.problem)
  const clock = new ManualClock(Date.now())
  const served: string[] = []
  const said: string[] = []
  const watch = new CertificateWatch({
    files: { certFile: certFile(), keyFile: keyFile() },
    first: read.certificate,
    serve: ({ cert }) => void served.push(cert),
    clock,
    scheduler: clock,
    log: { debug: note, info: note, warn: note, error: (facts) => void said.push(JSON.stringify(facts)) },
  })
  watch.start()
  onTestFinished(() => watch[Symbol.asyncDispose]())
  const minute = async (): Promise<void> => {
    clock.advance(60_000)
    // The next look is due as soon as this one is over.
    await eventually(() => clock.pending > 0)
  }
  return { watch, served, said, minute }
}

describe('following the files', () => {
  it('takes a new pair within a minute, and never tells of the moment between its two files', async () => {
    const { watch, served, said, minute } = await following()
    const next = authority.make('next')
    await minute()
    expect(served).toEqual([])
    writeFileSync(certFile(), next.certificate)
    await minute()
    writeFileSync(keyFile(), next.key)
    await minute()
    expect(served).toEqual([next.certificate])
    expect([said, watch.state.problem]).toEqual([[], null])
  })

  it('tells once what stays wrong, and never takes a certificate that has ended for one that has not', async () => {
    const { watch, served, said, minute } = await following()
    const ended = authority.make('past', { from: Date.now() - 3 * dayMs, to: Date.now() - dayMs })
    install(ended.certificate, ended.key)
    for (let n = 0; n < 4; n += 1) await minute()
    expect(said).toHaveLength(1)
    expect(watch.state.problem).toMatch(/^it ended on /)
    expect(served).toEqual([])
    install(good.certificate, good.key)
    await minute()
    expect(watch.state.problem).toBeNull()
  })
})
