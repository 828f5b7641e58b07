import { describe, expect, it } from 'vitest'
import { ByteQueue } from '#gateway/core/byte-queue.ts'
import { GatewayError } from '#gateway/core/errors.ts'
import { SessionDriver } from '#gateway/core/pump-session.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import type { PumpEvent, PumpSession, SessionStep } from '#domain/pump-protocols/profile.ts'
import type { Connection } from '#gateway/core/ports.ts'

const told = (reason: string): SessionStep => ({ kind: 'event', event: { kind: 'link', link: 'up', reason } })
const send = (text: string): SessionStep => ({ kind: 'send', bytes: Buffer.from(text) })
const words = (event: PumpEvent): string => (event.kind === 'link' ? (event.reason ?? '') : event.kind)

/** Every line of input is an event and, as a receipt, a write. */
class EchoSession implements PumpSession {
  readonly link = 'up'
  readonly reason = null
  readonly identity = null
  readonly counters = {}
  readonly lastHeardMs = null
  ticks: readonly SessionStep[] = []
  opened(): readonly SessionStep[] {
    return [told('opened'), send('hello')]
  }
  received(chunk: Uint8Array): readonly SessionStep[] {
    const text = Buffer.from(chunk).toString()
    return [told(text), send(`receipt ${text}`)]
  }
  tick(): readonly SessionStep[] {
    const steps = this.ticks
    this.ticks = []
    return steps
  }
  closed(reason: string): readonly SessionStep[] {
    return [told(`closed: ${reason}`)]
  }
}

class FakeConnection implements Connection {
  readonly incoming = new ByteQueue()
  readonly written: string[] = []
  disposed = 0
  async write(bytes: Uint8Array): Promise<void> {
    const text = Buffer.from(bytes).toString()
    if (text.includes('STOP')) throw new GatewayError('GW_WRITE_REFUSED', 'not on the whitelist')
    this.written.push(text)
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.disposed += 1
    this.incoming.end()
  }
}

const driverOf = () => {
  const clock = new ManualClock()
  const session = new EchoSession()
  const connection = new FakeConnection()
  const refused: string[] = []
  const log = { hurried: 0 }
  const driver = new SessionDriver({
    session,
    clock,
    scheduler: clock,
    hurry: () => (log.hurried += 1),
    refusedWrite: (bytes) => refused.push(Buffer.from(bytes).toString()),
  })
  const stop = new AbortController()
  return { clock, session, connection, refused, log, stop, events: driver.run(connection, stop.signal), driver }
}

describe('a session over a connection', () => {
  it('sends a receipt only when the event before it is durable, i.e. the next one is asked for', async () => {
    const { connection, events, clock } = driverOf()
    expect(words((await events.next()).value!)).toBe('opened')
    await clock.advanceAsync(0)
    expect(connection.written).toEqual([])
    connection.incoming.push(Buffer.from('A'))
    expect(words((await events.next()).value!)).toBe('A')
    expect(connection.written).toEqual(['hello'])
    connection.incoming.end()
    expect(words((await events.next()).value!)).toBe('closed: the other side closed the connection')
    expect(connection.written).toEqual(['hello', 'receipt A'])
    expect((await events.next()).done).toBe(true)
  })

  it('asks for haste as soon as something waits behind an event', async () => {
    const { connection, events, clock, log } = driverOf()
    await events.next()
    const before = log.hurried
    connection.incoming.push(Buffer.from('A'))
    await clock.advanceAsync(0)
    expect(log.hurried).toBeGreaterThan(before)
    await events.return()
  })

  it('ticks the session while it waits for bytes', async () => {
    const { session, events, clock, connection } = driverOf()
    await events.next()
    session.ticks = [told('stale')]
    const next = events.next()
    await clock.advanceAsync(100)
    expect(words((await next).value!)).toBe('stale')
    connection.incoming.end()
    await events.next()
    await events.next()
    expect(clock.pending).toBe(0)
  })

  it('refuses what the whitelist refuses, tells it and goes on', async () => {
    const { connection, events, refused } = driverOf()
    await events.next()
    connection.incoming.push(Buffer.from('STOP'))
    connection.incoming.push(Buffer.from('B'))
    expect(words((await events.next()).value!)).toBe('STOP')
    expect(words((await events.next()).value!)).toBe('B')
    expect(refused).toEqual(['receipt STOP'])
    await events.return()
    expect(connection.disposed).toBeGreaterThan(0)
  })

  it('ends the connection when it is told to stop, and tells why', async () => {
    const { connection, events, stop } = driverOf()
    await events.next()
    const next = events.next()
    stop.abort()
    expect(words((await next).value!)).toBe('closed: the gateway is stopping')
    expect(connection.disposed).toBeGreaterThan(0)
    expect((await events.next()).done).toBe(true)
  })

  it('tells the words of an error that ended the bytes', async () => {
    const { connection, events } = driverOf()
    await events.next()
    connection.incoming.end(new Error('unplugged'))
    expect(words((await events.next()).value!)).toBe('closed: unplugged')
    await expect(events.next()).rejects.toThrow('unplugged')
  })

  it('gives the connection up when the session does, and says why', async () => {
    const { connection, session, clock, events } = driverOf()
    await events.next()
    session.ticks = [{ kind: 'reopen', reason: 'nobody answers' }]
    const next = events.next()
    await clock.advanceAsync(100)
    expect(words((await next).value!)).toBe('closed: nobody answers')
    await expect(events.next()).rejects.toMatchObject({ code: 'GW_LINK_LOST', message: 'nobody answers' })
    expect(connection.disposed).toBeGreaterThan(0)
  })
})

describe('a byte queue', () => {
  it('gives what had come before the end, then ends', async () => {
    const queue = new ByteQueue()
    queue.push(Buffer.from('a'))
    queue.push(Buffer.from('b'))
    queue.end()
    queue.push(Buffer.from('late'))
    const chunks: string[] = []
    for await (const chunk of queue) chunks.push(Buffer.from(chunk).toString())
    expect(chunks).toEqual(['a', 'b'])
  })

  it('ends a connection whose bytes nobody reads instead of filling the memory', async () => {
    const queue = new ByteQueue(10)
    for (let n = 0; n < 100; n += 1) queue.push(Buffer.alloc(4))
    const read = async (): Promise<number> => {
      let size = 0
      for await (const chunk of queue) size += chunk.length
      return size
    }
    await expect(read()).rejects.toThrow('bytes come faster')
  })
})
