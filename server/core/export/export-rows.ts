import type { ChannelId, PumpId } from '#domain/ids.ts'
import type { HistoryBucket } from '#domain/live/api.ts'
import type { ExportResolution } from '#domain/live/export.ts'
import type { TelemetryStore } from '../ports.ts'
import type { LongHistory } from '../roll-ups/long-history.ts'
import { minuteMs } from '../roll-ups/minute.ts'

export interface ExportQuestion {
  readonly pumpId: PumpId
  readonly from: number
  readonly to: number
  readonly channel?: ChannelId | undefined
  readonly resolution: ExportResolution
  /** Nothing for longer than this is a gap, ms. */
  readonly gapMs: number
}

export interface ExportSource {
  readonly samples: Pick<TelemetryStore, 'history'>
  readonly minutes: Pick<LongHistory, 'minutes'>
}

/** A gap is a time of which nothing is known: never bridged, never left to be guessed. */
export type ExportRow =
  | { readonly kind: 'reading'; readonly bucket: HistoryBucket }
  | { readonly kind: 'gap'; readonly from: number; readonly to: number }

const dayMs = 86_400_000
const mostPoints = 2000
/** As many samples as a slice should have at least; with fewer the next is twice as long. */
const fewPoints = 800
const firstSliceMs = 600_000
const shortestSliceMs = 1000

/** A slice after the other, so that no more than one is ever in memory; in the order of time, with the gaps between. */
export async function* exportRows(source: ExportSource, question: ExportQuestion): AsyncIterable<readonly ExportRow[]> {
  const { from, to, gapMs } = question
  let heardAt = from
  for await (const buckets of slices(source, question)) {
    const rows: ExportRow[] = []
    for (const bucket of buckets) {
      if (bucket.from - heardAt > gapMs) rows.push({ kind: 'gap', from: heardAt, to: bucket.from })
      rows.push({ kind: 'reading', bucket })
      heardAt = Math.max(heardAt, bucket.to)
    }
    if (rows.length > 0) yield rows
  }
  if (to - heardAt > gapMs) yield [{ kind: 'gap', from: heardAt, to }]
}

const slices = (source: ExportSource, question: ExportQuestion): AsyncIterable<readonly HistoryBucket[]> => {
  switch (question.resolution) {
    case 'samples':
      return sampleSlices(source.samples, question)
    case 'minutes':
      return minuteSlices(source.minutes, question)
  }
}

async function* sampleSlices(
  store: ExportSource['samples'],
  { pumpId, from, to, channel }: ExportQuestion,
): AsyncIterable<readonly HistoryBucket[]> {
  let width = firstSliceMs
  for (let at = from; at < to;) {
    const end = Math.min(to, at + width)
    const { resolutionMs, buckets } = await store.history(pumpId, { from: at, to: end, maxPoints: mostPoints, channel })
    // More than fit: the same again, in halves. So many within a second are no samples of a pump; they go joined.
    if (resolutionMs > 0 && width > shortestSliceMs) {
      width = Math.max(shortestSliceMs, Math.floor(width / 2))
      continue
    }
    yield buckets
    at = end
    if (buckets.length < fewPoints) width = Math.min(dayMs, width * 2)
  }
}

async function* minuteSlices(
  history: ExportSource['minutes'],
  { pumpId, from, to, channel }: ExportQuestion,
): AsyncIterable<readonly HistoryBucket[]> {
  for (let at = from; at < to;) {
    const end = Math.min(to, Math.floor((at + dayMs) / minuteMs) * minuteMs)
    yield await history.minutes(pumpId, { from: at, to: end, channel })
    at = end
  }
}
