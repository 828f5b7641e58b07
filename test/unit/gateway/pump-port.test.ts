import { describe, expect, it, onTestFinished } from 'vitest'
import { ip1Profile } from '#domain/pump-protocols/ip1/profile.ts'
import { newEraProfile } from '#domain/pump-protocols/new-era-ne1000/profile.ts'
import type { PumpProfile } from '#domain/pump-protocols/profile.ts'
import { BootId, EpisodeId } from '#domain/ids.ts'
import { alarmDefaults } from '#gateway/core/alarm-defaults.ts'
import { ByteQueue } from '#gateway/core/byte-queue.ts'
import { GatewayError } from '#gateway/core/errors.ts'
import { PumpPort } from '#gateway/core/pump-port.ts'
import { PumpStream } from '#gateway/core/pump-stream.ts'
import type { Connection, Transport } from '#gateway/core/ports.ts'
import { MemoryOutbox } from '#test/contract/outbox-memory.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import { hello, statusA, statusWithAir } from '#test/vectors/ip1.ts'
import { bytesOf, replies } from '#test/vectors/new-era-ne1000.ts'

/** What happens to each connection once it is open. */
type Life = (incoming: ByteQueue) => void

class FakeTransport implements Transport {
  readonly name = 'bed-1'
  readonly reopen = { firstMs: 500, maxMs: 500 }
  life: Life
  opened = 0
  readonly connections: ByteQueue[] = []

  constructor(life: Life) {
    this.life = life
  }

  async open(): Promise<Connection> {
    const incoming = new ByteQueue()
    this.opened += 1
    this.connections.push(incoming)
    this.life(incoming)
    return { incoming, write: async () => {}, [Symbol.asyncDispose]: async () => incoming.end() }
  }
}

const portOn = (life: Life, profile: PumpProfile = ip1Profile) => {
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
    profile,
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
  return { port, clock, stream, transport, told }
}

const stall: Life = (incoming) => incoming.push(bytesOf(replies.stalled))
const withAir: Life = (incoming) => incoming.push(Buffer.from(`${hello}\r\n${statusWithAir}\r\n`))
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

  it('ends a closed-out alarm of a pump that is only listened to, and lets it begin again', async () => {
    const { port, clock, stream, transport } = portOn(stall, newEraProfile)
    await clock.advanceAsync(200)
    const [condition] = [...stream.state.alarms.values()]
    expect(condition).toMatchObject({ code: 'drive-fault', phase: 'start' })
    await port.closedOut([EpisodeId.parse('another')])
    expect(stream.state.alarms.size).toBe(1)
    await port.closedOut([condition!.episodeId])
    expect(stream.state.alarms.size).toBe(0)
    stall(transport.connections.at(-1)!)
    await clock.advanceAsync(200)
    expect([...stream.state.alarms.values()]).toMatchObject([{ code: 'drive-fault', phase: 'start' }])
  })

  it('leaves a closed-out alarm of any other pump to the pump', async () => {
    const { port, clock, stream } = portOn(withAir)
    await clock.advanceAsync(200)
    const [condition] = [...stream.state.alarms.values()]
    await port.closedOut([condition!.episodeId])
    expect(stream.state.alarms.size).toBe(1)
  })

  it('says how a connection ended', async () => {
    const { port, clock } = portOn((incoming) => incoming.end(new GatewayError('GW_LINK_LOST', 'unplugged')))
    await clock.advanceAsync(200)
    expect(port.report()).toMatchObject({ link: 'closed', reason: 'unplugged' })
  })
})

const missing = (): never => {
  throw new GatewayError('GW_PORT_MISSING', 'not there')
}

/** A ladder that would take a minute, and a device that tells of itself. */
const unplugged = () => {
  const bench = portOn(missing)
  const asked: boolean[] = []
  let tell: (() => void) | null = null
  const reopen = { firstMs: 60_000, maxMs: 60_000 }
  const plugged = (wasMissing: boolean, signal: AbortSignal): Promise<void> => {
    asked.push(wasMissing)
    return new Promise((resolve) => {
      tell = resolve
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }
  Object.assign(bench.transport, { reopen, plugged })
  return { ...bench, asked, plug: () => tell?.() }
}

describe('a port whose cable is not there', () => {
  it('is opened at once when it is plugged in, not only when its delay is over', async () => {
    const { clock, transport, plug } = unplugged()
    await clock.advanceAsync(10_000)
    expect(transport.opened).toBe(1)
    transport.life = () => {}
    plug()
    await clock.advanceAsync(100)
    expect(transport.opened).toBe(2)
  })

  it('is not tried again and again when hurrying was in vain', async () => {
    const { clock, transport, asked, plug } = unplugged()
    await clock.advanceAsync(1_000)
    plug()
    await clock.advanceAsync(30_000)
    expect(transport.opened).toBe(2)
    expect(asked).toEqual([true, false])
  })

  it('is tried by the ladder all the same', async () => {
    const { clock, transport } = unplugged()
    await clock.advanceAsync(130_000)
    expect(transport.opened).toBe(3)
  })
})
