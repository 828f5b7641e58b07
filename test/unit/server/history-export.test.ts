import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BootId, ChannelId, HubId, PumpId } from '#domain/ids.ts'
import { emptySample, type TelemetrySample } from '#domain/telemetry.ts'
import { instant } from '#domain/time.ts'
import { csvField } from '#server/core/csv-field.ts'
import { exportRows, type ExportRow } from '#server/core/export/export-rows.ts'
import { historyExport } from '#server/core/export/history-export.ts'
import type { TelemetryPoint } from '#server/core/ports.ts'
import { LongHistory } from '#server/core/roll-ups/long-history.ts'
import type { SeqRanges } from '#server/core/seq-ranges.ts'
import { pumpExportRoutes } from '#server/http/routes/pump-export.ts'
import { ManualClock } from '#test/support/manual-clock.ts'
import { MemoryTelemetryStore } from '#test/support/memory-telemetry-store.ts'
import { openServerBench, pump1, pumpReport, type ServerBench } from '#test/support/server-bench.ts'

const minute = 60_000
const pumpId = PumpId.parse('P-1')
const began = Date.UTC(2026, 9, 5, 8)
const iso = (ms: number): string => new Date(ms).toISOString()
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

const point = (seq: number, at: number, change: Partial<TelemetrySample> = {}): TelemetryPoint => ({
  hubId: HubId.parse('hub-1'),
  pumpId,
  bootId: BootId.parse('boot-1'),
  seq,
  occurredAt: instant(at),
  late: false,
  sample: { ...emptySample(ChannelId.parse('1'), pumpId), operatingState: 'infusing', ...change },
})

const everySecond = (from: number, count: number, seq = 1): readonly TelemetryPoint[] =>
  Array.from({ length: count }, (_, index) => point(seq + index, from + index * 1000, { rateMlPerHour: index % 100 }))

const sourceOf = (store: MemoryTelemetryStore, due: SeqRanges = [], isComplete = true) => ({
  samples: store,
  minutes: new LongHistory({
    store,
    due: { of: () => due, isComplete: () => isComplete },
    sampleDays: 90,
    clock: new ManualClock(),
    log,
  }),
})
const question = { pumpId, from: began, to: began + 120 * minute, resolution: 'samples', gapMs: 15_000 } as const
const head = { simulated: true, site: 'North\n=1+1', timeZone: 'Europe/Berlin', samplesSince: 0, madeAt: began }

const all = async <T>(given: AsyncIterable<T>): Promise<readonly T[]> => {
  const found: T[] = []
  for await (const one of given) found.push(one)
  return found
}
const rowsOf = async (rows: AsyncIterable<readonly ExportRow[]>): Promise<readonly ExportRow[]> =>
  (await all(rows)).flat()
const textOf = async (text: AsyncIterable<string>): Promise<string> => (await all(text)).join('')

