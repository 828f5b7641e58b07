import { Point } from '@influxdata/influxdb-client'
import { ChannelId, HubId, type PumpId } from '#domain/ids.ts'
import type { HistoryBucket } from '#domain/live/api.ts'
import { instant, type Instant } from '#domain/time.ts'
import { historyColumns } from '#server/core/history-buckets.ts'
import { minuteColumns, statistics } from '#server/core/roll-ups/minute-columns.ts'
import {
  minutesOf,
  type Minute,
  type MinuteRow,
  type MinuteSpan,
  type MinuteWindow,
} from '#server/core/roll-ups/minute.ts'
import type { InfluxOptions } from './connection.ts'
import { milliseconds, numberIn, quoteIdentifier, quoteString, type ResultRow } from './influxql.ts'
import { InfluxSession } from './session.ts'
import { thinnedBucket, timeBuckets } from './thinned.ts'
import { measurement, timeOf, writePoints } from './write-points.ts'

export const minuteMeasurement = 'infusion_1m'
const samples = quoteIdentifier(measurement)
const minutes = quoteIdentifier(minuteMeasurement)

const sampleFields = ['hub', 'channel', 'late', 'state', ...historyColumns].map(quoteIdentifier).join(', ')
const aggregates = [
  'min("first_at") AS "from"',
  'max("last_at") AS "to"',
  'sum("samples") AS "samples"',
  'sum("late") AS "late"',
  'last("state") AS "state"',
  ...historyColumns.flatMap((column) =>
    statistics.map((statistic) => {
      const kept = quoteIdentifier(`${statistic}_${column}`)
      return `${statistic}(${kept}) AS ${kept}`
    }),
  ),
].join(', ')

/** Statements in one request: the address of a request has a length that every version takes. */
const statementsPerRequest = 20

/**
 * Minutes in a database of their own beside that of the samples, because they are kept longer: a retention of its own for one
 * measurement is spelled differently in 1, 2 and 3, a database with one is not.
 */
export class InfluxMinutes implements AsyncDisposable {
  readonly #samples: InfluxSession
  readonly #minutes: InfluxSession

  /** `session`: of the samples. */
  constructor(session: InfluxSession, options: InfluxOptions) {
    this.#samples = session
    this.#minutes = new InfluxSession(options)
  }

  async rollUp(spans: readonly MinuteSpan[]): Promise<void> {
    const points: { readonly at: number; readonly line: string }[] = []
    for (let first = 0; first < spans.length; first += statementsPerRequest) {
      const asked = spans.slice(first, first + statementsPerRequest)
      const found = await this.#samples.run(({ query }) => query(asked.map(samplesOf)))
      for (const [place, { pumpId }] of asked.entries())
        for (const minute of minutesOf((found[place] ?? []).flatMap(minuteRow)))
          points.push({ at: minute.at, line: String(toPoint(pumpId, minute)) })
    }
    // One that is too old for the database is left out.
    if (points.length > 0) await this.#minutes.run(({ writer }) => writePoints(writer, points))
  }

  async buckets(
    pumpId: PumpId,
    { from, to, origin, widthMs, channel }: MinuteWindow,
  ): Promise<readonly HistoryBucket[]> {
    const wanted = channel === undefined ? ofPump(pumpId) : `${ofPump(pumpId)} AND "channel" = ${quoteString(channel)}`
    return this.#minutes.run(async ({ query }) => {
      const [rows] = await query([
        `SELECT ${aggregates} FROM ${minutes} WHERE ${wanted} AND time >= ${milliseconds(from)} AND time < ${milliseconds(to)} GROUP BY ${timeBuckets(origin, widthMs)} fill(none)`,
      ])
      return (rows ?? []).flatMap(thinnedBucket)
    })
  }

  async earliest(pumpId: PumpId): Promise<Instant | null> {
    return this.#samples.run(async ({ query }) => {
      const [rows] = await query([`SELECT "seq" FROM ${samples} WHERE ${ofPump(pumpId)} ORDER BY time ASC LIMIT 1`])
      const at = numberIn(rows?.[0], 'time')
      return at === null ? null : instant(at)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#minutes[Symbol.asyncDispose]()
  }
}

const ofPump = (pumpId: PumpId): string => `"pump" = ${quoteString(pumpId)}`

const samplesOf = ({ pumpId, from, to }: MinuteSpan): string =>
  `SELECT ${sampleFields} FROM ${samples} WHERE ${ofPump(pumpId)} AND time >= ${milliseconds(from)} AND time < ${milliseconds(to)} ORDER BY time`

const minuteRow = (row: ResultRow): readonly MinuteRow[] => {
  const at = numberIn(row, 'time')
  const hubId = HubId.safeParse(row.get('hub'))
  const channelId = ChannelId.safeParse(row.get('channel'))
  if (at === null || !hubId.success || !channelId.success) return []
  const values = historyColumns.map((column) => numberIn(row, column))
  const late = numberIn(row, 'late') === 1
  return [{ at, hubId: hubId.data, channelId: channelId.data, late, state: numberIn(row, 'state'), values }]
}

const toPoint = (pumpId: PumpId, minute: Minute): Point => {
  const point = new Point(minuteMeasurement)
    .tag('pump', pumpId)
    .tag('hub', minute.hubId)
    .tag('channel', minute.channelId)
    .timestamp(timeOf(minute.at, 0))
  for (const column of minuteColumns) {
    const value = column.read(minute)
    if (value === null) continue
    if (column.type === 'float') point.floatField(column.name, value)
    else point.intField(column.name, value)
  }
  return point
}
