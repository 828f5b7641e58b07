import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { explainOpenFailure, SerialTransport } from '#gateway/adapters/serial-transport/serial-transport.ts'
import { systemScheduler } from '#gateway/adapters/system-time.ts'
import { TcpTransport } from '#gateway/adapters/tcp-transport.ts'
import { PtyPort } from '#simulators/adapters/pty.ts'
import { eventually } from '#test/support/eventually.ts'
import { gather, transportContract } from './transport.contract.ts'
import type { AddressInfo, Server, Socket } from 'node:net'
import type { Wire } from '#simulators/core/ports.ts'

const settings = { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 } as const
const hasPty = existsSync('/dev/ptmx')
const never = new AbortController().signal

const openPty = async (): Promise<PtyPort> => {
  const folder = await mkdtemp(join(tmpdir(), 'pty-'))
  const pty = await PtyPort.open(join(folder, 'pump'))
  onTestFinished(async () => {
    await pty[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })
  return pty
}

const serial = (path: string, permits = (_bytes: Uint8Array): boolean => true): SerialTransport =>
  new SerialTransport({ name: 'bed-1', path, settings, permits, scheduler: systemScheduler })

if (hasPty)
  transportContract('serial on a pseudo-terminal', async () => {
    const wire = await openPty()
    return {
      wire,
      transport: (permits) => serial(wire.address, permits),
      [Symbol.asyncDispose]: () => wire[Symbol.asyncDispose](),
    }
  })

describe.skipIf(!hasPty)('a serial line to which nobody writes', () => {
  // A read that follows on data is then answered with nothing, at once and for ever: no error, no event.
  it('ends when its cable is pulled in the middle of what its pump says', async () => {
    for (let round = 0; round < 5; round += 1) {
      const wire = await openPty()
      await using connection = await serial(wire.address).open(never)
      const heard = gather(connection)
      wire.write(new TextEncoder().encode('hello'))
      await wire.unplug()
      expect(await Promise.race([heard.ended.then(() => 'ended'), pause(3_000, 'still open')])).toBe('ended')
    }
  })
})

/** A device server with one client, as the pump's end of a TCP line. */
class TcpWire implements Wire {
  readonly droppedBytes = 0
  #server: Server | null = null
  #socket: Socket | null = null
  #received: (bytes: Uint8Array) => void = () => {}
  port = 0

  get address(): string {
    return `tcp://127.0.0.1:${this.port}`
  }
  get plugged(): boolean {
    return this.#server !== null
  }
  onReceived(listener: (bytes: Uint8Array) => void): void {
    this.#received = listener
  }
  write(bytes: Uint8Array): void {
    // The connection may still be on its way through accept.
    void eventually(() => this.#socket).then((socket) => socket.write(bytes))
  }
  async plug(): Promise<void> {
    const server = createServer((socket) => {
      this.#socket = socket
      socket.on('error', () => {})
      socket.on('data', (chunk) => this.#received(chunk))
    })
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve))
    this.port = (server.address() as AddressInfo).port
    this.#server = server
  }
  async unplug(): Promise<void> {
    const server = this.#server
    this.#server = null
    this.#socket?.destroy()
    this.#socket = null
    if (server !== null) await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.unplug()
  }
}

const openTcp = async (): Promise<TcpWire> => {
  const wire = new TcpWire()
  await wire.plug()
  onTestFinished(() => wire.unplug())
  return wire
}

const tcp = (port: number, permits = (_bytes: Uint8Array): boolean => true): TcpTransport =>
  new TcpTransport({ name: 'bed-2', host: '127.0.0.1', port, permits, scheduler: systemScheduler })

transportContract('tcp', async () => {
  const wire = await openTcp()
  return {
    wire,
    transport: (permits) => tcp(wire.port, permits),
    [Symbol.asyncDispose]: () => wire[Symbol.asyncDispose](),
  }
})

describe.skipIf(!hasPty)('a serial port (needs /dev/ptmx)', () => {
  it('in use by another opener is busy, and free once that one closes', async () => {
    const pty = await openPty()
    const first = await serial(pty.address).open(never)
    await expect(serial(pty.address).open(never)).rejects.toMatchObject({
      code: 'GW_PORT_BUSY',
      message: `${pty.address} is in use by another program`,
    })
    await first[Symbol.asyncDispose]()
    await using second = await serial(pty.address).open(never)
    expect(second).toBeDefined()
  })

  it('that is not there says so', async () => {
    await expect(serial('/dev/ttyNOBODY').open(never)).rejects.toMatchObject({
      code: 'GW_PORT_MISSING',
      message: '/dev/ttyNOBODY is not there: is the cable plugged in?',
    })
  })

  it('without the right to open it says what to do', async () => {
    const pty = await openPty()
    const device = pty.device!
    await chmod(device, 0o000)
    // Root may open anything, so somebody else tries.
    const script = `
      const { SerialTransport } = await import('#gateway/adapters/serial-transport/serial-transport.ts')
      const settings = { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 }
      process.setgid(65534); process.setgroups([]); process.setuid(65534)
      const transport = new SerialTransport({ name: 'x', path: process.argv[1], settings, permits: () => true, scheduler: null })
      await transport.open(new AbortController().signal).catch((error) => console.log(error.code + ' ' + error.message))
      process.exit(0)`
    if (process.getuid?.() !== 0) {
      await expect(serial(device).open(never)).rejects.toMatchObject({ code: 'GW_PORT_FORBIDDEN' })
      return
    }
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script, device], { encoding: 'utf8' })
    expect(child.stdout + child.stderr).toMatch(/^GW_PORT_FORBIDDEN no right to use .*group dialout/)
  })

  it('that fails in another way keeps the system’s words', () => {
    expect(explainOpenFailure('/dev/ttyX', new Error('Inappropriate ioctl for device'))).toMatchObject({
      code: 'GW_PORT_FAILED',
      message: '/dev/ttyX cannot be opened: Inappropriate ioctl for device',
    })
  })
})

describe('a TCP device server', () => {
  it('that speaks telnet is told to be set to raw', async () => {
    const wire = await openTcp()
    await using connection = await tcp(wire.port).open(never)
    const heard = gather(connection)
    wire.write(Buffer.from([0xff, 0xfd, 0x2c]))
    expect(await heard.ended).toMatchObject({ code: 'GW_PORT_NOT_RAW' })
  })

  it('that serves somebody else is busy', async () => {
    const wire = await openTcp()
    await using connection = await tcp(wire.port).open(never)
    const heard = gather(connection)
    wire.write(Buffer.from('Port already in use\r\n'))
    await eventually(() => heard.text.includes('in use'))
    await wire.unplug()
    expect(await heard.ended).toMatchObject({ code: 'GW_PORT_BUSY' })
  })
})
