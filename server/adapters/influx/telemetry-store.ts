import { ChannelId, type PumpId } from '#domain/ids.ts'
import type { History, HistoryBucket } from '#domain/live/api.ts'
import { instant } from '#domain/time.ts'
import { BucketFold, bucketWidth, historyColumns, toBucket, type Window } from '#server/core/history-buckets.ts'
import type { TelemetryPoint, TelemetryStore } from '#server/core/ports.ts'
import { columns, storedSample } from '#server/core/telemetry-columns.ts'
import type { InfluxOptions } from './connection.ts'
import { milliseconds, numberIn, quoteIdentifier, quoteString, type ResultRow } from './influxql.ts'
import { InfluxSession } from './session.ts'
import { measurement, writeSamples } from './write-points.ts'

const source = quoteIdentifier(measurement)
const statistics = ['first', 'min', 'max', 'last'] as const
const rawFields = ['late', 'state', ...historyColumns].map(quoteIdentifier).join(', ')
const latestFields = ['channel', ...columns.map((column) => column.name)].map(quoteIdentifier).join(', ')
const aggregates = [
  'min("at_ms") AS "from"',
  'max("at_ms") AS "to"',
  'count("seq") AS "samples"',
  'sum("late") AS "late"',
  'last("state") AS "state"',
  ...historyColumns.flatMap((column) =>
    statistics.map(
      (statistic) => `${statistic}(${quoteIdentifier(column)}) AS ${quoteIdentifier(`${statistic}_${column}`)}`,
    ),
  ),
].join(', ')

/** Samples in InfluxDB 1, 2 or 3. Starts without the database: each call connects until one succeeds. */
export class InfluxTelemetryStore implements TelemetryStore {
  readonly engine = 'InfluxDB'
  readonly #session: InfluxSession

  constructor(options: InfluxOptions) {
    this.#session = new InfluxSession(options)
  }

  async write(points: readonly TelemetryPoint[]) {
    return this.#session.run(async ({ writer }) => ({ refused: await writeSamples(writer, points) }))
  }

  async latest(pumpId: PumpId) {
    return this.#session.run(async ({ query }) => {
      const [rows] = await query([
        `SELECT ${latestFields} FROM ${source} WHERE ${ofPump(pumpId)} ORDER BY time DESC LIMIT 1`,
      ])
      const row = rows?.[0]
      const at = numberIn(row, 'time')
      const channel = ChannelId.safeParse(row?.get('channel'))
      if (at === null || !channel.success) return null
      return { at: instant(at), sample: storedSample(channel.data, (column) => numberIn(row, column)) }
    })
  }

  async history(pumpId: PumpId, window: Window): Promise<Omit<History, 'alarms'>> {
    const { from, to, maxPoints, channel } = window
    const wanted = channel === undefined ? ofPump(pumpId) : `${ofPump(pumpId)} AND "channel" = ${quoteString(channel)}`
    const inWindow = `${wanted} AND time >= ${milliseconds(from)} AND time < ${milliseconds(to)}`
    return this.#session.run(async ({ query }) => {
      const [counted, last] = await query([
        `SELECT count("seq") AS "samples" FROM ${source} WHERE ${inWindow}`,
        `SELECT last("seq") FROM ${source} WHERE ${wanted}`,
      ])
      const resolutionMs = bucketWidth(window, numberIn(counted?.[0], 'samples') ?? 0)
      const [rows] = await query([
        resolutionMs === 0
          ? `SELECT ${rawFields} FROM ${source} WHERE ${inWindow} ORDER BY time LIMIT ${maxPoints}`
          : `SELECT ${aggregates} FROM ${source} WHERE ${inWindow} GROUP BY ${buckets(from, resolutionMs)} fill(none)`,
      ])
      const read = resolutionMs === 0 ? rawBuckets(from, rows ?? []) : (rows ?? []).flatMap(thinnedBucket)
      return { pumpId, from, to, resolutionMs, buckets: read, lastSampleAt: numberIn(last?.[0], 'time') }
    })
  }

  async check(): Promise<void> {
    await this.#session.run(async ({ query }) => query([`SHOW FIELD KEYS FROM ${source}`]))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]()
  }
}

const ofPump = (pumpId: PumpId): string => `"pump" = ${quoteString(pumpId)}`

/** Windows of `width` that start at `from` and not at a multiple of the width. */
const buckets = (from: number, width: number): string => `time(${milliseconds(width)}, ${milliseconds(from % width)})`

const rawBuckets = (from: number, rows: readonly ResultRow[]): HistoryBucket[] => {
  const fold = new BucketFold(from, 0)
  for (const row of rows) {
    const at = numberIn(row, 'time')
    if (at === null) continue
    const values = historyColumns.map((column) => numberIn(row, column))
    fold.add({ at, late: numberIn(row, 'late') === 1, state: numberIn(row, 'state'), values })
  }
  return fold.buckets()
}

const thinnedBucket = (row: ResultRow): readonly HistoryBucket[] => {
  const [from, to, samples] = ['from', 'to', 'samples'].map((column) => numberIn(row, column))
  if (typeof from !== 'number' || typeof to !== 'number' || typeof samples !== 'number') return []
  const values = historyColumns.map((column): [number, number, number, number] | null => {
    const [first, least, greatest, last] = statistics.map((statistic) => numberIn(row, `${statistic}_${column}`))
    if (
      typeof first !== 'number' ||
      typeof least !== 'number' ||
      typeof greatest !== 'number' ||
      typeof last !== 'number'
    )
      return null
    return [first, least, greatest, last]
  })
  return [toBucket({ from, to, samples, late: numberIn(row, 'late') ?? 0, state: numberIn(row, 'state'), values })]
}
