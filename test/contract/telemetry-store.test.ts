import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { BootId, HubId, PumpId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import { InfluxTelemetryStore } from '#server/adapters/influx/telemetry-store.ts'
import * as minuteSql from '#server/adapters/sqlite/minute-sql.ts'
import * as sql from '#server/adapters/sqlite/telemetry-sql.ts'
import { openSqliteTelemetryStore } from '#server/adapters/sqlite/telemetry-store.ts'
import type { TelemetryPoint } from '#server/core/ports.ts'
import { startInfluxd, type RunningInfluxd } from '#test/support/influxd.ts'
import { MemoryTelemetryStore } from '#test/support/memory-telemetry-store.ts'
import { findService, missingService, servicesRequired } from '#test/support/services.ts'
import { telemetry } from '#test/support/uplink-records.ts'
import { minuteStoreContract } from './minute-store.contract.ts'
import { telemetryStoreContract } from './telemetry-store.contract.ts'

const point = (seq: number, at: number): TelemetryPoint => ({
  hubId: HubId.parse('hub-1'),
  pumpId: PumpId.parse('PUMP-X'),
  bootId: BootId.parse('boot-1'),
  seq,
  occurredAt: instant(at),
  late: false,
  sample: telemetry(seq).body,
})

telemetryStoreContract('in memory', async () => new MemoryTelemetryStore())

minuteStoreContract('in memory', true, async () => new MemoryTelemetryStore())

const openSqlite = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'telemetry-'))
  const store = openSqliteTelemetryStore(join(folder, 'telemetry.db'))
  onTestFinished(async () => {
    await store[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })
  return store
}
telemetryStoreContract('SQLite', openSqlite)
minuteStoreContract('SQLite', true, openSqlite)

describe('every hot statement of the SQLite telemetry store', () => {
  it.each([
    ['latest', 'sample', sql.latestSample],
    ['count', 'sample', sql.countSamples],
    ['page', 'sample', sql.samplePage],
    ['samples of minutes', 'sample', minuteSql.samplesOfMinutes],
    ['earliest', 'sample', minuteSql.earliestSample],
    ['oldest samples', 'sample', minuteSql.oldestSamples],
    ['removal of samples', 'sample', minuteSql.removeSamples],
    ['minutes', 'infusion_1m', minuteSql.minutePage],
    ['oldest minutes', 'infusion_1m', minuteSql.oldestMinutes],
    ['removal of minutes', 'infusion_1m', minuteSql.removeMinutes],
  ])('%s searches the primary key and sorts nothing', async (_name, table, statement) => {
    await using store = openSqliteTelemetryStore(':memory:')
    const plan = store.database
      .prepare(`EXPLAIN QUERY PLAN ${statement}`)
      .all()
      .map((row) => String(row['detail']))
    expect(plan.filter((step) => step.includes(table))).toEqual([
      expect.stringMatching(new RegExp(`^SEARCH ${table} USING PRIMARY KEY \\(pump_id=\\?`)),
    ])
    expect(plan.join()).not.toContain('TEMP B-TREE')
  })

  it('reads a window of many pages once each', async () => {
    await using store = openSqliteTelemetryStore(':memory:')
    const start = Date.UTC(2026, 9, 5)
    await store.write(Array.from({ length: 12_000 }, (_, index) => point(index + 1, start + Math.floor(index / 3))))
    const { buckets } = await store.history(PumpId.parse('PUMP-X'), { from: start, to: start + 4000, maxPoints: 10 })
    expect(buckets.map(({ samples }) => samples)).toEqual(Array.from({ length: 10 }, () => 1200))
  })
})

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const available = findService('influxd') !== null

