import type { PumpId } from '#domain/ids.ts'
import { ServerError } from '#server/core/errors.ts'
import { BucketFold, bucketWidth, historyFields, toBucket, type Window } from '#server/core/history-buckets.ts'
import type { TelemetryPoint, TelemetryStore } from '#server/core/ports.ts'
import { joinBuckets } from '#server/core/roll-ups/join-buckets.ts'
import {
  minutesOf,
  type Minute,
  type MinuteSpan,
  type MinuteStore,
  type MinuteWindow,
} from '#server/core/roll-ups/minute.ts'
import { columns, storedSample } from '#server/core/telemetry-columns.ts'

/** The telemetry store's promises without a disk. `down` makes every call reject. */
export class MemoryTelemetryStore implements TelemetryStore, MinuteStore {
  readonly engine = 'memory'
  readonly place = 'memory'
  readonly points = new Map<string, TelemetryPoint>()
  readonly minutes = new Map<string, Minute & { readonly pumpId: PumpId }>()
  down = false

  async write(points: readonly TelemetryPoint[]) {
    this.#assertUp()
    for (const point of points) this.points.set(keyOf(point), point)
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
    for (const point of inside) fold.add(rowOf(point))
    return { pumpId, from, to, resolutionMs, buckets: fold.buckets(), lastSampleAt: all.at(-1)?.occurredAt ?? null }
  }

  async rollUp(spans: readonly MinuteSpan[]): Promise<void> {
    this.#assertUp()
    for (const { pumpId, from, to } of spans) {
      const inside = this.#ofPump(pumpId).filter(({ occurredAt }) => occurredAt >= from && occurredAt < to)
      for (const minute of minutesOf(inside.map(rowOf)))
        this.minutes.set([pumpId, minute.at, minute.hubId, minute.channelId].join('/'), { ...minute, pumpId })
    }
  }

  async bucketsOfMinutes(pumpId: PumpId, { from, to, origin, widthMs, channel }: MinuteWindow) {
    this.#assertUp()
    const inside = [...this.minutes.values()]
      .filter((minute) => minute.pumpId === pumpId && minute.at >= from && minute.at < to)
      .filter(({ channelId }) => (channel ?? channelId) === channelId)
      .toSorted((a, b) => a.at - b.at)
    return joinBuckets(inside.map(toBucket), origin, widthMs)
  }

  async earliest(pumpId: PumpId) {
    this.#assertUp()
    return this.#ofPump(pumpId)[0]?.occurredAt ?? null
  }

  async pumpsKept(): Promise<readonly PumpId[]> {
    this.#assertUp()
    return [...new Set([...this.points.values(), ...this.minutes.values()].map(({ pumpId }) => pumpId))].toSorted()
  }

  async expire(pumpId: PumpId, before: { readonly samples: number; readonly minutes: number }, most: number) {
    this.#assertUp()
    const samples = this.#ofPump(pumpId).filter(({ occurredAt }) => occurredAt < before.samples)
    const minutes = [...this.minutes].filter(([, minute]) => minute.pumpId === pumpId && minute.at < before.minutes)
    for (const point of samples.slice(0, most)) this.points.delete(keyOf(point))
    for (const [key] of minutes.slice(0, most)) this.minutes.delete(key)
    return samples.length >= most || minutes.length >= most
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

const keyOf = ({ pumpId, hubId, occurredAt, seq, sample }: TelemetryPoint): string =>
  [pumpId, occurredAt, seq % 1_000_000, hubId, sample.channelId].join('/')

const state = columns.find((column) => column.name === 'state')

const rowOf = (point: TelemetryPoint) => ({
  at: point.occurredAt,
  late: point.late,
  state: state?.read(point) ?? null,
  values: historyFields.map((field) => point.sample[field]),
  hubId: point.hubId,
  channelId: point.sample.channelId,
})
