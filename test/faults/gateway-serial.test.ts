import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BootId } from '#domain/ids.ts'
import { SerialTransport } from '#gateway/adapters/serial-transport/serial-transport.ts'
import { openSqliteOutbox } from '#gateway/adapters/sqlite-outbox/sqlite-outbox.ts'
import { PtyPort } from '#simulators/adapters/pty.ts'
import { systemScheduler } from '#gateway/adapters/system-time.ts'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import { startGatewayProcess } from './gateway-process.ts'
import type { OutboxRecord } from '#gateway/core/ports.ts'

// Frames of docs: ip1.md 5.
const hello = '$IP1,HI,0000,7F3A,PUMP-0001,Acme,AP100,1.4.2,1000,AL+AK+LG+DEMO*4B89\r\n'
const status1 = '$IP1,ST,0001,7F3A,10250,R,C,12500,3217,46783,13473,112,78,B,00000000,-*BB79\r\n'
const status2 = '$IP1,ST,0002,7F3A,11250,R,C,12500,3220,46780,13472,112,78,B,00000000,-*CFAC\r\n'
const airRaised = '$IP1,AL,0003,7F3A,11620,0017,02,H,1*C5F9\r\n'
const status4 = '$IP1,ST,0004,7F3A,12250,A,C,0,3221,46779,,112,78,B,00000004,H*94A5\r\n'
const status5 = '$IP1,ST,0005,7F3A,13250,A,C,0,3221,46779,,640,78,B,00200000,H*082B\r\n'

const unreachable = { server: { url: 'http://127.0.0.1:1' } }

const folderForTest = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const recordsIn = async (folder: string): Promise<readonly OutboxRecord[]> => {
  await using outbox = await openSqliteOutbox({
    folder: join(folder, 'data', 'outbox'),
    bootId: BootId.parse('boot-after'),
    quarantined: () => {},
    salvaged: () => {},
    died: () => {},
  })
  return [...(await outbox.peek('alarm', 1_000)), ...(await outbox.peek('telemetry', 1_000))]
}

