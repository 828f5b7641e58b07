import { spawn, spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer as createHttp } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { stringify } from 'yaml'
import { schema } from '#gateway/adapters/sqlite-outbox/sql.ts'
import { PtyPort } from '#simulators/adapters/pty.ts'
import { repository } from '#test/support/program.ts'
import type { Server as HttpServer } from 'node:http'
import type { Server } from 'node:net'
import type { Finding } from '#gateway/core/finding.ts'

// The doctor as a process of its own, against real ports, disks, clocks and servers in bad shape.

const works = (command: string, ...args: readonly string[]): boolean => spawnSync(command, args).status === 0
const isRoot = process.getuid?.() === 0
const nobody = 65_534

const folderForTest = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'doctor-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

interface Call {
  readonly config?: Record<string, unknown>
  readonly args?: readonly string[]
  readonly uid?: number
  /** Started through this program. */
  readonly through?: readonly string[]
}

const doctor = async (folder: string, { config = {}, args = [], uid, through = [] }: Call = {}) => {
  const path = join(folder, 'gateway.yaml')
  const whole = {
    name: 'hub-1',
    server: { url: 'http://127.0.0.1:1' },
    dataDir: join(folder, 'data'),
    statusPort: 0,
    mqtt: { port: 0 },
    ...config,
  }
  await writeFile(path, stringify(whole))
  const [command, ...rest] = [...through, process.execPath, 'gateway/main.ts', 'doctor', '--config', path, '--json']
  const child = spawn(command, [...rest, ...args], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const code = await new Promise((resolve) => child.once('close', resolve))
  const findings = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Finding)
  const of = (check: string) => findings.filter((finding) => finding.check === check)
  return { code, stderr, findings, of }
}

const listening = async (server: Server | HttpServer): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

const bed = (url: string) => ({ ports: [{ name: 'bed-1', url, protocol: 'ip1' }] })

describe('the doctor', () => {
  it('tells every problem of a configuration, and what can be judged without it', async () => {
    const config = { name: '', ports: [{ name: 'a', url: 'usb:3', protocol: 'ip1' }] }
    const { code, of } = await doctor(await folderForTest(), { config })
    expect(code).toBe(1)
    expect(of('configuration').map(({ text }) => text.split(':')[0])).toEqual(['name', 'ports.0.url'])
    expect(of('node')).toHaveLength(1)
  })

  it('ends with 2 when it is used wrongly', async () => {
    const folder = await folderForTest()
    expect((await doctor(folder, { args: ['--listen', '0'] })).code).toBe(2)
    expect((await doctor(folder, { args: ['--only', 'weather'] })).code).toBe(2)
    expect((await doctor(folder, { args: ['--nonsense'] })).code).toBe(2)
  })
})

