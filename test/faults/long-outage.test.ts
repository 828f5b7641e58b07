import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ChannelId } from '#domain/ids.ts'
import { emptySample } from '#domain/telemetry.ts'
import { Tombstone } from '#domain/uplink/records.ts'
import { defaultLimits } from '#gateway/adapters/sqlite-outbox/limits.ts'
import { GatewayError } from '#gateway/core/errors.ts'
import { seededRandom } from '#simulators/core/random.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import { outboxSets } from '#test/support/outbox-sets.ts'
import { virtualServer } from '#test/support/virtual-server.ts'
import { VirtualHub } from '#test/support/virtual-hub.ts'
import type { AlarmCode } from '#domain/alarm/codes.ts'
import type { ReportedAlarm } from '#domain/pump-protocols/profile.ts'
import type { TelemetrySample } from '#domain/telemetry.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { PumpStream } from '#gateway/core/pump-stream.ts'
import type { Random } from '#simulators/core/random.ts'

// Ten pumps, three days without a server, on a clock that a test moves: the recorder, the outbox's files and the forwarders of the hub,
// the ingest and the alarm engine of the server. What the hub made is accounted for to the last number.

const seed = Number(process.env['OUTAGE_SEED'] ?? 20_260_112)
const hours = Number(process.env['OUTAGE_HOURS'] ?? 72)
/** Seconds between two samples of a pump; 1 is what pumps do, and takes minutes here. */
const everySeconds = Number(process.env['OUTAGE_EVERY_SECONDS'] ?? 30)
/** Telemetry's quota, MiB: small enough that it is reached. 1,024 is the product's. */
const quotaMiB = Number(process.env['OUTAGE_QUOTA_MIB'] ?? 8)

const pumpCount = 10
const secondMs = 1_000
const hourMs = 3_600_000
const episodesPerPump = 20
const roundTripMs = 50
const codes: readonly AlarmCode[] = [
  'air-in-line',
  'occlusion-downstream',
  'battery-low',
  'cassette-detached',
  'reservoir-empty',
]
const channelId = ChannelId.parse('1')

interface Episode {
  readonly pump: number
  readonly code: AlarmCode
  readonly fromMs: number
  /** Infinity: still active when the server is back. */
  readonly toMs: number
}

/** Alarms during the outage, none of a pump's overlapping with its own kind. */
const story = (random: Random): readonly Episode[] =>
  Array.from({ length: pumpCount }, (_, pump) =>
    codes.flatMap((code, which) => {
      const count = episodesPerPump / codes.length
      const slot = (hours * hourMs) / count
      return Array.from({ length: count }, (_unused, n): Episode => {
        const fromMs = n * slot + random.between(0.1, 0.6) * slot
        const lasts = pump < 3 && which === pump && n === count - 1
        return { pump, code, fromMs, toMs: lasts ? Infinity : fromMs + random.between(5_000, 0.3 * slot) }
      })
    }),
  ).flat()

const reported = (code: AlarmCode): ReportedAlarm => ({
  code,
  channelId,
  vendorCode: code,
  vendorText: null,
  priority: 'high',
})

const sampleAt = (serial: string, second: number, random: Random): TelemetrySample => ({
  ...emptySample(channelId, serial),
  operatingState: 'infusing',
  rateMlPerHour: 12.5,
  infusedTotalMl: Math.round((second * 12_500) / 3_600) / 1_000,
  programRemainingMl: Math.round(1e6 - (second * 12_500) / 3_600) / 1_000,
  linePressureMmHg: 110 + random.whole(-9, 9),
  batteryPercent: 78,
})

