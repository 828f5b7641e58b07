import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BootId, HubId, PumpId, type EpisodeId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import { InfluxAlarmCopies } from '#server/adapters/influx/alarm-copies.ts'
import type { InfluxOptions } from '#server/adapters/influx/connection.ts'
import { InfluxTelemetryStore } from '#server/adapters/influx/telemetry-store.ts'
import type { AlarmCopy } from '#server/core/copies/alarm-copy.ts'
import { asGrafanaAsks, influxQueries } from '#test/support/dashboards.ts'
import { startInfluxd, type RunningInfluxd } from '#test/support/influxd.ts'
import { findService, missingService, servicesRequired } from '#test/support/services.ts'
import { telemetry } from '#test/support/uplink-records.ts'

const available = findService('influxd') !== null
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const [hubId, pumpId] = [HubId.parse('hub-1'), PumpId.parse('PUMP-1')]
const minute = 60_000

describe.skipIf(!available && !servicesRequired())(
  available ? 'InfluxDB, read as the dashboards read it' : `skipped, ${missingService('influxd')}`,
  () => {
    let influxd: RunningInfluxd
    let copies: InfluxAlarmCopies
    const now = Date.now()
    const options = (): InfluxOptions => ({
      url: influxd.url,
      bucket: 'infusion',
      org: 'none',
      token: null,
      username: null,
      password: null,
      retentionDays: 90,
      minuteDays: 36_500,
      log: silent,
    })
    const copy = (position: number, phase: AlarmCopy['phase'], change: Partial<AlarmCopy> = {}): AlarmCopy => ({
      position,
      at: now - position * minute,
      pumpId,
      hubId,
      code: 'occlusion-downstream',
      priority: 'high',
      phase,
      episodeId: `ep-${position}` as EpisodeId,
      actor: phase === 'opened' ? null : 'u-1',
      ...change,
    })
    const phases = [
      ...(['opened', 'accepted', 'unanswered', 'lapsed', 'handed-over', 'shelved', 'rejected', 'resolved'] as const),
      ...(['escalated', 'started-again'] as const),
    ]

    const ask = async (query: string): Promise<readonly (readonly unknown[])[]> => {
      const asked = new URLSearchParams({ db: 'infusion', epoch: 'ms', q: query })
      const reply = (await (await fetch(`${influxd.url}/query?${asked.toString()}`)).json()) as {
        results: { error?: string; series?: { columns: string[]; values: unknown[][] }[] }[]
      }
      expect(reply.results.map(({ error }) => error)).toEqual([undefined])
      return reply.results.flatMap(({ series = [] }) => series.flatMap(({ values }) => values))
    }

    beforeAll(async () => {
      influxd = await startInfluxd()
      await using store = new InfluxTelemetryStore(options())
      const full = {
        ...telemetry(1).body,
        linePressureMmHg: 12,
        batteryPercent: 80,
        programmedRateMlPerHour: 5,
        programRemainingMl: 9,
      }
      const sample = { ...full, rateMlPerHour: 5, infusedTotalMl: 7, vtbiMl: 20, timeRemainingSeconds: 900 }
      const { refused } = await store.write(
        Array.from({ length: 60 }, (_, index) => ({
          hubId,
          pumpId,
          bootId: BootId.parse('boot-1'),
          seq: index + 1,
          occurredAt: instant(now - (index + 1) * 30_000),
          late: index % 10 === 0,
          sample,
        })),
      )
      expect(refused).toEqual([])
      copies = new InfluxAlarmCopies(options())
      expect(await copies.last()).toBe(0)
      await copies.write(phases.map((phase, index) => copy(index + 1, phase)))
    })
    afterAll(async () => {
      await copies[Symbol.asyncDispose]()
      await influxd[Symbol.asyncDispose]()
    })

    it.each(influxQueries.map(({ title, text }) => [title, text]))('%s: has an answer', async (_title, text) => {
      const rows = await ask(asGrafanaAsks(text, now - 60 * minute, now))
      expect(rows.length).toBeGreaterThan(0)
      // The first column is the time, or the name of a tag.
      expect(rows.some((row) => row.slice(1).some((value) => value !== null && value !== 0))).toBe(true)
    })

    it('has each copy once, however often it is written, and knows the newest', async () => {
      await copies.write(phases.map((phase, index) => copy(index + 1, phase)))
      expect(await ask('SELECT count("position") FROM "alarm_event"')).toEqual([[0, phases.length]])
      expect(await copies.last()).toBe(phases.length)
    })

    it('takes what has no pump or no hub, two of one moment, and leaves out what is too old', async () => {
      const at = now - minute / 2
      await copies.write([
        copy(101, 'opened', { at, pumpId: null }),
        copy(102, 'opened', { at, pumpId: null, hubId: null }),
        copy(103, 'opened', { at: now - 400 * 24 * 60 * minute }),
      ])
      const rows = await ask(`SELECT "position", "pump", "hub" FROM "alarm_event" WHERE "position" > 100`)
      expect(rows).toEqual([
        [at, 101, null, 'hub-1'],
        [at, 102, null, null],
      ])
    })
  },
)
