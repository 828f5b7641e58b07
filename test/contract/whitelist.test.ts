import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { SerialTransport } from '#gateway/adapters/serial-transport/serial-transport.ts'
import { systemScheduler as scheduler } from '#gateway/adapters/system-time.ts'
import { TcpTransport } from '#gateway/adapters/tcp-transport.ts'
import { PtyPort } from '#simulators/adapters/pty.ts'
import { eventually } from '#test/support/eventually.ts'
import { everyProfile } from '#test/support/every-setting.ts'
import { controlFrames } from '#test/vectors/control-frames.ts'
import type { AddressInfo } from 'node:net'
import type { Connection, Transport } from '#gateway/core/ports.ts'
import type { PumpProfile } from '#domain/pump-protocols/profile.ts'

// Every protocol under every setting, on the real write function of both transports: what arrives at the other end of the line.

const never = new AbortController().signal
const frames = Object.values(controlFrames).flat()

/** The first request of a session, and what a damaged copy of it looks like. Null: this protocol asks nothing. */
const firstRequest = (profile: PumpProfile): Uint8Array | null =>
  profile
    .newSession()
    .opened(0)
    .flatMap((step) => (step.kind === 'send' ? [step.bytes] : []))[0] ?? null

const refusesAll = async (transport: Transport, profile: PumpProfile, arrived: () => Buffer): Promise<void> => {
  const request = firstRequest(profile)
  const bad = request === null ? frames : [...frames, Uint8Array.of(...request, ...request), request.slice(0, -1)]
  await using connection: Connection = await transport.open(never)
  for (const frame of bad)
    await expect(connection.write(frame), Buffer.from(frame).toString('latin1')).rejects.toMatchObject({
      code: 'GW_WRITE_REFUSED',
    })
  if (request === null) {
    expect(arrived()).toHaveLength(0)
    return
  }
  await connection.write(request)
  await eventually(() => arrived().length >= request.length)
  expect(arrived()).toEqual(Buffer.from(request))
}

describe('no control frame of any protocol leaves a port', () => {
  it.skipIf(!existsSync('/dev/ptmx')).each(everyProfile())(
    'over serial (needs /dev/ptmx): $name',
    async ({ profile }) => {
      const folder = await mkdtemp(join(tmpdir(), 'pty-'))
      const pty = await PtyPort.open(join(folder, 'pump'))
      onTestFinished(async () => {
        await pty[Symbol.asyncDispose]()
        await rm(folder, { recursive: true, force: true })
      })
      let received = Buffer.alloc(0)
      pty.onReceived((chunk) => (received = Buffer.concat([received, chunk])))
      const permits = (bytes: Uint8Array): boolean => profile.permits(bytes)
      const settings = profile.serial
      const transport = new SerialTransport({ name: 'bed-1', path: pty.address, settings, permits, scheduler })
      await refusesAll(transport, profile, () => received)
    },
  )

  it.each(everyProfile())('over TCP: $name', async ({ profile }) => {
    let received = Buffer.alloc(0)
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', (chunk) => (received = Buffer.concat([received, chunk])))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const permits = (bytes: Uint8Array): boolean => profile.permits(bytes)
    const transport = new TcpTransport({ name: 'bed-2', host: '127.0.0.1', port, permits, scheduler })
    await refusesAll(transport, profile, () => received)
  })
})