describe('the doctor at a port', () => {
  it('finds one that is not there', async () => {
    const { code, of } = await doctor(await folderForTest(), { config: bed('serial:/dev/ttyNOBODY') })
    expect(code).toBe(1)
    expect(of('port bed-1')).toMatchObject([{ level: 'fail', text: '/dev/ttyNOBODY is not there' }])
  })

  it.skipIf(!isRoot)('finds one this user may not use (needs root)', async () => {
    const folder = await folderForTest()
    const pty = await PtyPort.open(join(folder, 'pump'))
    onTestFinished(() => pty[Symbol.asyncDispose]())
    await chmod(pty.address, 0o600)
    await chmod(folder, 0o755)
    const { of } = await doctor(folder, { config: bed(`serial:${pty.address}`), uid: nobody })
    expect(of('port bed-1')).toMatchObject([{ level: 'fail', next: expect.stringContaining('dialout') }])
    expect(of('user')[0]?.text).toContain('is not in the group dialout')
  })

  it('finds the program that has it, and is content when it is free', async () => {
    const folder = await folderForTest()
    const pty = await PtyPort.open(join(folder, 'pump'))
    onTestFinished(() => pty[Symbol.asyncDispose]())
    // This process keeps its pseudo-terminal open itself.
    expect((await doctor(folder, { config: bed(`serial:${pty.address}`) })).of('port bed-1')).toMatchObject([
      { level: 'fail', text: expect.stringContaining(`in use by node (process ${process.pid})`) },
    ])
    // A device that nobody has open.
    expect((await doctor(folder, { config: bed('serial:/dev/full') })).of('port bed-1')).toMatchObject([
      { level: 'ok' },
    ])
  })

  it.skipIf(!isRoot)('advises a stable name where a short one is used (needs root)', async () => {
    const folder = await folderForTest()
    const short = `/dev/ttyUSB${process.pid}`
    await symlink('/dev/full', short)
    onTestFinished(() => rm(short, { force: true }))
    const { of } = await doctor(folder, { config: bed(`serial:${short}`) })
    expect(of('port bed-1')).toMatchObject([
      { level: 'warn', text: expect.stringContaining('may be another adapter after the next plugging') },
    ])
  })

  it('tells a device server that is away, busy or not raw', async () => {
    const folder = await folderForTest()
    const says = (greeting: string | Buffer) => listening(createServer((socket) => socket.end(greeting)))
    const cases: readonly (readonly [number, string])[] = [
      [1, 'cannot be reached'],
      [await says('Port already in use\r\n'), 'in use by another client'],
      [await says(Buffer.from([0xff, 0xfb, 0x2c])), 'speaks telnet or RFC 2217'],
    ]
    for (const [port, words] of cases)
      expect((await doctor(folder, { config: bed(`tcp://127.0.0.1:${port}`) })).of('port bed-1')).toMatchObject([
        { level: 'fail', text: expect.stringContaining(words) },
      ])
    const quiet = await listening(createServer(() => {}))
    expect((await doctor(folder, { config: bed(`tcp://127.0.0.1:${quiet}`) })).of('port bed-1')).toMatchObject([
      { level: 'ok' },
    ])
  })

  it('listens when it is asked to, names the protocol it hears, and writes nothing', async () => {
    const folder = await folderForTest()
    const pty = await PtyPort.open(join(folder, 'pump'))
    onTestFinished(() => pty[Symbol.asyncDispose]())
    let written = 0
    pty.onReceived((bytes) => (written += bytes.byteLength))
    // docs: ip1.md 5
    const hello = '$IP1,HI,0000,7F3A,PUMP-0001,Acme,AP100,1.4.2,1000,AL+AK+LG+DEMO*4B89\r\n'
    const speaking = setInterval(() => pty.write(Buffer.from(hello)), 100)
    onTestFinished(() => clearInterval(speaking))
    const ports = [{ name: 'bed-1', url: `serial:${pty.address}`, protocol: 'alaris-acp' }]
    const wrong = await doctor(folder, { config: { ports }, args: ['--listen', '2'] })
    expect(wrong.of('port bed-1').at(-1)).toMatchObject({
      level: 'fail',
      next: expect.stringContaining('protocol: ip1'),
    })
    const right = await doctor(folder, { config: bed(`serial:${pty.address}`), args: ['--listen', '2'] })
    expect(right.of('port bed-1').at(-1)).toMatchObject({ level: 'ok', text: expect.stringContaining('frames of ip1') })
    expect(written).toBe(0)
  })
})

