import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BootId, PumpId } from '#domain/ids.ts'
import { HubLedger } from '#domain/live/ledger.ts'
import type { Heartbeat } from '#domain/uplink/envelope.ts'
import type { UplinkRecord } from '#domain/uplink/records.ts'
import { BatchReply, type Verdict } from '#domain/uplink/verdicts.ts'
import { DemoAccess } from '#server/adapters/demo-access.ts'
import { enrolHub } from '#test/support/enrolled-hub.ts'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import { startInfluxd, type RunningInfluxd } from '#test/support/influxd.ts'
import { Nurse } from '#test/support/nurse.ts'
import { Program } from '#test/support/program.ts'
import { pumpReport } from '#test/support/server-bench.ts'
import { findService, missingService, servicesRequired } from '#test/support/services.ts'
import type { SigningHub } from '#test/support/signing-hub.ts'
import { condition, telemetry } from '#test/support/uplink-records.ts'

// The real InfluxDB stops while a hub delivers six hours of four pumps and lives on: nothing is lost, alarms do not notice, and every
// sample is counted in the end. The driver keeps what was not answered `stored`, as a hub does, and its own list is the oracle.

const hours = 6
const everyMs = 2_000
const pumps = ['PUMP-0001', 'PUMP-0002', 'PUMP-0003', 'PUMP-0004'].map((id) => PumpId.parse(id))
const batchOf = 240
const hourMs = 3_600_000
const available = findService('influxd') !== null

class Hub {
  readonly #url: string
  readonly #signing: SigningHub
  readonly #bootId = BootId.parse('boot-1')
  readonly #began = performance.now()
  /** The boot began six hours before the test. */
  readonly #uptimeMs = hours * hourMs
  #seq = 0
  /** What the server has not answered for good, oldest first. */
  waiting: UplinkRecord[] = []
  readonly produced: UplinkRecord[] = []

  constructor(url: string, signing: SigningHub) {
    this.#url = url
    this.#signing = signing
  }

  get monotonicMs(): number {
    return this.#uptimeMs + performance.now() - this.#began
  }

  get lastSeq(): number {
    return this.#seq
  }

