import { connect as connectTcp } from 'node:net'
import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { EpisodeId, PumpId } from '#domain/ids.ts'
import { liveProtocolVersion, openDigest } from '#domain/live/messages.ts'
import type { At, LiveChange } from '#domain/live/messages.ts'
import { screensPerSession } from '#server/core/open-screens.ts'
import { sessionCookie } from '#server/core/session-cookie.ts'
import { eventually } from '#test/support/eventually.ts'
import { openLiveBench } from '#test/support/live-bench.ts'
import type { LiveBench, LiveClient } from '#test/support/live-bench.ts'
import { MemoryLiveFeed } from '#test/support/memory-live-feed.ts'
import { hub1, occlusion, pump1, pump2, pumpReport } from '#test/support/server-bench.ts'
import { liveFeedContract } from './live-feed.contract.ts'

liveFeedContract('in memory', async () => {
  const feed = new MemoryLiveFeed()
  return { feed, numbers: () => feed.updates.map(({ at }) => at.seq), close: () => feed[Symbol.asyncDispose]() }
})

liveFeedContract('socket.io', async () => {
  const bench = await openLiveBench()
  const client = await bench.follow(await bench.signIn('nurse'))
  return { feed: bench.feed, numbers: () => client.updates.map(({ at }) => at.seq), close: bench.close }
})

const labels = (client: LiveClient) => [
  client.snapshots[0]?.pumps[0]?.label,
  ...client.updates.flatMap(({ changes }) => changes.map((c) => (c.kind === 'pump' ? c.pump.label : undefined))),
]

/** Where the view of this person stands, who was here a moment ago. */
const atOf = async (bench: LiveBench, cookie: string): Promise<At> => {
  const client = await bench.follow(cookie)
  client.socket.disconnect()
  const at = client.snapshots[0]?.at
  if (at === undefined) throw new Error('no snapshot')
  return at
}

const accept = (requestId: string) => ({
  kind: 'accept' as const,
  requestId,
  episodeId: EpisodeId.parse('ep-1'),
  expectedVersion: 0,
})

/** Like a frozen tab: nothing is taken from the network any more. */
const stopReading = (client: LiveClient): void => {
  const { engine } = client.socket.io
  const socket: unknown = Reflect.get(Reflect.get(engine.transport, 'ws'), '_socket')
  ;(socket as { pause(): void }).pause()
}

/** Like a bad line: a little at a time. */
const readSlowly = (client: LiveClient): { end(): void } => {
  const { engine } = client.socket.io
  const socket = Reflect.get(Reflect.get(engine.transport, 'ws'), '_socket') as Socket
  let isSlow = true
  const sip = (): void => {
    if (!isSlow) return
    socket.pause()
    setTimeout(() => socket.resume(), sipMs)
  }
  socket.on('data', sip)
  return {
    end: () => {
      isSlow = false
      socket.resume()
    },
  }
}
const sipMs = 20

const longChange = (bench: LiveBench): LiveChange => {
  const hub = bench.picture.hub(hub1)
  if (hub === null) throw new Error('no hub')
  return { kind: 'hub', hub: { ...hub, name: 'x'.repeat(50_000) } }
}

