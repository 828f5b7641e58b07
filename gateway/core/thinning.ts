import { averagedFields, measuredAt, measuredSeq } from '#domain/uplink/records.ts'
import type { AveragedField, TelemetryRecord, Thinned, ThinnedRecord } from '#domain/uplink/records.ts'
import type { PumpId } from '#domain/ids.ts'
import type { TelemetrySample } from '#domain/telemetry.ts'

export type Thinnable = TelemetryRecord | ThinnedRecord

export interface ThinnedRow {
  readonly pumpId: PumpId
  readonly body: Thinned
}

/** Readings that run on by themselves: the last of a span says it all. Everything else has to be equal to be thinned together. */
const runningFields: ReadonlySet<string> = new Set<keyof TelemetrySample>([
  'pumpClockAt',
  'raw',
  'vtbiMl',
  'programRemainingMl',
  'infusedTotalMl',
  'infusedSegmentMl',
  'timeRemainingSeconds',
  'batteryPercent',
  'batteryMinutesRemaining',
  ...averagedFields,
])

const sampleOf = (record: Thinnable): TelemetrySample => (record.kind === 'thinned' ? record.body.sample : record.body)

const spanOf = (record: Thinnable, spanMs: number): number => Math.floor(measuredAt(record).monotonicMs / spanMs)

/** Equal for samples that may become one: the pump, the span, and every word and setting, alarms and marks above all. */
const groupOf = (record: Thinnable, spanMs: number): string => {
  const sample = sampleOf(record)
  const told = Object.entries({ ...sample, activeAlarms: sample.activeAlarms.toSorted(byText) })
    .filter(([name]) => !runningFields.has(name))
    .toSorted(([a], [b]) => byText(a, b))
  return JSON.stringify([record.pumpId, measuredAt(record).bootId, spanOf(record, spanMs), told])
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * One row per pump, channel, span and distinct state (reliability.md 3 rule 11). No word of any sample is lost: what differs in a state, a
 * mark or an alarm code stays a row of its own.
 */
export const thin = (records: readonly Thinnable[], spanMs: number): readonly ThinnedRow[] =>
  [...Map.groupBy(records, (record) => groupOf(record, spanMs)).values()].flatMap((group) => merge(group) ?? [])

const merge = (group: readonly Thinnable[]): ThinnedRow | null => {
  const inTime = group.toSorted((a, b) => measuredAt(a).monotonicMs - measuredAt(b).monotonicMs)
  const first = inTime[0]
  const last = inTime.at(-1)
  if (first === undefined || last === undefined) return null
  const rate = average(inTime, 'rateMlPerHour')
  const pressure = average(inTime, 'linePressureMmHg')
  const air = average(inTime, 'airAccumulatedMl')
  return {
    pumpId: last.pumpId,
    body: {
      of: {
        bootId: measuredAt(last).bootId,
        firstSeq: Math.min(...inTime.map(measuredSeq)),
        firstMonotonicMs: first.kind === 'thinned' ? first.body.of.firstMonotonicMs : first.monotonicMs,
        lastMonotonicMs: measuredAt(last).monotonicMs,
        count: inTime.reduce((count, record) => count + (record.kind === 'thinned' ? record.body.of.count : 1), 0),
      },
      sample: {
        ...sampleOf(last),
        rateMlPerHour: rate?.mean ?? null,
        linePressureMmHg: pressure?.mean ?? null,
        airAccumulatedMl: air?.mean ?? null,
        raw: {},
      },
      spread: {
        rateMlPerHour: spreadOf(rate),
        linePressureMmHg: spreadOf(pressure),
        airAccumulatedMl: spreadOf(air),
      },
    },
  }
}

interface Average {
  readonly mean: number
  readonly min: number
  readonly max: number
  readonly count: number
}

const spreadOf = (reading: Average | null): Thinned['spread'][AveragedField] =>
  reading === null ? null : { min: reading.min, max: reading.max, count: reading.count }

/** Thinned samples count as often as the samples behind them. Null when the pump never said. */
const average = (records: readonly Thinnable[], field: AveragedField): Average | null => {
  const told = records.flatMap((record): readonly Average[] => {
    const mean = sampleOf(record)[field]
    if (mean === null) return []
    const spread = record.kind === 'thinned' ? record.body.spread[field] : null
    return [{ mean, min: spread?.min ?? mean, max: spread?.max ?? mean, count: spread?.count ?? 1 }]
  })
  const count = told.reduce((sum, one) => sum + one.count, 0)
  if (count === 0) return null
  const min = Math.min(...told.map((one) => one.min))
  const max = Math.max(...told.map((one) => one.max))
  const mean = told.reduce((sum, one) => sum + one.mean * (one.count / count), 0)
  // Rounding must not put a mean outside what was read.
  return { mean: Math.min(max, Math.max(min, mean)), min, max, count }
}

/**
 * How many of `records`, oldest first, may be thinned now: all of the spans that are over. The last span may still be growing, unless
 * something follows it (`closed`) or it fills all that is looked at.
 */
export const thinnableCount = (records: readonly Thinnable[], spanMs: number, closed: boolean): number => {
  const last = records.at(-1)
  if (last === undefined || closed) return records.length
  const lastSpan = spanOf(last, spanMs)
  const index = records.findIndex((record) => spanOf(record, spanMs) === lastSpan)
  return index
}