  sample(pumpId: PumpId, monotonicMs = this.monotonicMs): UplinkRecord {
    const record = telemetry((this.#seq += 1), { pumpId, monotonicMs, rateMlPerHour: this.#seq % 500 })
    this.produced.push(record)
    this.waiting.push(record)
    return record
  }

  async alarm(): Promise<number> {
    const record = condition((this.#seq += 1), { monotonicMs: this.monotonicMs })
    const began = performance.now()
    const [verdict] = await this.send('alarm', [record])
    expect(verdict?.verdict).toBe('stored')
    return performance.now() - began
  }

  /** What is stored leaves the outbox. */
  async deliver(records: readonly UplinkRecord[]): Promise<readonly Verdict[]> {
    const verdicts = await this.send('telemetry', records)
    const stored = new Set(verdicts.flatMap(({ seq, verdict }) => (verdict === 'stored' ? [seq] : [])))
    this.waiting = this.waiting.filter(({ seq }) => !stored.has(seq))
    return verdicts
  }

  async send(lane: 'alarm' | 'telemetry', records: readonly UplinkRecord[]): Promise<readonly Verdict[]> {
    const body = { v: 1, bootId: this.#bootId, anchor: this.#anchor(), records }
    return BatchReply.parse(await this.#post(lane, body)).verdicts
  }

  async beat(): Promise<void> {
    const oldest = this.waiting[0]
    const rows = this.waiting.length
    const body: Heartbeat = {
      v: 1,
      bootId: this.#bootId,
      monotonicMs: this.monotonicMs,
      wallAt: Date.now(),
      clockQuality: 'ntp',
      anchor: this.#anchor(),
      versions: { gateway: '0.1.0', node: '24.21.0' },
      manifest: this.#seq === 0 ? null : { firstSeq: 1, lastSeq: this.#seq },
      outbox: {
        alarm: { rows: 0, oldestAgeMs: null },
        telemetry: { rows, oldestAgeMs: oldest === undefined ? null : this.monotonicMs - oldest.monotonicMs },
        quarantined: 0,
        tombstoned: 0,
        diskFreeBytes: null,
      },
      ports: [],
      pumps: pumps.map((pumpId) => pumpReport(pumpId, { statusIntervalMs: everyMs, simulated: true })),
      conditions: [],
    }
    await this.#post('heartbeat', body)
  }

  #anchor() {
    return { monotonicMs: this.monotonicMs, serverAt: Date.now(), errorMs: 5 }
  }

  async #post(path: string, body: unknown): Promise<unknown> {
    for (;;) {
      const { authority } = { authority: new URL(this.#url).host }
      const request = this.#signing.request(`/hub/v1/${path}`, body, Date.now(), { authority })
      const answer = await fetch(`${this.#url}${request.url}`, {
        method: 'POST',
        headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => name !== 'host')),
        body: request.payload,
      })
      if (answer.ok) return answer.json()
      const text = await answer.text()
      if (answer.status !== 429 && answer.status !== 503)
        throw new Error(`${path} was answered ${answer.status}: ${text}`)
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
}

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0

describe.skipIf(!available && !servicesRequired())(
  available ? 'InfluxDB down for hours' : `skipped, ${missingService('influxd')}`,
  () => {
    const dir = mkdtempSync(join(tmpdir(), 'store-outage-'))
    let influxd: RunningInfluxd
    let server: Program
    let env: Record<string, string>

    beforeAll(async () => {
      influxd = await startInfluxd()
      env = { DATA_DIR: dir, PORT: '0', DEMO_ACCOUNTS: '1', INFLUX_URL: influxd.url, LOG_LEVEL: 'info' }
      server = new Program({ name: 'server', args: ['server/main.ts'], env })
    })
    afterAll(async () => {
      await server?.[Symbol.asyncDispose]()
      await influxd?.[Symbol.asyncDispose]()
      rmSync(dir, { recursive: true, force: true })
    })

    const count = async (): Promise<ReadonlyMap<string, number>> => {
      const q = 'SELECT count("seq") FROM "infusion" GROUP BY "pump"'
      const answer = await fetch(`${influxd.url}/query?db=infusion&q=${encodeURIComponent(q)}`)
      const { results } = (await answer.json()) as {
        results: { series?: { tags: { pump: string }; values: [string, number][] }[] }[]
      }
      return new Map((results[0]?.series ?? []).map(({ tags, values }) => [tags.pump, values[0]?.[1] ?? 0]))
    }
    const rssMiB = (): number =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

    it('loses nothing, does not slow an alarm, shows what is live, and has every sample afterwards', async () => {
      const [, port] = await server.says(/"address":"http:\/\/127\.0\.0\.1:(\d+)"/)
      const url = `http://localhost:${port}`
      const access = DemoAccess.parse(JSON.parse(readFileSync(join(dir, 'demo-access.json'), 'utf8')))
      const signIn = async (role: string): Promise<Nurse> => {
        const user = access.users.find((one) => one.role === role)
        return Nurse.signIn(url, user?.name ?? '', user?.password ?? '')
      }
      const nurse = await signIn('nurse')
      const signing = await enrolHub(url, access.claim?.id ?? '', access.claim?.code ?? '')
      const hub = new Hub(url, signing)
      await hub.beat()
      const [{ hubId } = { hubId: '' }] = await nurse.hubs()

      // Well: one batch arrives.
      for (const pumpId of pumps) hub.sample(pumpId)
      expect((await hub.deliver(hub.waiting)).every(({ verdict }) => verdict === 'stored')).toBe(true)
      const before: number[] = []
      for (let at = 0; at < 20; at += 1) before.push(await hub.alarm())

      // Down. The hub has six hours behind it, as after an outage of that length, and goes on.
      await influxd.stop()
      const backlogFrom = hub.monotonicMs - hours * hourMs
      for (let at = backlogFrom; at < hub.monotonicMs - 60_000; at += everyMs)
        for (const pumpId of pumps) hub.sample(pumpId, at)
      const during: number[] = []
      const memory: number[] = []
      let batches = 0
      // Twice, as a hub tries again: whatever the server kept of the first time it would keep of the second one, too.
      for (let time = 0; time < 2; time += 1) {
        for (let at = 0; at < hub.waiting.length; at += batchOf) {
          const verdicts = await hub.deliver(hub.waiting.slice(at, at + batchOf))
          expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['retry']))
          batches += 1
          if (batches % 16 === 0) during.push(await hub.alarm())
          if (batches % 40 === 0) await hub.beat()
        }
        memory.push(rssMiB())
      }
      const grown = (memory[1] ?? 0) - (memory[0] ?? 0)
      const fresh = pumps.map((pumpId) => hub.sample(pumpId))
      await hub.deliver(fresh)
      await hub.beat()
      expect(hub.waiting).toHaveLength(hub.produced.length - pumps.length)
      const shown = await nurse.pumps()
      for (const record of fresh)
        if (record.kind === 'telemetry')
          expect(shown.find(({ pumpId }) => pumpId === record.pumpId)?.sample?.rateMlPerHour).toBe(
            record.body.rateMlPerHour,
          )
      const degraded = async () => (await nurse.openAlarms()).find(({ code }) => code === 'storage-degraded')
      await eventually(async () => (await degraded())?.condition === 'active', {
        within: 60_000,
        what: 'storage-degraded to be raised',
      })

      // Back: the newest first, then the rest, with alarms in between.
      await influxd.restart()
      const healed = performance.now()
      await eventually(
        async () => {
          await hub.beat()
          return (await hub.deliver(hub.waiting.slice(-pumps.length))).some(({ verdict }) => verdict === 'stored')
        },
        { within: 60_000, every: 500, what: 'the store to take samples again' },
      )
      const after: number[] = []
      while (hub.waiting.length > 0) {
        await hub.deliver(hub.waiting.slice(0, batchOf))
        batches += 1
        if (batches % 20 === 0) {
          await hub.beat()
          after.push(await hub.alarm())
        }
      }
      const drainedMs = performance.now() - healed
      await hub.beat()

      // Every sample is there, once.
      const wanted = new Map(pumps.map((id) => [String(id), hub.produced.filter(({ pumpId }) => pumpId === id).length]))
      expect(await count()).toEqual(wanted)
      await eventuallyPasses(async () => expect((await degraded())?.condition ?? 'closed').not.toBe('active'), {
        within: 30_000,
      })

      // The ledger balances, minutes are made for all of it, and a file has each sample.
      const lead = await signIn('lead')
      const ledger = HubLedger.parse(await (await lead.request('GET', `/hubs/${hubId}/ledger?hours=24`)).json())
      expect(ledger.total).toMatchObject({ produced: hub.lastSeq, stored: hub.lastSeq, waiting: 0, unaccounted: 0 })
      const [pump] = pumps
      const from = Date.now() - (hours + 1) * hourMs
      await eventuallyPasses(
        async () => {
          const history = await nurse.history(String(pump), from, Date.now(), 50)
          expect(history.source).toBe('minutes')
          expect(history.buckets.reduce((sum, one) => sum + one.samples, 0)).toBe(wanted.get(String(pump)))
        },
        { within: 120_000, every: 2_000 },
      )
      const args = ['server/main.ts', 'export', '--pump', String(pump), '--from', new Date(from).toISOString()]
      await using exported = new Program({ name: 'export', args, env })
      expect(await exported.ended(120_000)).toBe(0)
      expect(exported.output.split('\r\n').filter((line) => line.startsWith('reading,'))).toHaveLength(
        wanted.get(String(pump)) ?? 0,
      )
      console.info(
        `${hub.produced.length} samples in ${batches} batches, an alarm before, during and after: ` +
          `${[before, during, after].map((times) => median(times).toFixed(0)).join(', ')} ms; ` +
          `drained ${(drainedMs / 1000).toFixed(1)} s after the restart; the server grew by ${grown.toFixed(0)} MiB while ${hours} hours came a second time in vain`,
      )
      expect(grown).toBeLessThan(60)
    })
  },
)
