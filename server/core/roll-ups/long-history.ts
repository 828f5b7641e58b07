import type { z } from 'zod'
import type { PumpId } from '#domain/ids.ts'
import type { History, HistoryBucket, HistoryQuery } from '#domain/live/api.ts'
import type { Clock } from '#domain/time.ts'
import type { SeqRange } from '#domain/uplink/records.ts'
import type { Log } from '../log.ts'
import type { TelemetryStore } from '../ports.ts'
import { minus, within, type SeqRanges } from '../seq-ranges.ts'
import type { DueMinutes } from './due-minutes.ts'
import { joinBuckets } from './join-buckets.ts'
import { ceilMinute, floorMinute, minuteMs, type MinuteStore } from './minute.ts'

export interface LongHistoryDependencies {
  readonly store: Pick<TelemetryStore, 'history'> & Pick<MinuteStore, 'bucketsOfMinutes'>
  readonly due: Pick<DueMinutes, 'of' | 'isComplete'>
  /** How long samples are kept, days. */
  readonly sampleDays: number
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
}

type Asked = z.infer<typeof HistoryQuery>
type Answer = Omit<History, 'alarms'>

const dayMs = 86_400_000
/** Buckets of samples are as wide as they have to be, those of minutes whole minutes: from here on the difference is small. */
const narrowestMs = 5 * minuteMs
/** Stretches that are read from samples because their minutes are due. With more, all is. */
const mostPieces = 8
const mostPoints = 2000

/** Histories over long spans, read from minutes; what is not rolled up yet, and the ends of the window, from samples (storage.md 2). */
export class LongHistory implements Pick<TelemetryStore, 'history'> {
  readonly #deps: LongHistoryDependencies

  constructor(deps: LongHistoryDependencies) {
    this.#deps = deps
  }

  async history(pumpId: PumpId, asked: Asked): Promise<Answer> {
    const { store, log } = this.#deps
    const pieces = this.#pieces(pumpId, asked)
    if (pieces === null) return store.history(pumpId, asked)
    let answer: Answer
    try {
      answer = await this.#fromMinutes(pumpId, asked, pieces)
    } catch (error) {
      // Samples say the same and take longer.
      log.warn({ err: error }, 'a history could not be read from minutes')
      return store.history(pumpId, asked)
    }
    const samples = answer.buckets.reduce((sum, bucket) => sum + bucket.samples, 0)
    return samples <= asked.maxPoints && asked.from >= this.#samplesSince() ? store.history(pumpId, asked) : answer
  }

  /** Every minute that has a sample, of a few days at most; a minute is whole but at the ends of what is asked. */
  async minutes(pumpId: PumpId, asked: Pick<Asked, 'from' | 'to' | 'channel'>): Promise<readonly HistoryBucket[]> {
    const { store, due } = this.#deps
    const { from, to } = asked
    const origin = floorMinute(from)
    const maxPoints = Math.max(1, (ceilMinute(to) - origin) / minuteMs)
    const whole = wholeMinutes(from, to)
    const pieces = within(due.of(pumpId), ...whole)
    if (whole[0] <= whole[1] && due.isComplete(pumpId) && pieces.length <= mostPieces)
      return (await this.#fromMinutes(pumpId, { ...asked, maxPoints }, pieces)).buckets
    // Buckets of samples begin where they are asked from: with a whole minute they are minutes, or samples that are few.
    const [first, last] = [Math.min(ceilMinute(from), to), Math.max(floorMinute(to), Math.min(ceilMinute(from), to))]
    const read: HistoryBucket[] = []
    for (const [start, end] of [[from, first] as const, [first, last] as const, [last, to] as const]) {
      const most = Math.ceil((end - start) / minuteMs)
      if (most > 0)
        read.push(
          ...(await store.history(pumpId, { from: start, to: end, maxPoints: most, channel: asked.channel })).buckets,
        )
    }
    return joinBuckets(read, origin, minuteMs)
  }

  /** Stretches to be read from samples, in minutes; null: all is. */
  #pieces(pumpId: PumpId, { from, to, maxPoints }: Asked): SeqRanges | null {
    const { due } = this.#deps
    const isShort = (to - from) / maxPoints < narrowestMs && from >= this.#samplesSince()
    if (isShort || !due.isComplete(pumpId)) return null
    const [first, last] = wholeMinutes(from, to)
    if (first > last) return null
    const pieces = within(due.of(pumpId), first, last)
    return pieces.length > mostPieces ? null : pieces
  }

  async #fromMinutes(pumpId: PumpId, asked: Asked, pieces: SeqRanges): Promise<Answer> {
    const { store } = this.#deps
    const { from, to, maxPoints, channel } = asked
    const widthMs = Math.max(1, Math.ceil((to - from) / maxPoints / minuteMs)) * minuteMs
    const origin = floorMinute(from)
    const whole = wholeMinutes(from, to)
    const rolled = minus([whole], pieces).map(async ([first, last]) =>
      store.bucketsOfMinutes(pumpId, {
        from: first * minuteMs,
        to: (last + 1) * minuteMs,
        origin,
        widthMs,
        channel,
      }),
    )
    const tail = { from: (whole[1] + 1) * minuteMs, to }
    const spans = [{ from, to: whole[0] * minuteMs }, ...pieces.map(spanOf), tail]
    const read = spans.map(async (span) => store.history(pumpId, { ...span, maxPoints: mostPoints, channel }))
    const [minutes, samples] = await Promise.all([Promise.all(rolled), Promise.all(read)])
    const buckets: readonly HistoryBucket[] = [...minutes.flat(), ...samples.flatMap((one) => one.buckets)]
    return {
      pumpId,
      from,
      to,
      resolutionMs: widthMs,
      source: 'minutes',
      buckets: [
        ...joinBuckets(
          buckets.toSorted((a, b) => a.from - b.from),
          origin,
          widthMs,
        ),
      ],
      lastSampleAt: samples.at(-1)?.lastSampleAt ?? null,
    }
  }

  #samplesSince(): number {
    return this.#deps.clock.now() - this.#deps.sampleDays * dayMs
  }
}

/** First and last whole minute; none: the first is after the last. */
const wholeMinutes = (from: number, to: number): SeqRange => [
  ceilMinute(from) / minuteMs,
  floorMinute(to) / minuteMs - 1,
]

const spanOf = ([first, last]: SeqRange) => ({ from: first * minuteMs, to: (last + 1) * minuteMs })
