import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BootId } from '#domain/ids.ts'
import { HttpUplink } from '#gateway/adapters/http-uplink/http-uplink.ts'
import { openSqliteOutbox } from '#gateway/adapters/sqlite-outbox/sqlite-outbox.ts'
import { systemClock, systemScheduler } from '#gateway/adapters/system-time.ts'
import { LaneForwarder } from '#gateway/core/lane-forwarder.ts'
import { seededRandom } from '#simulators/core/random.ts'
import { eventually } from '#test/support/eventually.ts'
import { FaultProxy } from '#simulators/adapters/fault-proxy.ts'
import { conditionRecord, telemetryRecord } from '#test/support/gateway-records.ts'
import { effectKeys, startHubServer } from '#test/support/hub-server.ts'
import { reachFor } from '#test/support/server-trust.ts'
import { tokenOf } from '#test/support/power-cut/acknowledgements.ts'
import type { HubServerOptions } from '#test/support/hub-server.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { LaneReport } from '#gateway/core/lane-forwarder.ts'
import type { NewRecord } from '#gateway/core/ports.ts'

// The hub's own outbox and uplink against the server's own hub interface, with a network between them that loses, delays, cuts and
// changes what passes. Whatever it does: each record has its effect once, as it was told.

const seed = Number(process.env['NETWORK_SEED'] ?? 20_260_110)

