import type { PumpId } from '#domain/ids.ts'
import { ServerError } from '#server/core/errors.ts'
import { BucketFold, bucketWidth, historyFields, type Window } from '#server/core/history-buckets.ts'
import type { TelemetryPoint, TelemetryStore } from '#server/core/ports.ts'
import { columns, storedSample } from '#server/core/telemetry-columns.ts'

/** The telemetry store's promises without a disk. `down` makes every call reject. */
export class MemoryTelemetryStore implements TelemetryStore {
  readonly engine = 'memory'
  readonly points = new Map<string, TelemetryPoint>()
  down = false

  async write(points: readonly TelemetryPoint[]) {
    this.#assertUp()
    for (const point of points) {
      const { pumpId, hubId, occurredAt, seq, sample } = point
      this.points.set([pumpId, occurredAt, seq % 1_000_000, hubId, sample.channelId].join('/'), point)
    }
    return { refused: [] }
  }

  async latest(pumpId: PumpId) {
    this.#assertUp()
    const point = this.#ofPump(pumpId).at(-1)
    if (point === undefined) return null
    const values = new Map(columns.map((column) => [column.name, column.read(point)]))
    const sample = storedSample(point.sample.channelId, (column) => values.get(column) ?? null)
    return { at: point.occurredAt, sample }
  }

  async history(pumpId: PumpId, window: Window) {
    this.#assertUp()
    const { from, to } = window
    const all = this.#ofPump(pumpId).filter(({ sample }) => (window.channel ?? sample.channelId) === sample.channelId)
    const inside = all.filter(({ occurredAt }) => occurredAt >= from && occurredAt < to)
    const resolutionMs = bucketWidth(window, inside.length)
    const fold = new BucketFold(from, resolutionMs)
    const state = columns.find((column) => column.name === 'state')
    for (const point of inside)
      fold.add({
        at: point.occurredAt,
        late: point.late,
        state: state?.read(point) ?? null,
        values: historyFields.map((field) => point.sample[field]),
      })
    return { pumpId, from, to, resolutionMs, buckets: fold.buckets(), lastSampleAt: all.at(-1)?.occurredAt ?? null }
  }

  async check(): Promise<void> {
    this.#assertUp()
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #assertUp(): void {
    if (this.down) throw new ServerError('SRV_STORE_UNAVAILABLE', 'the store is down')
  }

  #ofPump(pumpId: PumpId): readonly TelemetryPoint[] {
    return [...this.points.values()]
      .filter((point) => point.pumpId === pumpId)
      .toSorted((a, b) => a.occurredAt - b.occurredAt || (a.seq % 1_000_000) - (b.seq % 1_000_000))
  }
}
