import { existsSync, mkdtempSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SerialPort } from 'serialport'
import { afterEach, describe, expect, it } from 'vitest'
import { PtyPort } from '#simulators/adapters/pty.ts'
import { eventually } from '#test/support/eventually.ts'

const available = process.platform === 'linux' && existsSync('/dev/ptmx')
const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const task of cleanUp.splice(0).toReversed()) await task()
})

const newLink = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'pty-'))
  cleanUp.push(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'ports', 'pump-1')
}

const newPty = async (link = newLink()): Promise<PtyPort> => {
  const pty = await PtyPort.open(link)
  cleanUp.push(() => pty[Symbol.asyncDispose]())
  return pty
}

interface Client {
  readonly port: SerialPort
  received(): string
  readonly closed: Promise<unknown>
}

const connect = async (path: string): Promise<Client> => {
  const port = new SerialPort({ path, baudRate: 9600, autoOpen: false })
  let received = ''
  port.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')))
  port.on('error', () => {})
  const closed = new Promise((resolve) => port.once('close', resolve))
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())))
  cleanUp.push(async () => {
    if (port.isOpen) await new Promise((resolve) => port.close(resolve))
  })
  return { port, received: () => received, closed }
}

describe.skipIf(!available)('a pseudo-terminal as a pump port', () => {
  it('carries every byte value unchanged in both directions, without an echo', async () => {
    const pty = await newPty()
    const bytes = Uint8Array.from({ length: 256 }, (_, value) => value)
    const atPump: number[] = []
    pty.onReceived((chunk) => atPump.push(...chunk))
    const client = await connect(pty.address)

    pty.write(bytes)
    client.port.write(Buffer.from(bytes))

    await eventually(() => client.received().length >= 256 && atPump.length >= 256)
    expect([...Buffer.from(client.received(), 'latin1')]).toEqual([...bytes])
    expect(atPump).toEqual([...bytes])
    expect(pty.droppedBytes).toBe(0)
  })

  it('serves one client after another', async () => {
    const pty = await newPty()
    const first = await connect(pty.address)
    await new Promise((resolve) => first.port.close(resolve))
    const second = await connect(pty.address)
    pty.write(Buffer.from('again'))
    expect(await eventually(() => second.received() || null)).toBe('again')
  })

  it('closes the client as disconnected on unplug and comes back under the same path', async () => {
    const pty = await newPty()
    const before = await connect(pty.address)
    // Reading for certain: a hang-up in the instant of opening may go unnoticed, which is what staleness timers are for.
    pty.write(Buffer.from('hello'))
    await eventually(() => before.received() === 'hello')

    await pty.unplug()
    expect(pty.plugged).toBe(false)
    expect(await before.closed).toMatchObject({ disconnected: true })
    expect(existsSync(pty.address)).toBe(false)
    pty.write(Buffer.from('lost'))
    expect(pty.droppedBytes).toBe(4)

    await pty.plug()
    const after = await connect(pty.address)
    pty.write(Buffer.from('back'))
    expect(await eventually(() => after.received() || null)).toBe('back')
  })

  it('drops what nobody reads instead of waiting', async () => {
    const pty = await newPty()
    const chunk = Buffer.alloc(4096, 0x41)
    for (let written = 0; written < 1024 * 1024 && pty.droppedBytes === 0; written += chunk.length) pty.write(chunk)
    expect(pty.droppedBytes).toBeGreaterThan(0)
  })

  it('replaces a link left behind by a killed simulator, and no other file', async () => {
    const link = newLink()
    const left = await PtyPort.open(link)
    const again = await newPty(link)
    expect(readlinkSync(link)).toBe(again.device)
    expect(statSync(link).isCharacterDevice()).toBe(true)
    await left[Symbol.asyncDispose]()
    expect(readlinkSync(link)).toBe(again.device)

    const folder = mkdtempSync(join(tmpdir(), 'pty-'))
    cleanUp.push(() => rmSync(folder, { recursive: true, force: true }))
    writeFileSync(join(folder, 'notes'), 'mine')
    await expect(PtyPort.open(join(folder, 'notes'))).rejects.toMatchObject({ code: 'SIM_PORT_TAKEN' })
  })
})
