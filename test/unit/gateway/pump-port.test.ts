import { describe, expect, it, onTestFinished } from 'vitest'
import { ip1Profile } from '#domain/pump-protocols/ip1/profile.ts'
import { BootId, EpisodeId } from '#domain/ids.ts'
import { alarmDefaults } from '#gateway/core/alarm-defaults.ts'
import { ByteQueue } from '#gateway/core/byte-queue.ts'
import { GatewayError } from '#gateway/core/errors.ts'
import { PumpPort } from '#gateway/core/pump-port.ts'
import { PumpStream } from '#gateway/core/pump-stream.ts'
import type { Connection, Transport } from '#gateway/core/ports.ts'
import { MemoryOutbox } from '#test/contract/outbox-memory.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import { hello, statusA } from '#test/vectors/ip1.ts'

/** What happens to each connection once it is open. */
type Life = (incoming: ByteQueue) => void

class FakeTransport implements Transport {
  readonly name = 'bed-1'
  readonly reopen = { firstMs: 500, maxMs: 500 }
  life: Life
  opened = 0

  constructor(life: Life) {
    this.life = life
  }

  async open(): Promise<Connection> {
    const incoming = new ByteQueue()
    this.opened += 1
    this.life(incoming)
    return { incoming, write: async () => {}, [Symbol.asyncDispose]: async () => incoming.end() }
  }
}

const portOn = (life: Life) => {
  const clock = new ManualClock()
  const transport = new FakeTransport(life)
  const told: (string | null)[] = []
  const stop = new AbortController()
  const stream = new PumpStream({
    outbox: new MemoryOutbox(BootId.parse('boot-1')),
    appended: () => {},
    pumpChanged: () => {},
    stamp: () => ({ monotonicMs: clock.monotonic(), wallAt: 0, clockQuality: 'unknown' }),
    context: {
      port: 'bed-1',
      experimental: false,
      marks: [],
      defaults: alarmDefaults,
      newEpisodeId: () => EpisodeId.parse('e-1'),
    },
  })
  const port = new PumpPort({
    transport,
    profile: ip1Profile,
    stream,
    marks: [],
    clock,
    scheduler: clock,
    random: () => 0.5,
    hurry: () => {},
    troubleChanged: (_port, trouble) => told.push(trouble?.message ?? null),
    refusedWrite: () => {},
  })
  const running = port.run(stop.signal)
  onTestFinished(async () => {
    stop.abort()
    await clock.advanceAsync(1000)
    await running
  })
  return { port, clock, transport, told }
}

const busy = (): GatewayError => new GatewayError('GW_PORT_BUSY', 'another client uses this port of the device server')

describe('a port', () => {
  it('keeps the words of a device server that accepts and then refuses, attempt after attempt, as one trouble', async () => {
    const { port, clock, transport, told } = portOn((incoming) => incoming.end(busy()))
    await clock.advanceAsync(5000)
    expect(transport.opened).toBeGreaterThan(5)
    expect(port.report().reason).toBe('another client uses this port of the device server')
    expect(told).toEqual([null, 'another client uses this port of the device server'])

    transport.life = (incoming) => incoming.push(Buffer.from(`${hello}\r\n${statusA}\r\n`))
    await clock.advanceAsync(1000)
    expect(port.report()).toMatchObject({ link: 'up', reason: null })
    expect(told).toEqual([null, 'another client uses this port of the device server', null])
  })

  it('forgets them when a connection has lived for 5 s, and then says what its session says', async () => {
    const { port, clock, transport } = portOn((incoming) => incoming.end(busy()))
    await clock.advanceAsync(1000)
    transport.life = () => {}
    await clock.advanceAsync(4000)
    expect(port.report().reason).toBe('another client uses this port of the device server')
    await clock.advanceAsync(2000)
    expect(port.report().reason).toBeNull()
    await clock.advanceAsync(10_000)
    expect(port.report().reason).toBe('silent')
  })

  it('says how a connection ended', async () => {
    const { port, clock } = portOn((incoming) => incoming.end(new GatewayError('GW_LINK_LOST', 'unplugged')))
    await clock.advanceAsync(200)
    expect(port.report()).toMatchObject({ link: 'closed', reason: 'unplugged' })
  })
})
