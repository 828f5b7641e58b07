import type { WriteApi } from '@influxdata/influxdb-client'
import type { RefusedPoint, TelemetryPoint } from '#server/core/ports.ts'
import { columns } from '#server/core/telemetry-columns.ts'

export const measurement = 'infusion'
const tailDigits = 6
const tailRange = 10 ** tailDigits

/** Time of the `number`th of a sequence that happened at `at` ms: two of one millisecond stay two. Beyond 2^53, hence text. */
export const timeOf = (at: number, number: number): string =>
  at > 0
    ? `${at}${String(number % tailRange).padStart(tailDigits, '0')}`
    : String(BigInt(at) * BigInt(tailRange) + BigInt(number % tailRange))

interface Field {
  /** With the comma before it. */
  readonly before: string
  readonly after: '' | 'i'
  readonly read: (point: TelemetryPoint) => number | null
}

/** In the order of their names, as InfluxDB's client writes them; `at_ms`, which is never absent, goes first. */
const fields: readonly Field[] = [
  ...columns.map((column) => ({
    name: column.name,
    type: column.type,
    read: (point: TelemetryPoint) => column.read(point),
  })),
  { name: 'seq', type: 'integer', read: ({ seq }: TelemetryPoint) => seq } as const,
]
  .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  .map(({ name, type, read }) => ({ before: `,${name}=`, after: type === 'float' ? '' : 'i', read }))

/**
 * A point as line protocol, by hand: tens of thousands a second have no time for objects. Tags are facts that never change (pump, hub,
 * channel), so that a point sent again falls on itself (reliability.md 7); ids have no character that would have to be escaped.
 */
export const lineOf = (told: TelemetryPoint): string => {
  const { pumpId, hubId, seq, occurredAt, sample } = told
  let line = `${measurement},channel=${sample.channelId},hub=${hubId},pump=${pumpId} at_ms=${occurredAt}i`
  for (const { before, after, read } of fields) {
    const value = read(told)
    if (value !== null) line += before + value + after
  }
  return `${line} ${timeOf(occurredAt, seq)}`
}

interface Placed {
  readonly index: number
  readonly line: string
}

/**
 * Writes points and finds those that the database dropped. It names their number at best, and stores the rest: the batch is halved until
 * each dropped point is known, which is harmless, because a point that is written again falls on itself. Points that fail for one reason
 * usually lie together in time, so halving is short.
 */
export const writePoints = async (
  writer: WriteApi,
  points: readonly { readonly at: number; readonly line: string }[],
): Promise<readonly RefusedPoint[]> => {
  const placed = points.map(({ at, line }, index) => ({ at, index, line })).toSorted((a, b) => a.at - b.at)
  return writeHalving(writer, placed)
}

export const writeSamples = async (
  writer: WriteApi,
  points: readonly TelemetryPoint[],
): Promise<readonly RefusedPoint[]> =>
  writePoints(
    writer,
    points.map((point) => ({ at: point.occurredAt, line: lineOf(point) })),
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
  writer.writeRecord(placed.map(({ line }) => line).join('\n'))
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