describe.skipIf(!existsSync('/dev/ptmx'))('a gateway with a pump on a serial line (needs /dev/ptmx)', () => {
  it('survives noise, an unplugged cable and an unreachable server, and keeps everything', async () => {
    const folder = await folderForTest()
    const pty = await PtyPort.open(join(folder, 'pump'))
    onTestFinished(() => pty[Symbol.asyncDispose]())
    let asked = ''
    pty.onReceived((bytes) => (asked += Buffer.from(bytes).toString('latin1')))
    const ports = [{ name: 'bed-1', url: `serial:${pty.address}`, protocol: 'ip1' }]
    const gateway = await startGatewayProcess(folder, { ...unreachable, ports })

    // The gateway asks who is there; the pump answers in the middle of noise.
    await eventually(() => asked.includes('HI?'), { within: 10_000 })
    pty.write(Buffer.from([0xff, 0x00, 0x80, 0x7e, 0x24, 0xff]))
    pty.write(Buffer.from(hello + status1 + 'garbage' + status2))
    await eventually(async () => (await gateway.status()).pumps[0]?.link === 'up', { within: 5_000 })
    const { pumps, ports: reports } = await gateway.status()
    expect(pumps).toMatchObject([{ pumpId: 'PUMP-0001', protocol: 'ip1', simulated: true, maker: 'Acme' }])
    expect(reports[0]?.counters).toMatchObject({ ok: 3, form: 1, junk: 11 })

    // The receipt leaves only after the alarm is durable; then it must be in the outbox whatever happens.
    asked = ''
    pty.write(Buffer.from(airRaised))
    await eventually(() => asked.includes('ALRX,0017'), { within: 5_000 })
    expect((await gateway.status()).outbox.alarm.rows).toBeGreaterThanOrEqual(3)
    pty.write(Buffer.from(status4))

    const unpluggedAt = performance.now()
    await pty.unplug()
    await eventually(async () => (await gateway.status()).pumps[0]?.link === 'lost', { within: 15_000, every: 50 })
    const lostAfterMs = performance.now() - unpluggedAt
    expect((await gateway.status()).ports[0]?.reason).toContain('is the cable plugged in?')

    const pluggedAt = performance.now()
    asked = ''
    await pty.plug()
    await eventually(() => asked.includes('HI?'), { within: 5_000 })
    pty.write(Buffer.from(hello + status5))
    await eventually(async () => (await gateway.status()).pumps[0]?.link !== 'lost', { within: 5_000, every: 50 })
    const backAfterMs = performance.now() - pluggedAt
    expect(lostAfterMs).toBeLessThan(15_000)
    expect(backAfterMs).toBeLessThan(5_000)

    expect(await gateway.kill('SIGTERM')).toBe(0)
    expect(gateway.stderr()).toBe('')
    const records = await recordsIn(folder)
    const conditions = records.filter((record) => record.kind === 'condition')
    expect(conditions[0]).toMatchObject({
      pumpId: 'PUMP-0001',
      body: { code: 'air-in-line', phase: 'start', priority: 'high' },
    })
    const events = records.flatMap((record) => (record.kind === 'event' ? record.body.event : []))
    expect(events).toEqual(expect.arrayContaining(['hub-started', 'link-up', 'link-down']))
    expect(records.every(({ pumpId }) => pumpId === null || pumpId === 'PUMP-0001')).toBe(true)
    console.log(`link lost after ${Math.round(lostAfterMs)} ms, back after ${Math.round(backAfterMs)} ms`)
  })

  it('keeps what it acknowledged when it is killed, and goes on with it', async () => {
    const folder = await folderForTest()
    const pty = await PtyPort.open(join(folder, 'pump'))
    onTestFinished(() => pty[Symbol.asyncDispose]())
    let asked = ''
    pty.onReceived((bytes) => (asked += Buffer.from(bytes).toString('latin1')))
    const config = { ...unreachable, ports: [{ name: 'bed-1', url: `serial:${pty.address}`, protocol: 'ip1' }] }
    const gateway = await startGatewayProcess(folder, config)
    await eventually(() => asked.includes('HI?'), { within: 10_000 })
    pty.write(Buffer.from(hello + status1 + airRaised))
    await eventually(() => asked.includes('ALRX,0017'), { within: 5_000 })
    expect(await gateway.kill('SIGKILL')).toBe('SIGKILL')
    const again = await startGatewayProcess(folder, config)
    expect((await again.status()).outbox.alarm.rows).toBeGreaterThanOrEqual(4)
    expect(await again.kill('SIGINT')).toBe(0)
    expect(await recordsIn(folder)).toContainEqual(
      expect.objectContaining({ kind: 'condition', body: expect.objectContaining({ code: 'air-in-line' }) }),
    )
  })
})