describe('the doctor at the disk', () => {
  it('measures synced writes and leaves nothing behind', async () => {
    const folder = await folderForTest()
    await mkdir(join(folder, 'data'), { mode: 0o700 })
    const { of } = await doctor(folder)
    expect(
      of('data folder')
        .map(({ text }) => text)
        .join('\n'),
    ).toMatch(/MiB are free[\s\S]*synced writes took/)
    expect(await readdir(join(folder, 'data'))).toEqual([])
  })

  it.skipIf(!isRoot)('finds a full disk, and one in memory (needs root and tmpfs)', async ({ skip }) => {
    const folder = await folderForTest()
    const data = join(folder, 'data')
    await mkdir(data, { mode: 0o700 })
    if (!works('mount', '-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', data)) skip('no tmpfs can be mounted here')
    onTestFinished(() => {
      spawnSync('umount', [data])
    })
    await writeFile(join(data, 'filler'), Buffer.alloc(1024 * 1024)).catch(() => {})
    const { code, of } = await doctor(folder)
    expect(code).toBe(1)
    const texts = of('data folder')
      .filter(({ level }) => level === 'fail')
      .map(({ text }) => text)
    expect(texts.join('\n')).toMatch(/in memory[\s\S]*0 MiB are free[\s\S]*cannot be written: ENOSPC/)
  })

  it.skipIf(!isRoot)('finds a folder of somebody else, and a key that others may read (needs root)', async () => {
    const folder = await folderForTest()
    const identity = join(folder, 'data', 'identity')
    await mkdir(identity, { recursive: true, mode: 0o700 })
    await writeFile(join(identity, 'hub-key.pem'), '', { mode: 0o644 })
    await chmod(folder, 0o755)
    expect((await doctor(folder, { uid: nobody })).of('data folder')).toMatchObject([
      { level: 'fail', text: expect.stringContaining('this user may not use') },
    ])
    const pairing = (await doctor(folder)).of('pairing').map(({ text }) => text)
    expect(pairing).toEqual(['the key may be read by others', 'NOT PAIRED: nothing reaches a nurse'])
  })
})

describe('the doctor at the outbox', () => {
  it('counts what waits and is aside, and refuses a file of a newer format', async () => {
    const folder = await folderForTest()
    const outbox = join(folder, 'data', 'outbox')
    await mkdir(outbox, { recursive: true, mode: 0o700 })
    using database = new DatabaseSync(join(outbox, 'alarm.db'))
    database.exec(`PRAGMA journal_mode = WAL; ${schema}`)
    database.exec("INSERT INTO quarantine (seq, kind, reason) VALUES (1, 'condition', 'crc')")
    await writeFile(join(outbox, 'telemetry.damaged-boot-1.db'), 'x')
    const before = await readFile(join(outbox, 'alarm.db'))
    const { of } = await doctor(folder)
    expect(of('outbox').map(({ level, text }) => `${level} ${text}`)).toEqual([
      'ok 0 alarm records wait',
      'warn 1 alarm records are set aside',
      'warn 1 damaged file(s) were set aside: telemetry.damaged-boot-1.db',
    ])
    expect(await readFile(join(outbox, 'alarm.db'))).toEqual(before)
    database.exec('PRAGMA user_version = 999')
    const newer = await doctor(folder, { args: ['--only', 'outbox'] })
    expect(newer.code).toBe(1)
    expect(newer.of('outbox')[0]).toMatchObject({ level: 'fail', text: expect.stringContaining('has format 999') })
  })
})

describe('the doctor at the clock', () => {
  it.skipIf(!works('faketime', '--version'))('finds one that starts in 1970 (needs faketime)', async () => {
    const through = ['faketime', '1970-01-02 00:00:00']
    const { of } = await doctor(await folderForTest(), { through, args: ['--only', 'clock'] })
    expect(of('clock')[0]).toMatchObject({ level: 'fail', text: expect.stringContaining('1970-01-0') })
  })

  it('compares it with the server’s', async () => {
    const server = createHttp((_request, response) => {
      response.writeHead(200, { date: new Date(Date.now() + 3_600_000).toUTCString() }).end()
    })
    const url = `http://127.0.0.1:${await listening(server)}`
    const { of } = await doctor(await folderForTest(), { config: { server: { url } } })
    expect(of('clock').map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^it is (3599|3600|3601) s behind/),
    )
    expect(of('server')).toMatchObject([{ level: 'ok', text: `${url} answers 200, its stores work` }])
  })
})

