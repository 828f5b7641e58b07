import type { HistoryBucket } from '#domain/live/api.ts'
import type { PumpId } from '#domain/ids.ts'
import { instant } from '#domain/time.ts'
import type { z } from 'zod'
import type { TelemetryPoint, TelemetryStore } from '../core/ports.ts'

type Bucket = z.infer<typeof HistoryBucket>

const fields = ['rateMlPerHour', 'linePressureMmHg', 'infusedTotalMl', 'programRemainingMl', 'batteryPercent'] as const

const bucketOf = ({ occurredAt, sample }: TelemetryPoint): Bucket => ({
  from: occurredAt,
  to: occurredAt,
  samples: 1,
  state: sample.operatingState,
  values: Object.fromEntries(
    fields.flatMap((field) => {
      const value = sample[field]
      return value === null ? [] : [[field, [value, value, value, value]]]
    }),
  ),
})

/** Keeps the newest samples in memory and nothing over a restart. */
export const createMemoryTelemetryStore = (capacity = 100_000): TelemetryStore => {
  const points = new Map<string, TelemetryPoint>()
  const ofPump = (pumpId: PumpId): readonly TelemetryPoint[] =>
    [...points.values()].filter((p) => p.pumpId === pumpId).toSorted((a, b) => a.occurredAt - b.occurredAt)

  return {
    engine: 'memory',
    async write(batch) {
      for (const point of batch) points.set(`${point.hubId}/${point.bootId}/${point.seq}`, point)
      for (const key of points.keys()) {
        if (points.size <= capacity) break
        points.delete(key)
      }
      return { refused: [] }
    },
    async latest(pumpId) {
      const last = ofPump(pumpId).at(-1)
      return last === undefined ? null : { at: last.occurredAt, sample: last.sample }
    },
    async history(pumpId, { from, to, maxPoints }) {
      const all = ofPump(pumpId)
      const inside = all.filter((point) => point.occurredAt >= from && point.occurredAt < to)
      return {
        pumpId,
        from,
        to,
        resolutionMs: 0,
        buckets: inside.slice(-maxPoints).map(bucketOf),
        lastSampleAt: all.at(-1)?.occurredAt ?? null,
      }
    },
    async check() {
      await Promise.resolve(instant(0))
    },
    async [Symbol.asyncDispose]() {
      points.clear()
    },
  }
}