describe('the export of a history', () => {
  it('has every sample once, in order, and says each gap, at the ends too', async () => {
    const store = new MemoryTelemetryStore()
    await store.write([
      ...everySecond(began + 10 * minute, 1800),
      ...everySecond(began + 60 * minute, 3000, 5000),
      point(9000, began + 60 * minute + 2000),
    ])
    const rows = await rowsOf(exportRows(sourceOf(store), question))
    const readings = rows.flatMap((row) => (row.kind === 'reading' ? [row.bucket] : []))
    expect(readings).toHaveLength(4801)
    expect(readings.every(({ samples }) => samples === 1)).toBe(true)
    expect(readings.map(({ from }) => from)).toEqual(readings.map(({ from }) => from).toSorted((a, b) => a - b))
    expect(rows.filter(({ kind }) => kind === 'gap')).toEqual([
      { kind: 'gap', from: began, to: began + 10 * minute },
      { kind: 'gap', from: began + 10 * minute + 1_799_000, to: began + 60 * minute },
      { kind: 'gap', from: began + 60 * minute + 2_999_000, to: began + 120 * minute },
    ])
  })

  it('never has more than a slice in memory, however long it is, and asks no further than it is read', async () => {
    const store = new MemoryTelemetryStore()
    await store.write(everySecond(began, 7200))
    const asked: number[] = []
    const source = sourceOf(store)
    const samples: typeof source.samples = Object.create(store, {
      history: {
        value: async (...of: Parameters<MemoryTelemetryStore['history']>) => {
          asked.push(of[1].to - of[1].from)
          return store.history(...of)
        },
      },
    })
    const reader = exportRows({ ...source, samples }, question)[Symbol.asyncIterator]()
    const first = await reader.next()
    expect([asked.length, first.value?.length ?? 0]).toEqual([1, 600])
    let most = 0
    for (let next = await reader.next(); next.done !== true; next = await reader.next())
      most = Math.max(most, next.value.length)
    expect(most).toBeLessThanOrEqual(2000)
    // A year without a word is not asked minute by minute.
    asked.length = 0
    const year = { ...question, from: began - 365 * 86_400_000, to: began }
    expect(await rowsOf(exportRows({ ...source, samples }, year))).toEqual([
      { kind: 'gap', from: year.from, to: year.to },
    ])
    expect(asked.length).toBeLessThan(400)
  })

  it.each([
    ['rolled up', [], true],
    ['partly due', [[began / minute + 3, began / minute + 5]] as SeqRanges, true],
    ['not rolled up at all', [], false],
  ] as const)('tells minutes that are %s alike', async (_, due, isComplete) => {
    const store = new MemoryTelemetryStore()
    await store.write(everySecond(began, 600))
    if (isComplete) await store.rollUp([{ pumpId, from: began, to: began + 10 * minute }])
    const asked = { ...question, from: began + 500, to: began + 9 * minute + 30_000, resolution: 'minutes' } as const
    const rows = await rowsOf(exportRows(sourceOf(store, due, isComplete), { ...asked, gapMs: 75_000 }))
    expect(rows.map((row) => (row.kind === 'reading' ? row.bucket.samples : row.kind))).toEqual([
      59,
      ...Array.from({ length: 8 }, () => 60),
      30,
    ])
  })

  it('explains itself as CSV: units, time zone, gaps, and no cell that a spreadsheet would run', async () => {
    const store = new MemoryTelemetryStore()
    await store.write([
      point(1, began, { rateMlPerHour: 1.5, linePressureMmHg: -20, batteryPercent: 80 }),
      point(2, began + 1000, { rateMlPerHour: null, operatingState: 'paused' }),
    ])
    const asked = { ...question, to: began + minute }
    const text = await textOf(historyExport(sourceOf(store), asked, 'csv', head, iso))
    expect(text.split('\r\n').filter((line) => !line.startsWith('#'))).toEqual([
      'kind,time,until,state,samples,late,rate_ml_per_hour,line_pressure_mm_hg,infused_total_ml,program_remaining_ml,battery_percent',
      `reading,${iso(began)},,infusing,1,0,1.5,-20,,,80`,
      `reading,${iso(began + 1000)},,paused,1,0,,,,,`,
      `gap,${iso(began + 1000)},${iso(began + minute)},,,,,,,,`,
      '',
    ])
    const comments = text.split('\r\n').filter((line) => line.startsWith('#'))
    for (const words of ['not a medical device', 'SIMULATED', 'rate_ml_per_hour mL/h', 'line_pressure_mm_hg mmHg'])
      expect(comments.join('\n')).toContain(words)
    expect(comments).toContain('# times are UTC (RFC 3339); the time zone of the site is Europe/Berlin')
    expect(comments.some((line) => line.includes('site=North =1+1'))).toBe(true)
    expect(['=1+1', '+1', '-x', '@a', '\tb'].map(csvField)).toEqual(["'=1+1", "'+1", "'-x", "'@a", "'\tb"])
    expect(csvField('a"b,c')).toBe('"a""b,c"')
  })

  it('explains itself as JSON lines', async () => {
    const store = new MemoryTelemetryStore()
    await store.write(everySecond(began, 60))
    await store.rollUp([{ pumpId, from: began, to: began + minute }])
    const asked = { ...question, to: began + minute, resolution: 'minutes' } as const
    const lines = (await textOf(historyExport(sourceOf(store), asked, 'jsonl', head, iso))).trim().split('\n')
    const [about, reading] = lines.map((line): unknown => JSON.parse(line))
    expect(about).toMatchObject({
      kind: 'about',
      pumpId: 'P-1',
      timeZone: 'Europe/Berlin',
      units: { rateMlPerHour: 'mL/h' },
      values: '[first, lowest, highest, last]',
    })
    expect(reading).toEqual({
      kind: 'reading',
      at: iso(began),
      until: iso(began + 59_000),
      state: 'infusing',
      samples: 60,
      late: 0,
      rateMlPerHour: [0, 0, 59, 59],
    })
    expect(lines).toHaveLength(2)
  })
})

describe('GET /pumps/:pumpId/export', () => {
  let bench: ServerBench
  beforeEach(async () => {
    bench = await openServerBench()
    bench.heartbeat([pumpReport(pump1)])
  })
  afterEach(() => bench.close())

  const appOf = () =>
    bench.appWithPeople([
      pumpExportRoutes({
        picture: bench.picture,
        sightings: bench.sightings,
        clock: bench.clock,
        source: sourceOf(bench.telemetry),
        site: { name: 'Test', facilityTimeZone: 'Europe/Berlin' },
        sampleDays: 90,
      }),
    ])
  const looks = (): readonly string[] =>
    bench.auditReader.find({ action: 'patient.view' }, 100).map(({ actor, object }) => `${actor} ${object}`)

  it('is a file, and a look at the patient that is recorded; an engineer sees no patient', async () => {
    const app = await appOf()
    const get = async (query: string, role: 'nurse' | 'engineer') =>
      app.inject({ url: `/api/v1/pumps/P-1/export?${query}`, headers: { cookie: await bench.signIn(role) } })
    await bench.telemetry.write([point(1, began)])
    const answer = await get(`from=${began}&to=${began + minute}`, 'nurse')
    expect(answer.statusCode).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="P-1_20261005T0800Z_20261005T0801Z.csv"',
      'cache-control': 'no-store',
    })
    expect(answer.body).toContain(`reading,${iso(began)},,infusing,1,0`)
    expect(looks()).toEqual(['u-nurse pump:P-1'])
    const lines = await get(`from=${began}&to=${began + minute}&format=jsonl`, 'engineer')
    expect(lines.headers['content-type']).toBe('application/x-ndjson; charset=utf-8')
    expect(looks()).toEqual(['u-nurse pump:P-1'])
    expect((await get('from=9&to=9', 'nurse')).statusCode).toBe(400)
    await app.close()
  })
})
