import { Point, type WriteApi } from '@influxdata/influxdb-client'
import type { RefusedPoint, TelemetryPoint } from '#server/core/ports.ts'
import { columns } from '#server/core/telemetry-columns.ts'

export const measurement = 'infusion'
const tailRange = 1_000_000

/** Time of the `number`th of a sequence that happened at `at` ms: two of one millisecond stay two. Beyond 2^53, hence text. */
export const timeOf = (at: number, number: number): string =>
  String(BigInt(at) * BigInt(tailRange) + BigInt(number % tailRange))

/** Tags are facts that never change (pump, hub, channel), so that a point sent again falls on itself (reliability.md 7). */
export const toInfluxPoint = (told: TelemetryPoint): Point => {
  const { pumpId, hubId, seq, occurredAt, sample } = told
  const point = new Point(measurement)
    .tag('pump', pumpId)
    .tag('hub', hubId)
    .tag('channel', sample.channelId)
    .intField('seq', seq)
    .intField('at_ms', occurredAt)
    .timestamp(timeOf(occurredAt, seq))
  for (const column of columns) {
    const value = column.read(told)
    if (value === null) continue
    if (column.type === 'float') point.floatField(column.name, value)
    else point.intField(column.name, value)
  }
  return point
}

interface Placed {
  readonly index: number
  readonly point: Point
}

/**
 * Writes points and finds those that the database dropped. It names their number at best, and stores the rest: the batch is halved until
 * each dropped point is known, which is harmless, because a point that is written again falls on itself. Points that fail for one reason
 * usually lie together in time, so halving is short.
 */
export const writePoints = async (
  writer: WriteApi,
  points: readonly { readonly at: number; readonly point: Point }[],
): Promise<readonly RefusedPoint[]> => {
  const placed = points.map(({ at, point }, index) => ({ at, index, point })).toSorted((a, b) => a.at - b.at)
  return writeHalving(writer, placed)
}

export const writeSamples = async (
  writer: WriteApi,
  points: readonly TelemetryPoint[],
): Promise<readonly RefusedPoint[]> =>
  writePoints(
    writer,
    points.map((point) => ({ at: point.occurredAt, point: toInfluxPoint(point) })),
  )

const writeHalving = async (writer: WriteApi, placed: readonly Placed[]): Promise<readonly RefusedPoint[]> => {
  if (placed.length === 0) return []
  const dropped = await writeOnce(writer, placed)
  if (dropped === null) return []
  if (placed.length === 1 || dropped.count === placed.length)
    return placed.map(({ index }) => ({ index, reason: dropped.reason }))
  const middle = placed.length >> 1
  const left = await writeHalving(writer, placed.slice(0, middle))
  return [...left, ...(await writeHalving(writer, placed.slice(middle)))]
}

interface Dropped {
  /** Null: the database does not say how many. */
  readonly count: number | null
  readonly reason: string
}

/** Null: all stored. Rejects when nothing is known to be stored. */
const writeOnce = async (writer: WriteApi, placed: readonly Placed[]): Promise<Dropped | null> => {
  // Both in one turn: lines of another call never get in between.
  writer.writePoints(placed.map(({ point }) => point))
  try {
    await writer.flush()
    return null
  } catch (error) {
    const dropped = readDropped(error)
    if (dropped === null) throw error
    return dropped
  }
}

/** InfluxDB 1 and 3 answer 400, 2 answers 422, and both store what they do not complain about. Other 400s are about the request. */
const aboutPoints = /partial write|points beyond retention|field type conflict|unable to parse/i
const reasonLength = 200

const readDropped = (error: unknown): Dropped | null => {
  if (!(error instanceof Error) || !('statusCode' in error)) return null
  if (error.statusCode !== 400 && error.statusCode !== 422) return null
  const body = 'body' in error && typeof error.body === 'string' ? error.body : error.message
  if (!aboutPoints.test(body)) return null
  const count = /dropped=(\d+)/.exec(body)?.[1]
  return { count: count === undefined ? null : Number(count), reason: wordsOf(body).slice(0, reasonLength) }
}

const wordsOf = (body: string): string => {
  if (/beyond retention/i.test(body)) return 'beyond retention'
  if (/field type conflict/i.test(body)) return 'field type conflict'
  return body.replaceAll(/\s+/g, ' ')
}
