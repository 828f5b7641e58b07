import { ChannelId, type PumpId } from '#domain/ids.ts'
import type { History, HistoryBucket } from '#domain/live/api.ts'
import { instant } from '#domain/time.ts'
import { BucketFold, bucketWidth, historyColumns, type Window } from '#server/core/history-buckets.ts'
import type { TelemetryPoint, TelemetryStore } from '#server/core/ports.ts'
import { statistics } from '#server/core/roll-ups/minute-columns.ts'
import type { MinuteSpan, MinuteStore, MinuteWindow } from '#server/core/roll-ups/minute.ts'
import { columns, storedSample } from '#server/core/telemetry-columns.ts'
import type { InfluxOptions } from './connection.ts'
import { milliseconds, numberIn, quoteIdentifier, quoteString, type ResultRow } from './influxql.ts'
import { InfluxMinutes } from './minutes.ts'
import { InfluxSession } from './session.ts'
import { thinnedBucket, timeBuckets } from './thinned.ts'
import { measurement, writeSamples } from './write-points.ts'

const source = quoteIdentifier(measurement)
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
export class InfluxTelemetryStore implements TelemetryStore, MinuteStore {
  readonly engine = 'InfluxDB'
  readonly place: string
  readonly #session: InfluxSession
  readonly #minutes: InfluxMinutes

  constructor(options: InfluxOptions, minutes: InfluxOptions = minuteOptions(options)) {
    this.place = `${options.url} ${options.bucket}`
    this.#session = new InfluxSession(options)
    this.#minutes = new InfluxMinutes(this.#session, minutes)
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
        // Whether each can stand for itself: to count them all would read the whole window once more.
        `SELECT count("seq") AS "samples" FROM (SELECT "seq" FROM ${source} WHERE ${inWindow} LIMIT ${maxPoints + 1})`,
        `SELECT last("seq") FROM ${source} WHERE ${wanted}`,
      ])
      const resolutionMs = bucketWidth(window, numberIn(counted?.[0], 'samples') ?? 0)
      const [rows] = await query([
        resolutionMs === 0
          ? `SELECT ${rawFields} FROM ${source} WHERE ${inWindow} ORDER BY time LIMIT ${maxPoints}`
          : `SELECT ${aggregates} FROM ${source} WHERE ${inWindow} GROUP BY ${timeBuckets(from, resolutionMs)} fill(none)`,
      ])
      const read = resolutionMs === 0 ? rawBuckets(from, rows ?? []) : (rows ?? []).flatMap(thinnedBucket)
      return { pumpId, from, to, resolutionMs, buckets: read, lastSampleAt: numberIn(last?.[0], 'time') }
    })
  }

  async rollUp(spans: readonly MinuteSpan[]): Promise<void> {
    await this.#minutes.rollUp(spans)
  }

  async bucketsOfMinutes(pumpId: PumpId, window: MinuteWindow) {
    return this.#minutes.buckets(pumpId, window)
  }

  async earliest(pumpId: PumpId) {
    return this.#minutes.earliest(pumpId)
  }

  /** The database forgets by its own retention. */
  async pumpsKept(): Promise<readonly PumpId[]> {
    return []
  }

  async expire(): Promise<boolean> {
    return false
  }

  async check(): Promise<void> {
    await this.#session.run(async ({ query }) => query([`SHOW FIELD KEYS FROM ${source}`]))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#minutes[Symbol.asyncDispose]()
    await this.#session[Symbol.asyncDispose]()
  }
}

/** Where the minutes of a bucket are kept. */
const minuteOptions = (options: InfluxOptions): InfluxOptions => ({
  ...options,
  bucket: `${options.bucket}_1m`,
  retentionDays: options.minuteDays,
})

const ofPump = (pumpId: PumpId): string => `"pump" = ${quoteString(pumpId)}`

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