describe('the live feed on real sockets', () => {
  let bench: LiveBench
  beforeEach(async () => {
    bench = await openLiveBench({
      assignments: new Map([[pump1, { label: 'Bed 1', criticality: 'standard' as const }]]),
    })
    bench.heartbeat([pumpReport(pump1), pumpReport(pump2)])
  })
  afterEach(() => bench.close())

  it('takes what a station says of a page from people who answer alarms, and nothing that is not well formed', async () => {
    const notice = { kind: 'audible', about: { notificationId: 'n-1' }, station: 's-1' }
    const nurse = await bench.follow(await bench.signIn('nurse'))
    const engineer = await bench.follow(await bench.signIn('engineer'))
    engineer.socket.emit('receipt', notice)
    nurse.socket.emit('receipt', { ...notice, kind: 'accepted' })
    nurse.socket.emit('receipt', notice)
    await eventually(() => bench.notices.length > 0)
    expect(bench.notices).toEqual([['u-nurse', notice]])
    await eventually(() => bench.feed.counters['refused-role'] === 1)
    expect(bench.feed.counters).toMatchObject({ 'refused-role': 1, 'refused-message': 1 })
  })

  it('a new client gets everything, then numbered updates without a gap', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    const client = await bench.follow(await bench.signIn('nurse'))
    const [snapshot] = client.snapshots
    expect(snapshot?.alarms).toMatchObject([{ episodeId: 'ep-1', condition: 'active' }])
    expect(snapshot?.pumps.map(({ pumpId }) => pumpId)).toEqual(['P-1', 'P-2'])
    await bench.condition(pump2, occlusion('ep-2'))
    await bench.condition(pump1, occlusion('ep-1', { phase: 'end', state: 'inactive' }))
    await eventually(() => client.updates.length === 2)
    const first = snapshot?.at.seq ?? 0
    expect(client.updates.map(({ at }) => at)).toEqual([
      { epoch: snapshot?.at.epoch, seq: first + 1 },
      { epoch: snapshot?.at.epoch, seq: first + 2 },
    ])
  })

  it('W14: a client that was away for a moment gets the missed updates and no snapshot', async () => {
    const cookie = await bench.signIn('nurse')
    const before = await atOf(bench, cookie)
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.condition(pump2, occlusion('ep-2'))
    const client = await bench.follow(cookie, before)
    await eventually(() => client.updates.length === 2)
    expect(client.snapshots).toEqual([])
  })

  it('another epoch, or a number the server never gave, gets a snapshot', async () => {
    const cookie = await bench.signIn('nurse')
    const { epoch, seq } = await atOf(bench, cookie)
    const other = await bench.follow(cookie, { epoch: 'epoch-0', seq })
    const ahead = await bench.follow(cookie, { epoch, seq: seq + 9 })
    expect([other.snapshots.length, ahead.snapshots.length]).toEqual([1, 1])
  })

  it('a gap larger than what is kept gets a snapshot', async () => {
    const cookie = await bench.signIn('nurse')
    const before = await atOf(bench, cookie)
    for (let count = 0; count < 2500; count += 1) bench.picture.setLink(pump1, count % 2 === 0 ? 'stale' : 'up')
    const client = await bench.follow(cookie, before)
    expect(client.snapshots).toHaveLength(1)
  })

  it('a client may ask for a snapshot again at any time', async () => {
    const client = await bench.follow(await bench.signIn('nurse'))
    client.hello(null)
    await eventually(() => client.snapshots.length === 2)
  })

  it('nothing is sent before hello', async () => {
    const client = bench.connect(await bench.signIn('nurse'))
    await eventually(() => client.socket.connected)
    await bench.condition(pump1, occlusion('ep-1'))
    bench.clock.advance(1000)
    client.hello(null)
    await eventually(() => client.snapshots.length === 1)
    expect([client.updates, client.heartbeats]).toEqual([[], []])
  })

  it('the heartbeat comes each second with the digest of the open alarms', async () => {
    await bench.condition(pump1, occlusion('ep-1'))
    const client = await bench.follow(await bench.signIn('nurse'))
    bench.clock.advance(3000)
    await eventually(() => client.heartbeats.length === 3)
    expect(client.heartbeats.at(-1)).toMatchObject({
      at: client.snapshots[0]?.at,
      openAlarms: 1,
      openDigest: openDigest(client.snapshots[0]?.alarms ?? []),
      build: 'test',
    })
  })

  it('W18: samples are the latest of each pump, at most four times a second', async () => {
    const client = await bench.follow(await bench.signIn('nurse'))
    bench.sample(pump1, 0)
    bench.clock.advance(250)
    await eventually(() => client.telemetry.length === 1)
    for (let rate = 1; rate <= 50; rate += 1) {
      bench.sample(pump1, rate)
      bench.sample(pump2, rate + 100)
    }
    bench.clock.advance(249)
    bench.clock.advance(1)
    await eventually(() => client.telemetry.length === 2)
    expect(client.telemetry[1]?.samples.map(({ pumpId, sample }) => [pumpId, sample?.rateMlPerHour])).toEqual([
      ['P-1', 50],
      ['P-2', 150],
    ])
  })

  it('engineers get device ids without beds, in snapshots and in updates', async () => {
    const nurse = await bench.follow(await bench.signIn('nurse'))
    const engineer = await bench.follow(await bench.signIn('engineer'))
    bench.picture.setLink(pump1, 'stale')
    await eventually(() => nurse.updates.length === 1 && engineer.updates.length === 1)
    expect(labels(nurse)).toEqual(['Bed 1', 'Bed 1'])
    expect(labels(engineer)).toEqual([null, null])
  })

  describe('refuses', () => {
    it.each([
      ['no session', '', undefined],
      ['an unknown session', `${sessionCookie}=${'x'.repeat(43)}`, undefined],
    ])('%s', async (_, cookie) => {
      const client = bench.connect(cookie)
      await eventually(() => client.refused !== null)
      expect(bench.feed.counters['refused-session']).toBe(1)
      expect(client.socket.connected).toBe(false)
    })

    it('a foreign page, whatever its cookie', async () => {
      const client = bench.connect(await bench.signIn('nurse'), 'https://evil.example')
      await eventually(() => client.refused !== null)
      expect(bench.feed.counters['refused-origin']).toBe(1)
    })

    it('an admin: who manages users watches no patients', async () => {
      const client = bench.connect(await bench.signIn('admin'))
      await eventually(() => client.refused !== null)
      expect(bench.feed.counters['refused-role']).toBe(1)
    })

    it('a client of another protocol', async () => {
      const client = bench.connect(await bench.signIn('nurse'))
      await eventually(() => client.socket.connected)
      client.hello(null, liveProtocolVersion + 1)
      await eventually(() => client.disconnected !== null)
      expect(bench.feed.counters['dropped-protocol']).toBe(1)
    })

    it('more than twenty events a second', async () => {
      const client = await bench.follow(await bench.signIn('nurse'))
      for (let count = 0; count < 25; count += 1) client.hello(null)
      await eventually(() => client.disconnected !== null)
      expect(bench.feed.counters['dropped-flood']).toBe(1)
    })
  })

  describe('one screen more than a session may have', () => {
    it('is told so and gets nothing, while the others stay and another session is not concerned', async () => {
      const cookie = await bench.signIn('nurse')
      const screens = await Promise.all(Array.from({ length: screensPerSession }, () => bench.follow(cookie)))
      const more = bench.connect(cookie)
      const told: unknown[] = []
      more.socket.on('too-many-screens', (body) => told.push(body))
      await eventually(() => more.disconnected !== null)
      expect(told).toEqual([{ most: screensPerSession }])
      expect(more.parts).toEqual([])
      expect(bench.feed.counters['refused-screens']).toBe(1)
      expect(screens.filter(({ socket }) => socket.connected)).toHaveLength(screensPerSession)
      await bench.follow(await bench.signIn('nurse'))

      screens[3]?.socket.disconnect()
      await eventually(() => bench.feed.clients === screensPerSession)
      await bench.follow(cookie)
    })

    it('takes the place of one that was not heard for longer than a ping takes', async () => {
      const cookie = await bench.signIn('nurse')
      const screens = await Promise.all(Array.from({ length: screensPerSession }, () => bench.follow(cookie)))
      bench.clock.advance(12_001)
      await Promise.all(
        screens.slice(1).map(({ socket }) => socket.timeout(5_000).emitWithAck('canary-heard', { canaryId: 'none' })),
      )
      await bench.follow(cookie)
      await eventually(() => screens[0]?.disconnected !== null)
      expect(screens.map(({ disconnected }) => disconnected !== null)).toEqual(screens.map((_, at) => at === 0))
      expect(bench.feed.counters['dropped-quiet']).toBe(1)
    })
  })

  describe('a server that keeps nothing', () => {
    it('tells its screens so, hangs up and serves none until it keeps something again', async () => {
      let keeps = true
      const silent = await openLiveBench({ keeps: () => keeps })
      onTestFinished(() => silent.close())
      const cookie = await silent.signIn('nurse')
      const client = await silent.follow(cookie)
      keeps = false
      silent.clock.advance(1_000)
      await eventually(() => client.keepsNothing && client.disconnected !== null)
      const again = silent.connect(cookie)
      await eventually(() => again.keepsNothing && again.disconnected !== null)
      expect(again.parts).toEqual([])
      expect(silent.feed.counters).toMatchObject({ 'dropped-storage': 2 })
      keeps = true
      await silent.follow(cookie)
    })
  })

  describe('sessions', () => {
    it('signing out ends its sockets at once, and says so', async () => {
      const cookie = await bench.signIn('nurse')
      const client = await bench.follow(cookie)
      await bench.app.inject({ method: 'DELETE', url: '/api/v1/session', headers: { cookie } })
      await eventually(() => client.sessionEnded && client.disconnected !== null)
    })

    it('an expired session ends within 30 s although the socket is open', async () => {
      const client = await bench.follow(await bench.signIn('nurse'))
      bench.clock.stepWall(30 * 60_000)
      bench.clock.advance(30_000)
      await eventually(() => client.sessionEnded && client.disconnected !== null)
      expect(bench.feed.counters['ended-session']).toBe(1)
    })

    it('a nurse who uses her screen stays signed in', async () => {
      const client = await bench.follow(await bench.signIn('nurse'))
      bench.clock.stepWall(20 * 60_000)
      client.socket.emit('station', {
        visible: true,
        audio: { state: 'running', advancing: true },
        lastInputAgeMs: 1000,
        build: 'test',
      })
      client.hello(null)
      await eventually(() => client.snapshots.length === 2)
      bench.clock.stepWall(20 * 60_000)
      bench.clock.advance(30_000)
      client.hello(null)
      await eventually(() => client.snapshots.length === 3)
      expect(client.sessionEnded).toBe(false)
    })
  })

  describe('commands', () => {
    it('are answered after the commit; of two nurses one wins and the other is told who', async () => {
      await bench.condition(pump1, occlusion('ep-1'))
      const first = await bench.follow(await bench.signIn('nurse', 'm.osei'))
      const second = await bench.follow(await bench.signIn('lead', 'j.lind'))
      const [one, two] = await Promise.all([first.command(accept('request-a')), second.command(accept('request-b'))])
      const outcomes = [one.outcome, two.outcome].toSorted()
      expect(outcomes).toEqual(['conflict', 'ok'])
      const winner = one.outcome === 'ok' ? 'm.osei' : 'j.lind'
      const loser = one.outcome === 'ok' ? two : one
      expect(loser).toMatchObject({ alarm: { owner: { name: winner } }, message: expect.stringContaining(winner) })
      await eventually(() => first.updates.length === 1 && second.updates.length === 1)
    })

    it('of an engineer, of nobody’s alarm and of nonsense are refused', async () => {
      await bench.condition(pump1, occlusion('ep-1'))
      const engineer = await bench.follow(await bench.signIn('engineer'))
      const nurse = await bench.follow(await bench.signIn('nurse'))
      expect((await engineer.command(accept('request-a'))).outcome).toBe('refused')
      expect((await nurse.command({ ...accept('request-a'), episodeId: EpisodeId.parse('ep-9') })).outcome).toBe(
        'refused',
      )
      expect((await nurse.command({ ...accept('x') })).outcome).toBe('refused')
      expect(bench.picture.openAlarms()).toMatchObject([{ owner: null }])
    })
  })

  it('W18: a client that stops reading is dropped and counted, while others get everything', async () => {
    const cookie = await bench.signIn('nurse')
    const healthy = await bench.follow(cookie)
    const paused = await bench.follow(cookie)
    stopReading(paused)
    const change = longChange(bench)
    let seq = 0
    await eventually(
      () => {
        for (let burst = 0; burst < 20; burst += 1) bench.feed.publish({ epoch: 'epoch-1', seq: (seq += 1) }, [change])
        return bench.feed.counters['dropped-slow'] === 1
      },
      { within: 20_000 },
    )
    await eventually(() => healthy.updates.length === seq, { within: 20_000 })
    expect(bench.feed.clients).toBe(1)
  })

  describe('W17: a picture of 5,000 pumps', () => {
    const fleet = Array.from({ length: 5_000 }, (_, at) => ({
      hubId: hub1,
      report: pumpReport(PumpId.parse(`pump-of-fleet-${at}`)),
    }))
    beforeEach(async () => {
      await bench.condition(pump1, occlusion('ep-1'))
      bench.picture.commit({ pumps: fleet })
    })

    it('is told whole to a client on a slow line, with its open alarms in the first part, and no alarm waits for the end of it', async () => {
      const slow = bench.connect(await bench.signIn('nurse'))
      await eventually(() => slow.socket.connected)
      const sips = readSlowly(slow)
      slow.hello(null)
      await eventually(() => slow.parts.length > 2, { within: 20_000 })
      await bench.condition(pump2, occlusion('ep-2'))
      // Each beat looks for clients on whom too much is waiting.
      const told = async (): Promise<boolean> => {
        bench.clock.advance(200)
        return slow.snapshots.length === 1
      }
      await eventually(told, { within: 60_000 })
      sips.end()
      expect(bench.feed.counters['dropped-slow']).toBe(0)
      expect(slow.parts[0]).toMatchObject({ alarms: [{ episodeId: 'ep-1' }], alarmsWhole: true, whole: false })
      expect(slow.snapshots[0]?.pumps).toHaveLength(fleet.length + 2)
      expect(slow.updates.flatMap(({ changes }) => changes.map(({ kind }) => kind))).toContain('alarm')
      expect(slow.partsBefore('ep-2')).toBeLessThan(slow.parts.length)
    })

    it('is followed by nothing else until its first part is taken, and then by what was missed', async () => {
      const client = bench.connect(await bench.signIn('nurse'))
      const heard: string[] = []
      client.socket.onAny((event: string) => heard.push(event))
      await eventually(() => client.socket.connected)
      const acknowledge: (() => void)[] = []
      client.socket.off('snapshot')
      client.socket.on('snapshot', (_body: unknown, taken: () => void) => acknowledge.push(taken))
      client.hello(null)
      await eventually(() => acknowledge.length === 1)
      await bench.condition(pump2, occlusion('ep-2'))
      bench.clock.advance(3_000)
      // What was sent before comes before the answer.
      await client.socket.timeout(5_000).emitWithAck('canary-heard', {})
      expect(heard).toEqual(['snapshot'])
      acknowledge[0]?.()
      await eventually(() => client.updates.some(({ changes }) => changes.some(({ kind }) => kind === 'alarm')))
      bench.clock.advance(1_000)
      await eventually(() => client.heartbeats.length === 1)
      expect(client.heartbeats[0]?.at.seq).toBe(client.updates.at(-1)?.at.seq)
    })

    it('is not told any further to a client that takes nothing, and the client is dropped', async () => {
      const stuck = bench.connect(await bench.signIn('nurse'))
      await eventually(() => stuck.socket.connected)
      stopReading(stuck)
      stuck.hello(null)
      await eventually(() => bench.feed.clients === 1)
      const change = longChange(bench)
      let seq = bench.picture.at().seq
      await eventually(
        () => {
          for (let burst = 0; burst < 20; burst += 1)
            bench.feed.publish({ epoch: 'epoch-1', seq: (seq += 1) }, [change])
          bench.clock.advance(1_000)
          return bench.feed.counters['dropped-slow'] === 1
        },
        { within: 20_000 },
      )
      expect(stuck.parts).toEqual([])
      expect(bench.feed.clients).toBe(0)
    })
  })

  it('closing the server does not wait for a client that has stopped reading', async () => {
    const paused = await bench.follow(await bench.signIn('nurse'))
    stopReading(paused)
    for (let seq = 1; seq < 400; seq += 1) bench.feed.publish({ epoch: 'epoch-1', seq }, [longChange(bench)])
    const started = performance.now()
    await bench.app.close()
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it('closing the server ends with sockets open', async () => {
    const client = await bench.follow(await bench.signIn('nurse'))
    await bench.app.close()
    await eventually(() => client.disconnected !== null)
    await new Promise<void>((resolve, reject) => {
      const socket = connectTcp(Number(new URL(bench.url).port), '127.0.0.1')
      socket.on('error', () => resolve())
      socket.on('connect', () => reject(new Error('still listening')))
    })
  })
})