const serveTls = async ({ key, cert }: { key: string; cert: string }): Promise<string> => {
  const options = { key: await readFile(key), cert: await readFile(cert) }
  return `https://localhost:${await listening(createHttps(options, (_request, response) => response.writeHead(200).end()))}`
}

describe('the doctor at the server', () => {
  it('tells an unknown name, a server that is away, and one that is something else', async () => {
    const folder = await folderForTest()
    const foreign = await listening(createHttp((_request, response) => response.writeHead(404).end()))
    const cases = [
      ['http://no-such-host.invalid', 'the name no-such-host.invalid is not known'],
      ['http://127.0.0.1:1', 'cannot be reached'],
      [`http://127.0.0.1:${foreign}`, 'answers 404'],
    ] as const
    for (const [url, words] of cases)
      expect((await doctor(folder, { config: { server: { url } } })).of('server').at(-1)).toMatchObject({
        level: 'fail',
        text: expect.stringContaining(words),
      })
  })

  it.skipIf(!works('openssl', 'version'))(
    'tells a certificate nobody knows, and one that has ended (needs openssl)',
    async ({ skip }) => {
      const folder = await folderForTest()
      const certificate = (...more: readonly string[]) => {
        const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
        const args = [
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:P-256',
          '-nodes',
          '-keyout',
          key,
          '-out',
          cert,
        ]
        const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
        const through = more.length === 0 ? ['openssl'] : [...more, 'openssl']
        expect(works(through[0]!, ...through.slice(1), ...args, ...name, '-days', '30')).toBe(true)
        return { key, cert }
      }
      const url = await serveTls(certificate())
      const unknown = await doctor(folder, { config: { server: { url } }, args: ['--only', 'server'] })
      expect(unknown.of('server')).toMatchObject([{ level: 'fail', next: expect.stringContaining('authority') }])
      if (!works('faketime', '--version')) skip('the ended certificate needs faketime')
      const old = certificate('faketime', '2020-01-01 00:00:00')
      process.env['NODE_EXTRA_CA_CERTS'] = old.cert
      onTestFinished(() => {
        delete process.env['NODE_EXTRA_CA_CERTS']
      })
      const ended = await doctor(folder, {
        config: { server: { url: await serveTls(old) } },
        args: ['--only', 'server'],
      })
      expect(ended.of('server')).toMatchObject([
        { level: 'fail', text: expect.stringContaining('expired'), next: expect.stringContaining('clock') },
      ])
    },
  )
})

describe('the doctor at what the hub listens on', () => {
  it('finds a network interface that is not there, and a broker that does not answer', async () => {
    const folder = await folderForTest()
    const pumps = [{ id: 'P-1', secret: 'secret-of-pump-1' }]
    const own = await doctor(folder, { config: { mqtt: { host: 'eth77', pumps } } })
    expect(own.of('mqtt')).toMatchObject([{ level: 'fail', text: 'the network interface eth77 is not there' }])
    const foreign = await doctor(folder, { config: { mqtt: { broker: { url: 'mqtt://127.0.0.1:1' } } } })
    expect(foreign.of('mqtt')).toMatchObject([
      { level: 'fail', text: expect.stringContaining('127.0.0.1:1 cannot be reached') },
    ])
  })

  it('finds a foreign address, a port that is taken, and an annunciator that is not there', async () => {
    const folder = await folderForTest()
    const port = await listening(createServer(() => {}))
    const config = {
      mqtt: { host: '203.0.113.7', port: 1883, pumps: [{ id: 'P-1', secret: 'secret-of-pump-1' }] },
      statusPort: port,
      annunciator: { command: ['/nowhere/horn'] },
    }
    const { of } = await doctor(folder, { config })
    expect(of('mqtt')).toMatchObject([{ level: 'fail', text: 'this machine has no address 203.0.113.7' }])
    expect(of('status page')).toMatchObject([{ level: 'fail', text: `port ${port} is in use by another program` }])
    expect(of('annunciator')).toMatchObject([{ level: 'fail', text: expect.stringContaining('/nowhere/horn') }])
  })
})