/** Accepts and says something, as a device server does whose port cannot be used. */
const deviceServer = async (greeting: Uint8Array, ends: boolean): Promise<number> => {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.write(greeting)
    if (ends) socket.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

describe.skipIf(!existsSync('/dev/ptmx'))('ports that somebody else has (needs /dev/ptmx)', () => {
  it('are named on the status page: a serial port in use, a busy device server, and one that speaks telnet', async () => {
    const folder = await folderForTest()
    const pty = await PtyPort.open(join(folder, 'pump'))
    onTestFinished(() => pty[Symbol.asyncDispose]())
    const settings = { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 } as const
    const own = { permits: () => false, scheduler: systemScheduler }
    const other = new SerialTransport({ name: 'other', path: pty.address, settings, ...own })
    const held = await other.open(new AbortController().signal)
    onTestFinished(() => held[Symbol.asyncDispose]())
    const busy = await deviceServer(Buffer.from('Port already in use\r\n'), true)
    const telnet = await deviceServer(Buffer.from([0xff, 0xfb, 0x2c]), false)
    const gateway = await startGatewayProcess(folder, {
      ...unreachable,
      ports: [
        { name: 'bed-1', url: `serial:${pty.address}`, protocol: 'ip1' },
        { name: 'bed-2', url: `tcp://127.0.0.1:${busy}`, protocol: 'terumo-xml-tcp' },
        { name: 'bed-3', url: `tcp://127.0.0.1:${telnet}`, protocol: 'new-era-ne1000' },
      ],
    })
    const reasons = async () => (await gateway.status()).ports.map(({ reason }) => reason)
    const expected = [
      `${pty.address} is in use by another program`,
      'another client uses this port of the device server',
      'port speaks telnet/RFC 2217, set it to raw at the device server',
    ]
    await eventuallyPasses(async () => expect(await reasons()).toEqual(expected), { within: 15_000 })
    // Attempt after attempt it is the same trouble: told once.
    const reopened = async () => (await gateway.status()).ports[1]?.counters['reconnects'] ?? 0
    await eventually(async () => (await reopened()) >= 3, { within: 15_000 })
    expect(await reasons()).toEqual(expected)
    const told = gateway.log.flatMap(({ msg, reason }) => (msg === 'port is not open, trying on' ? [reason] : []))
    expect(told).toHaveLength(3)
    expect(new Set(told)).toEqual(new Set(expected))
    expect(await gateway.kill('SIGTERM')).toBe(0)
  })
})

describe('a gateway that meets trouble at its start', () => {
  it('says what is wrong with its configuration and ends', async () => {
    const folder = await folderForTest()
    const ports = [{ name: 'bed-1', url: 'tcp://127.0.0.1:9', protocol: 'ip9' }]
    const gateway = await startGatewayProcess(folder, { ports })
    expect(await gateway.exited).toBe(1)
    expect(gateway.stderr()).toContain('ports.0.protocol: unknown protocol "ip9"; known: ip1')
    expect(gateway.stderr()).toContain('server: ')
  })

  it('refuses the folder of a gateway that runs', async () => {
    const folder = await folderForTest()
    const config = { ...unreachable, mqtt: { port: 0 } }
    const first = await startGatewayProcess(folder, config)
    await first.status()
    const second = await startGatewayProcess(folder, config)
    expect(await second.exited).toBe(1)
    expect(second.stderr()).toContain('another gateway process uses')
    expect((await first.status()).name).toBe('hub-1')
    expect(await first.kill('SIGTERM')).toBe(0)
  })

  it('goes on without ports that are missing, busy or taken, and names each once', async () => {
    const folder = await folderForTest()
    const first = await startGatewayProcess(folder, { ...unreachable, mqtt: { port: 0 } })
    await first.status()
    const mqttPort = first.log.find(({ msg }) => msg === 'MQTT broker listens')?.['port']
    const statusPort = first.log.find(({ msg }) => msg === 'status page listens')?.['port']
    const other = await folderForTest()
    const second = await startGatewayProcess(other, {
      ...unreachable,
      statusPort,
      mqtt: { port: mqttPort },
      ports: [
        { name: 'bed-1', url: 'serial:/dev/ttyNOBODY', protocol: 'ip1' },
        { name: 'bed-2', url: 'tcp://127.0.0.1:9', protocol: 'alaris-acp' },
      ],
    })
    const reasons = (): string[] => second.log.flatMap(({ reason }) => (typeof reason === 'string' ? [reason] : []))
    await eventually(() => reasons().length >= 5, { within: 10_000 })
    expect(reasons().join('\n')).toContain('/dev/ttyNOBODY is not there')
    expect(reasons().join('\n')).toContain('127.0.0.1:9 cannot be reached')
    expect(reasons().join('\n')).toContain(`port ${String(mqttPort)} is in use by another program`)
    expect(reasons().join('\n')).toContain(`port ${String(statusPort)} is in use by another program`)
    expect(reasons().join('\n')).toContain('not paired')
    // The ports are free again: the second takes them without a restart.
    expect(await first.kill('SIGTERM')).toBe(0)
    await eventually(() => second.log.some(({ msg }) => msg === 'MQTT broker listens'), { within: 10_000 })
    expect(await second.kill('SIGTERM')).toBe(0)
    expect(new Set(reasons()).size).toBe(reasons().length)
  })
})
