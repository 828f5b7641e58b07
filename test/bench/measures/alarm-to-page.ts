import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { BootId, ChannelId, HubId, PumpId } from '#domain/ids.ts'
import { emptySample } from '#domain/telemetry.ts'
import { openSqliteTelemetryStore } from '#server/adapters/sqlite/telemetry-store.ts'
import type { DatedRecord, TelemetryPoint } from '#server/core/ports.ts'
import { nodeClock } from '#server/adapters/node-clock.ts'
import { openAlarmsAndPaging, stormOf } from '#test/support/storm.ts'
import type { Bench, Measure } from '../measure.ts'

const hubs = 100
const pumpsPerHub = 10
const journalLimitMs = 250
const pageLimitMs = 2_000

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN

/** One second's samples of one hub, as they reach store and picture. */
const samplesOf = (hub: number, seq: number): { readonly points: TelemetryPoint[]; readonly shown: DatedRecord[] } => {
  const at = nodeClock.now()
  const hubId = HubId.parse(`hub-${hub}`)
  const bootId = BootId.parse('boot-1')
  const both = Array.from({ length: pumpsPerHub }, (_, pump) => {
    const pumpId = PumpId.parse(`P-${hub}-${pump}`)
    const sample = {
      ...emptySample(ChannelId.parse('1'), pumpId),
      rateMlPerHour: 5,
      operatingState: 'infusing' as const,
    }
    const point = { hubId, pumpId, bootId, seq, occurredAt: at, late: false, sample }
    const about = { seq, bootId, pumpId, monotonicMs: seq, wallAt: at, clockQuality: 'ntp' as const }
    const record = { ...about, lane: 'telemetry' as const, kind: 'telemetry' as const, body: sample }
    return {
      point,
      dated: { hubId, record, numbering: 0, occurredAt: at, uncertaintyMs: 0, receivedAt: at, late: false },
    }
  })
  return { points: both.map(({ point }) => point), shown: both.map(({ dated }) => dated) }
}

const measured = async (bench: Bench) => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-alarm-'))
  const server = await openAlarmsAndPaging(join(folder, 'journal.db'))
  const telemetry = openSqliteTelemetryStore(join(folder, 'telemetry.db'))
  const journalMs: number[] = []
  const pageMs: number[] = []
  const startedAt = new Map<string, number>()
  server.channels.answer = ({ page }) => {
    const from = startedAt.get(page.thread ?? '')
    if (from !== undefined && page.attempt === 1 && page.place === 'primary') pageMs.push(performance.now() - from)
    return 'sent'
  }
  const end = new AbortController()
  const behind = async (): Promise<void> => {
    const begun = performance.now()
    for (let nth = 0; !end.signal.aborted; nth += 1) {
      const due = begun + (nth * 1000) / hubs
      const waitMs = due - performance.now()
      if (waitMs > 0) await pause(waitMs)
      const { points, shown } = samplesOf(nth % hubs, Math.floor(nth / hubs) + 1)
      for (const one of shown) server.picture.sample(one)
      await telemetry.write(points)
    }
  }
  const load = behind()
  try {
    bench.say(`1,000 pumps at 1 Hz, and ten alarms a second for ${bench.seconds} s`)
    const begun = performance.now()
    let nth = 0
    // The high ones of the storm, one pump at a time.
    for (const told of stormOf(hubs, pumpsPerHub)) {
      const { hubId, records } = told()
      for (const dated of records) {
        const due = begun + nth * 100
        const waitMs = due - performance.now()
        if (waitMs > 0) await pause(waitMs)
        nth += 1
        if (due - begun > bench.seconds * 1000 || nth > hubs * pumpsPerHub) break
        startedAt.set(`real/pump:${String(dated.record.pumpId)}`, due)
        await server.take({ hubId, records: [{ ...dated, occurredAt: nodeClock.now(), receivedAt: nodeClock.now() }] })
        journalMs.push(performance.now() - due)
      }
      if (performance.now() - begun > bench.seconds * 1000 || nth > hubs * pumpsPerHub) break
    }
    await pause(1_000)
  } finally {
    end.abort()
    await load
    await server[Symbol.asyncDispose]()
    await telemetry[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  }
  return { journal: journalMs.toSorted((a, b) => a - b), page: pageMs.toSorted((a, b) => a - b) }
}

export const measure: Measure = {
  what: 'a high alarm in the server’s hand → journal, and → its page at the channel (no hold-off), with 1,000 pumps at 1 Hz in the same process; limit: what is promised',
  run: async (bench) => {
    const { journal, page } = await bench.once('alarm to page', () => measured(bench))
    const ratio = { on: 'ratio', atMost: 1 } as const
    return [
      { name: 'alarm to journal, p50', value: percentile(journal, 0.5), unit: 'ms', limit: journalLimitMs },
      {
        name: 'alarm to journal, p99',
        value: percentile(journal, 0.99),
        unit: 'ms',
        limit: journalLimitMs,
        target: ratio,
      },
      { name: 'alarm to page, p50', value: percentile(page, 0.5), unit: 'ms', limit: pageLimitMs },
      { name: 'alarm to page, p99', value: percentile(page, 0.99), unit: 'ms', limit: pageLimitMs, target: ratio },
      {
        name: 'alarms without a page',
        value: journal.length - page.length,
        unit: 'alarms',
        target: { on: 'value', atMost: 0 },
      },
    ]
  },
}
