import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { eventually } from '#test/support/eventually.ts'
import type { Measured } from '../figure.ts'
import type { Bench, Measure } from '../measure.ts'
import { startBenchServer } from '../support/bench-server.ts'
import { HubAfterOutage } from '../support/hub-after-outage.ts'
import { sqliteIngest } from '../support/sqlite-ingest.ts'
import { samplesIn } from '../support/samples-in.ts'
import { WatchingNurse } from '../support/watching-nurse.ts'

/** A day of ten pumps. */
const backlog = { pumps: 10, samplesPerPump: 86_400 }
const drainAtMostS = 60
const alarmAtMostMs = 1_000
const patienceMs = 300_000
const freshPump = 'FRESH-1'

interface Drained {
  readonly seconds: number
  readonly alarmMs: number
  readonly found: number
  readonly samples: number
}

const drained = async (bench: Bench): Promise<Drained> => {
  await using server = await startBenchServer()
  bench.say(`  filling an outbox with ${(backlog.pumps * backlog.samplesPerPump).toLocaleString('en')} samples`)
  await using hub = await HubAfterOutage.prepare(server, backlog)
  const seenAt = Promise.withResolvers<number>()
  using owned = new DisposableStack()
  const nurse = await WatchingNurse.open(server.url, server.person('nurse'), ({ pumpId }) => {
    if (pumpId === freshPump) seenAt.resolve(performance.now())
  })
  owned.use(nurse)
  hub.start()
  const waiting = async (): Promise<number | null> => (await hub.status())?.outbox.telemetry.rows ?? null
  const until = (what: string, met: (rows: number) => boolean): Promise<true> =>
    eventually(
      async () => {
        const rows = await waiting()
        return rows !== null && met(rows) ? true : null
      },
      { within: patienceMs, every: 100, what },
    )
  await until('the drain to begin', (rows) => rows < hub.samples)
  const begun = performance.now()
  const left = (await waiting()) ?? hub.samples
  bench.say(`  draining ${left.toLocaleString('en')} of them`)
  await until('half of it', (rows) => rows < left / 2)
  const mqtt = await connectAsync(`mqtt://127.0.0.1:${hub.mqttPort}`, { clientId: freshPump, reconnectPeriod: 0 })
  const say = (kind: string, body: object): Promise<unknown> =>
    mqtt.publishAsync(`pumps/${freshPump}/${kind}`, JSON.stringify(body), { qos: 1 })
  await say('status', { online: true, serial: freshPump, intervalMs: 5_000, measurementStatus: ['demo'] })
  const calledAt = performance.now()
  await say('alarm', { code: 'air-in-line', phase: 'start', priority: 'high' })
  const alarmMs = (await seenAt.promise) - calledAt
  await mqtt.endAsync()
  await until('the outbox to be empty', (rows) => rows === 0)
  const seconds = ((performance.now() - begun) / 1_000) * (hub.samples / left)
  return { seconds, alarmMs, found: samplesIn(join(server.dataDir, 'telemetry.db'), 'B-'), samples: hub.samples }
}

export const measure: Measure = {
  what: 'a real hub comes back after a day of ten pumps at 1 Hz without a server, and half-way a pump calls; every sample is then counted in the database; limit: as many samples at the rate of ingest-sqlite in the same run',
  run: async (bench): Promise<readonly Measured[]> => {
    const { perSecond } = await sqliteIngest(bench)
    const { seconds, alarmMs, found, samples } = await bench.once('drain', () => drained(bench))
    return [
      {
        name: 'drain of 24 h of 10 pumps',
        value: seconds,
        unit: 's',
        limit: samples / perSecond,
        target: { on: 'value', atMost: drainAtMostS },
      },
      {
        name: 'drain, fresh alarm in the middle → open wall',
        value: alarmMs,
        unit: 'ms',
        target: { on: 'value', atMost: alarmAtMostMs },
      },
      {
        name: 'drain, samples found in the database',
        value: found,
        unit: 'samples',
        limit: samples,
        target: { on: 'ratio', atLeast: 1, atMost: 1 },
      },
    ]
  },
}