const bench = async (options: HubServerOptions = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'network-'))
  mkdirSync(join(folder, 'server'))
  const server = await startHubServer(join(folder, 'server'), options)
  const keys = await server.pair(join(folder, 'identity'))
  const proxy = await FaultProxy.start({ host: '127.0.0.1', port: Number(server.url.port) }, seed)
  server.answersTo(`127.0.0.1:${proxy.port}`)
  const outbox = await openSqliteOutbox({
    folder: join(folder, 'outbox'),
    bootId: BootId.parse(randomUUID()),
    quarantined: () => {},
    salvaged: () => {},
    died: (error) => {
      throw error
    },
  })
  const uplink = new HttpUplink({
    ...reachFor(new URL(`http://127.0.0.1:${proxy.port}`), systemClock),
    bootId: outbox.bootId,
    identity: keys,
  })
  const stop = new AbortController()
  // The shortest back-off every time: the faults are to meet many attempts.
  const lane = (name: Lane): LaneForwarder =>
    new LaneForwarder({
      lane: name,
      outbox,
      uplink,
      clock: systemClock,
      scheduler: systemScheduler,
      random: () => 0,
      troubleChanged: () => {},
    })
  const lanes = { alarm: lane('alarm'), telemetry: lane('telemetry') }
  let running: Promise<unknown> = Promise.resolve()
  onTestFinished(async () => {
    stop.abort()
    await running
    await uplink[Symbol.asyncDispose]()
    await outbox[Symbol.asyncDispose]()
    await proxy[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  const told = new Map<string, NewRecord>()
  const random = seededRandom(seed)
  const store = async (records: readonly NewRecord[]): Promise<void> => {
    await outbox.append(records)
    for (const record of records) told.set(tokenOf({ ...record, seq: 1, bootId: outbox.bootId }) ?? '', record)
    for (const each of Object.values(lanes)) each.wake()
  }
  const drained = async (within = 30_000): Promise<void> => {
    await eventually(
      async () => {
        const { alarm, telemetry } = await outbox.depth()
        return alarm.rows + telemetry.rows === 0
      },
      { within, every: 20, what: 'the outbox to drain' },
    )
  }
  const rate = (): number => random.whole(1, 2 ** 30) / 2 ** 20 + told.size * 1_024
  return {
    server,
    proxy,
    lanes,
    told,
    start: (): void => {
      running = Promise.all(Object.values(lanes).map((each) => each.run(stop.signal)))
    },
    alarm: async (): Promise<string> => {
      const episodeId = randomUUID()
      await store([conditionRecord({ episodeId })])
      return episodeId
    },
    samples: async (count: number): Promise<void> => {
      const records = Array.from({ length: count }, (_, n) => telemetryRecord({ rateMlPerHour: rate() + n }))
      for (let at = 0; at < count; at += 200) {
        const appended = store(records.slice(at, at + 200))
        outbox.hurry()
        await appended
      }
    },
    reports: (): readonly LaneReport[] => Object.values(lanes).map((each) => each.report()),
    drained,
    /** All is on the server, once each and as it was told; says so in numbers. */
    arrives: async (within?: number): Promise<string> => {
      await drained(within)
      const keys = effectKeys(server)
      expect(keys.length, 'effects').toBe(told.size)
      expect(new Set(keys).size, 'records with an effect').toBe(told.size)
      for (const { record } of server.alarms)
        if (record.kind === 'condition') expect(record.body).toEqual(told.get(record.body.episodeId)?.body)
      for (const { sample } of server.samples) expect(sample).toEqual(told.get(String(sample.rateMlPerHour))?.body)
      return `${told.size} records told, ${keys.length} effects, 0 lost, 0 doubled, 0 changed`
    },
  }
}

describe(`a network that is not to be trusted, seed ${seed}`, () => {
  it('changes bits in flight: no changed record is taken, and all arrive once it stops', async () => {
    const { proxy, alarm, samples, start, arrives } = await bench()
    proxy.set({ toServer: { flip: 1e-5 }, toClient: { flip: 1e-5 } })
    start()
    await eventually(
      async () => {
        await Promise.all([alarm(), samples(40)])
        return proxy.counts.flippedBits >= 25
      },
      { within: 60_000, every: 20, what: '25 flipped bits' },
    )
    proxy.set({})
    const told = await arrives()
    console.log(`${proxy.counts.flippedBits} bits flipped on ${proxy.counts.connections} connections: ${told}`)
  })

  it('resets connections in the middle of a request and loses answers: no record has two effects', async () => {
    const { proxy, alarm, samples, start, arrives } = await bench()
    proxy.set({ resetInRequest: 0.4, loseAnswer: 0.4 })
    start()
    await eventually(
      async () => {
        await Promise.all([alarm(), samples(40)])
        return proxy.counts.lostAnswers >= 40 && proxy.counts.resets >= 80
      },
      { within: 90_000, every: 20, what: 'forty lost answers and eighty resets' },
    )
    proxy.set({})
    console.log(`${proxy.counts.resets} resets, ${proxy.counts.lostAnswers} answers lost: ${await arrives()}`)
  })

  it('is seen to double records on a server that does not look what it has already', async () => {
    const { proxy, server, alarm, start, drained } = await bench({ forgets: true })
    proxy.set({ loseAnswer: 0.5 })
    start()
    for (let n = 0; n < 20; n += 1) await alarm()
    await eventually(() => proxy.counts.lostAnswers >= 5, { within: 20_000 })
    proxy.set({})
    await drained()
    const keys = effectKeys(server)
    const doubled = keys.length - new Set(keys).size
    console.log(
      `${proxy.counts.lostAnswers} answers lost, no look at what is there already: ${doubled} effects too many`,
    )
    expect(doubled).toBeGreaterThan(0)
  })

  it('goes silent without a word: both lanes notice within the ten seconds of an exchange and go on when it is back', async () => {
    const { proxy, lanes, reports, alarm, samples, start, arrives } = await bench()
    start()
    await Promise.all([alarm(), samples(10)])
    await eventually(() => reports().every(({ delivered }) => delivered > 0))
    proxy.set({ toServer: { stall: true }, toClient: { stall: true }, silentAccept: true })
    const silentAt = performance.now()
    await Promise.all([alarm(), samples(10)])
    await eventually(() => reports().every(({ trouble }) => trouble?.code === 'GW_UPLINK_UNREACHABLE'), {
      within: 13_000,
      what: 'both lanes to notice',
    })
    const noticedAfter = performance.now() - silentAt
    proxy.set({})
    proxy.resetAll()
    const backAt = performance.now()
    await alarm()
    await eventually(() => lanes.alarm.report().trouble === null, { within: 15_000 })
    const told = await arrives()
    console.log(
      `dead peer noticed by both lanes after ${(noticedAfter / 1_000).toFixed(1)} s, ` +
        `all delivered ${((performance.now() - backAt) / 1_000).toFixed(1)} s after it was back: ${told}`,
    )
  })

  it('takes 200 ms to 2 s there and back: with a full backlog no alarm waits behind telemetry', async () => {
    const { proxy, server, alarm, samples, told, start, arrives } = await bench()
    await samples(6_000)
    proxy.set({ toServer: { delayMs: [100, 1_000] }, toClient: { delayMs: [100, 1_000] } })
    start()
    const taken: number[] = []
    const behind: number[] = []
    for (let n = 0; n < 8; n += 1) {
      const episode = await alarm()
      const at = performance.now()
      const samplesBefore = server.samples.length
      await eventually(() => server.alarms.some(({ record }) => tokenOf(record) === episode), { within: 20_000 })
      taken.push(performance.now() - at)
      behind.push(server.samples.length - samplesBefore)
    }
    const left = told.size - server.alarms.length - server.samples.length
    proxy.set({})
    const most = Math.max(...taken)
    console.log(
      `200 ms to 2 s of latency, 6,000 samples waiting: ${taken.length} alarms took at most ${(most / 1_000).toFixed(1)} s, ` +
        `${left} samples were still waiting behind the last; ${await arrives(60_000)}`,
    )
    // All alarms were there while telemetry still waited, and none saw more than a few batches pass.
    expect(left).toBeGreaterThan(0)
    expect(Math.max(...behind)).toBeLessThanOrEqual(3 * 500)
  })

  it('is as narrow as 128 kbit/s: a lane whose batches do not fit into ten seconds sends smaller ones', async () => {
    const { proxy, samples, start, arrives } = await bench()
    await samples(500)
    proxy.set({ toServer: { bytesPerSecond: 16_000, pieceBytes: 1_460 } })
    start()
    await eventually(() => proxy.counts.connections > 0)
    const started = performance.now()
    const told = await arrives(170_000)
    console.log(`128 kbit/s: drained in ${((performance.now() - started) / 1_000).toFixed(0)} s: ${told}`)
  }, 200_000)
})