const scratch = (): string => {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'outage-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const mib = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1)

const pumpName = (index: number): string => `PUMP-${String(index).padStart(4, '0')}`

/** A server that is there or not, and what it was asked in which order. */
const network = (server: ReturnType<typeof virtualServer>, clock: ManualClock) => {
  const deliveries: { readonly lane: Lane; readonly atMs: number; readonly records: number }[] = []
  const state = { up: true }
  return {
    state,
    deliveries,
    deliver: async (lane: Lane, batch: Parameters<typeof server.take>[2]) => {
      if (!state.up) throw new GatewayError('GW_UPLINK_UNREACHABLE', 'no network')
      await new Promise<void>((resolve) => clock.after(roundTripMs, resolve))
      const verdicts = await server.take(batch[0]!.bootId, lane, batch)
      deliveries.push({ lane, atMs: clock.monotonic(), records: batch.length })
      return verdicts
    },
  }
}

describe(`an outage of ${hours} hours, seed ${seed}`, () => {
  it('stays within its disk, brings alarms first, rings nothing that is over, and accounts for every number', async () => {
    const folder = scratch()
    const clock = new ManualClock()
    await using server = virtualServer(clock)
    const net = network(server, clock)
    const limits = {
      ...defaultLimits,
      telemetryBytes: quotaMiB * 1024 * 1024,
      reserveBytes: 1024 * 1024,
      ballastBytes: 0,
    }
    const hub = new VirtualHub({ folder, clock, limits, deliver: net.deliver })
    const random = seededRandom(seed)
    const episodes = story(random)
    const streams = Array.from({ length: pumpCount }, (_, index) => hub.stream(`port-${index}`))
    const push = async (stream: PumpStream, event: Parameters<PumpStream['push']>[0]): Promise<void> => {
      const done = stream.push(event)
      await turn()
      hub.commitTelemetry()
      await done
    }
    for (const [index, stream] of streams.entries()) {
      const serial = pumpName(index)
      await push(stream, {
        kind: 'identified',
        identity: {
          serial,
          maker: 'Acme',
          model: 'AP100',
          firmware: '1',
          statusIntervalMs: 1_000,
          measurementStatus: [],
        },
      })
      await push(stream, { kind: 'link', link: 'up', reason: null })
      await push(stream, { kind: 'alarms', active: [] })
    }
    const delivering = (): { readonly stop: () => Promise<void> } => {
      const abort = new AbortController()
      const running = hub.run(abort.signal)
      return {
        stop: async () => {
          abort.abort()
          clock.advance(60_000)
          await running
        },
      }
    }
    /** Moves time until `done`, in small steps: deliveries and their answers take turns. */
    const pass = async (done: () => boolean, mostMs: number): Promise<void> => {
      const until = clock.monotonic() + mostMs
      while (!done() && clock.monotonic() < until) {
        clock.advance(10)
        await turn()
      }
    }

    // Before the outage everything arrives.
    const before = delivering()
    await pass(() => hub.depth().alarm.rows + hub.depth().telemetry.rows === 0, 60_000)
    net.state.up = false
    await before.stop()
    const outageMs = clock.monotonic()
    const firstOfOutage = (hub.depth().manifest?.lastSeq ?? 0) + 1

    let mostDisk = 0
    let mostFill = 0
    const active = new Map<number, Set<AlarmCode>>(streams.map((_, index) => [index, new Set()]))
    const edges = episodes
      .flatMap((episode) => [
        { atMs: episode.fromMs, episode, starts: true },
        ...(episode.toMs < hours * hourMs ? [{ atMs: episode.toMs, episode, starts: false }] : []),
      ])
      .toSorted((a, b) => a.atMs - b.atMs)
    let edge = 0
    for (let second = 0; second < hours * 3_600; second += everySeconds) {
      for (; (edges[edge]?.atMs ?? Infinity) <= second * secondMs; edge += 1) {
        const { episode, starts } = edges[edge]!
        const codesNow = active.get(episode.pump)!
        if (starts) codesNow.add(episode.code)
        else codesNow.delete(episode.code)
        await streams[episode.pump]!.push({ kind: 'alarms', active: [...codesNow].map(reported) })
      }
      const pushed = streams.map((stream, index) =>
        stream.push({ kind: 'sample', sample: sampleAt(pumpName(index), second, random) }),
      )
      await turn()
      hub.commitTelemetry()
      await Promise.all(pushed)
      clock.advance(everySeconds * secondMs)
      if (second % 60 < everySeconds) {
        await Promise.all(streams.map((stream) => stream.passTime(net.state.up)))
        hub.keepHouse()
        mostDisk = Math.max(mostDisk, hub.diskBytes())
        const { telemetryBytes = 0, telemetryQuotaBytes = 1 } = hub.depth().storage ?? {}
        mostFill = Math.max(mostFill, telemetryBytes / telemetryQuotaBytes)
      }
    }
    const waiting = hub.depth()

    // The network is back. A fresh alarm comes at this very moment.
    net.state.up = true
    const backMs = clock.monotonic()
    const deliveredBefore = net.deliveries.length
    const after = delivering()
    await streams[9]!.push({ kind: 'alarms', active: [...active.get(9)!, 'free-flow' as const].map(reported) })
    const still = new Set([...active].flatMap(([pump, list]) => [...list].map((code) => `${pumpName(pump)} ${code}`)))
    still.add(`${pumpName(9)} free-flow`)
    const rangWrongly = new Set<string>()
    let freshAfterMs: number | null = null
    let checked = 0
    await pass(() => {
      // What rings at any moment of the way must be active at a pump now.
      if (net.deliveries.length > checked) {
        checked = net.deliveries.length
        for (const { pumpId, code, confirmed, condition } of server.openAlarms()) {
          const name = `${pumpId} ${code}`
          if (confirmed && condition === 'active' && !still.has(name)) rangWrongly.add(name)
          if (confirmed && name.endsWith('free-flow')) freshAfterMs ??= clock.monotonic() - backMs
        }
      }
      return hub.depth().alarm.rows === 0
    }, 600_000)
    const alarmsInMs = clock.monotonic() - backMs
    const telemetryLeft = hub.depth().telemetry.rows
    // The next full list of each pump confirms what is still there, and nothing else.
    await Promise.all(streams.map((stream) => stream.askSnapshot('requested')))
    await pass(() => hub.depth().alarm.rows + hub.depth().telemetry.rows === 0, 3_600_000)
    const drainedInMs = clock.monotonic() - backMs
    await after.stop()
    const { manifest, ledger, quarantined } = hub.depth()
    const { bootId } = hub
    hub[Symbol.dispose]()

    const first = net.deliveries[deliveredBefore]!
    const own = outboxSets(folder).get(bootId)
    const stored = await server.received(bootId)
    const produced = (manifest?.lastSeq ?? 0) - (manifest?.firstSeq ?? 0) + 1
    const told = server.taken.flatMap(({ record }) => (record.kind === 'tombstone' ? [record.body] : []))
    const tombstoned = new Set(
      told
        .map((body) => Tombstone.parse(body))
        .flatMap(({ ranges }) =>
          ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, n) => from + n)),
        ),
    )
    const pending = own?.pending.size ?? 0
    const rings = server.openAlarms().filter(({ confirmed, condition }) => confirmed && condition === 'active')
    console.log(
      `${hours} h of ${pumpCount} pumps, a sample every ${everySeconds} s, quota ${quotaMiB} MiB, seed ${seed}: ${produced} produced = ` +
        `${stored.size} stored + ${pending} pending + ${tombstoned.size} tombstoned + ${quarantined} quarantined; ` +
        `disk at most ${mib(mostDisk)} MiB, quota filled to ${(100 * mostFill).toFixed(0)} %; at the end of the outage ${waiting.alarm.rows} alarm records and ` +
        `${waiting.telemetry.rows} of telemetry waited. Back after ${roundTripMs} ms a round trip: first alarm batch after ${first.atMs - backMs} ms, ` +
        `a fresh alarm after ${freshAfterMs} ms, all alarms after ${alarmsInMs} ms with ${telemetryLeft} of telemetry still waiting, all after ${drainedInMs} ms; ` +
        `${episodes.length} alarms of the outage, ${rings.length} ring`,
    )
    // Bounded.
    expect(mostFill).toBeLessThanOrEqual(1)
    // Nothing goes before the first line of the quota is reached, and something does beyond it.
    expect(tombstoned.size > 0).toBe(mostFill >= 0.8)
    // Alarms first.
    expect(first).toMatchObject({ lane: 'alarm' })
    expect(first.atMs - backMs).toBeLessThan(5_000)
    expect(freshAfterMs).not.toBeNull()
    // Nothing rings that is over, and everything that is not over does.
    expect([...rangWrongly]).toEqual([])
    expect(new Set(rings.map(({ pumpId, code }) => `${pumpId} ${code}`))).toEqual(still)
    const late = server.openAlarms().filter(({ startedAt }) => startedAt < outageMs)
    expect(late.filter((alarm) => !alarm.late)).toEqual([])
    // Accounted for.
    expect(server.refused).toEqual([])
    expect(pending).toBe(0)
    expect([...stored].filter((seq) => tombstoned.has(seq))).toEqual([])
    expect(stored.size + pending + tombstoned.size + quarantined).toBe(produced)
    expect(ledger).toMatchObject({ pending: 0, tombstoned: tombstoned.size, quarantined: 0 })
    expect(firstOfOutage).toBeGreaterThan(1)
  }, 1_800_000)
})
