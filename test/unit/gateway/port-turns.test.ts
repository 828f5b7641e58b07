import { describe, expect, it } from 'vitest'
import { BootId, EpisodeId } from '#domain/ids.ts'
import { profiles } from '#domain/pump-protocols/profiles.ts'
import { alarmDefaults } from '#gateway/core/alarm-defaults.ts'
import { ByteQueue } from '#gateway/core/byte-queue.ts'
import { PumpPort } from '#gateway/core/pump-port.ts'
import { PumpStream } from '#gateway/core/pump-stream.ts'
import { MemoryOutbox } from '#test/contract/outbox-memory.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import type { Connection, Transport } from '#gateway/core/ports.ts'

const profile = profiles.get('ip1')!

const portOn = (transport: Pick<Transport, 'open'>) => {
  const clock = new ManualClock()
  const stop = new AbortController()
  const stream = new PumpStream({
    outbox: new MemoryOutbox(BootId.parse('boot-1')),
    appended: () => {},
    pumpChanged: () => {},
    stamp: () => ({ monotonicMs: clock.monotonic(), wallAt: clock.now(), clockQuality: 'unknown' }),
    context: {
      port: 'bed-1',
      experimental: false,
      marks: [],
      defaults: alarmDefaults,
      newEpisodeId: () => EpisodeId.parse('episode-1'),
    },
  })
  const port = new PumpPort({
    transport: { name: 'bed-1', reopen: { firstMs: 100, maxMs: 2_000 }, ...transport },
    profile,
    stream,
    marks: [],
    clock,
    scheduler: clock,
    random: () => 0.5,
    hurry: () => {},
    troubleChanged: () => {},
    refusedWrite: () => {},
  })
  const running = port.run(stop.signal)
  const turnsIn = async (ms: number): Promise<number> => {
    const before = port.turns
    await clock.advanceAsync(ms)
    return port.turns - before
  }
  return { stop, running, turnsIn }
}

const silent = (closing: Promise<void>) => {
  const incoming = new ByteQueue()
  const connection: Connection = {
    incoming,
    write: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => {
      incoming.end()
      return closing
    },
  }
  return { connection, unplug: () => incoming.end() }
}

describe('the turns of a port', () => {
  it('go on while a pump is silent and while its cable is not there', async () => {
    const { connection } = silent(Promise.resolve())
    const open = portOn({ open: () => Promise.resolve(connection) })
    expect(await open.turnsIn(10_000)).toBeGreaterThan(90)
    const missing = portOn({ open: () => Promise.reject(new Error('not there')) })
    expect(await missing.turnsIn(60_000)).toBeGreaterThan(400)
  })

  it('stop when an attempt to open never ends, or a close', async () => {
    const opening = portOn({ open: () => new Promise(() => {}) })
    expect(await opening.turnsIn(60_000)).toBe(0)
    const { connection, unplug } = silent(new Promise(() => {}))
    const closing = portOn({ open: () => Promise.resolve(connection) })
    expect(await closing.turnsIn(1_000)).toBeGreaterThan(5)
    unplug()
    await closing.turnsIn(1_000)
    expect(await closing.turnsIn(60_000)).toBe(0)
  })
})