describe.skipIf(!available && !servicesRequired())(
  available ? 'a real influxd' : `skipped, ${missingService('influxd')}`,
  () => {
    let influxd: RunningInfluxd
    beforeAll(async () => {
      influxd = await startInfluxd()
    })
    afterAll(async () => influxd[Symbol.asyncDispose]())

    const open = (bucket = 'infusion', retentionDays = 36_500) =>
      new InfluxTelemetryStore({
        url: influxd.url,
        bucket,
        org: 'none',
        token: null,
        username: null,
        password: null,
        retentionDays,
        minuteDays: 36_500,
        log: silent,
      })

    const openOnce = async () => {
      const store = open()
      onTestFinished(async () => store[Symbol.asyncDispose]())
      return store
    }
    telemetryStoreContract('InfluxDB', openOnce)
    minuteStoreContract('InfluxDB', false, openOnce)

    /** The answer's head may come before the work is done. */
    const administer = async (q: string) => {
      const reply = await fetch(`${influxd.url}/query`, { method: 'POST', body: new URLSearchParams({ q }) })
      expect(await reply.json()).toEqual({ results: [{ statement_id: 0 }] })
    }

    it('takes any text that InfluxQL can write as a text, and refuses the rest', async () => {
      await using store = open()
      const text = fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.constantFrom("'", '\\', '"', '\n', ';', 'a', ' ', '-', '/', '*') }),
      )
      await fc.assert(
        fc.asyncProperty(text, async (hostile) => {
          const asked = store.history(hostile as PumpId, { from: 0, to: 1, maxPoints: 10 })
          if (/[\0\r]/.test(hostile)) await expect(asked).rejects.toThrow('InfluxQL cannot write')
          else expect((await asked).buckets).toEqual([])
        }),
        { numRuns: 300 },
      )
    })

    it('makes its database, whatever the name', async () => {
      await using store = open(`a "quoted" name's 🩺`)
      await store.write([point(1, Date.now())])
      await store.check()
      expect(await store.latest(PumpId.parse('PUMP-X'))).not.toBeNull()
    })

    it('refuses exactly the points beyond its retention and stores the others', async () => {
      await using store = open('short', 2)
      const now = Date.now()
      const old = now - 30 * 86_400_000
      const points = [
        point(1, now - 3000),
        point(2, old),
        point(3, now - 2000),
        point(4, old + 1),
        point(5, now - 1000),
      ]
      const { refused } = await store.write(points)
      expect(refused.toSorted((a, b) => a.index - b.index)).toEqual([
        { index: 1, reason: 'beyond retention' },
        { index: 3, reason: 'beyond retention' },
      ])
      const { buckets } = await store.history(PumpId.parse('PUMP-X'), { from: old - 1, to: now, maxPoints: 100 })
      expect(buckets).toHaveLength(3)
    })

    it('refuses points of which somebody else has fixed another type', async () => {
      await administer('CREATE DATABASE spoilt')
      await fetch(`${influxd.url}/write?db=spoilt`, { method: 'POST', body: 'infusion,pump=x rate_ml_per_hour="fast"' })
      await using store = open('spoilt')
      const { refused } = await store.write([point(1, Date.now()), point(2, Date.now())])
      expect(refused).toEqual([
        { index: 0, reason: 'field type conflict' },
        { index: 1, reason: 'field type conflict' },
      ])
    })

    it('rejects while the database is down, and works again afterwards without a restart', async () => {
      await using store = open('comes-back')
      await store.write([point(1, Date.now() - 10)])
      await influxd.stop()
      const failing = store.write([point(2, Date.now())])
      await expect(failing).rejects.toMatchObject({ code: 'SRV_STORE_UNAVAILABLE', retryable: true })
      await expect(store.check()).rejects.toMatchObject({ code: 'SRV_STORE_UNAVAILABLE' })
      await influxd.restart()
      await store.write([point(2, Date.now())])
      const { buckets } = await store.history(PumpId.parse('PUMP-X'), { from: 0, to: Date.now() + 1, maxPoints: 10 })
      expect(buckets).toHaveLength(2)
    })

    it('rejects when its database was taken away, and makes it anew', async () => {
      await using store = open('taken')
      await store.write([point(1, Date.now())])
      await administer('DROP DATABASE taken')
      await expect(store.write([point(2, Date.now())])).rejects.toMatchObject({ code: 'SRV_STORE_UNAVAILABLE' })
      expect(await store.write([point(2, Date.now())])).toEqual({ refused: [] })
    })
  },
)
