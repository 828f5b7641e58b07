export const chartRanges = { '1h': 3_600_000, '6h': 21_600_000, '24h': 86_400_000, '7d': 604_800_000 } as const
export type ChartRange = keyof typeof chartRanges | 'infusion'

/** `live` follows the clock; `fixed` stands still until somebody goes back to live. */
export type ChartWindow =
  | { readonly kind: 'live'; readonly range: ChartRange }
  | { readonly kind: 'fixed'; readonly range: ChartRange; readonly from: number; readonly to: number }

export interface Span {
  readonly from: number
  readonly to: number
}

/** Narrower than this shows nothing more, ms; wider is not kept. */
const narrowestMs = 60_000
const widestMs = 31 * 86_400_000

/** An infusion that has just begun is drawn in this much time, ms, so that its first minutes do not fill the chart. */
const shortestInfusionMs = 900_000

/** `infusionAt`: start of the infusion; null: not known, the longest range stands in. */
export const spanOf = (shown: ChartWindow, now: number, infusionAt: number | null): Span => {
  if (shown.kind === 'fixed') return { from: shown.from, to: shown.to }
  if (shown.range !== 'infusion') return { from: now - chartRanges[shown.range], to: now }
  return { from: Math.min(infusionAt ?? now - chartRanges['7d'], now - shortestInfusionMs), to: now }
}

/** Keeps its width and reaches no further than now. */
const within = ({ from, to }: Span, now: number): Span => {
  const width = Math.min(Math.max(to - from, narrowestMs), widestMs)
  const end = Math.min(to, now)
  return { from: Math.round(end - width), to: Math.round(end) }
}

const fixed = (shown: ChartWindow, span: Span, now: number): ChartWindow => ({
  kind: 'fixed',
  range: shown.range,
  ...within(span, now),
})

/** A stretch that was drawn with the pointer. */
export const zoomedTo = (shown: ChartWindow, span: Span, now: number): ChartWindow => {
  const short = narrowestMs - (span.to - span.from)
  return fixed(shown, short > 0 ? { from: span.from - short / 2, to: span.to + short / 2 } : span, now)
}

/** `factor` below 1 looks closer; `at` stays where it is. */
export const zoomedBy = (shown: ChartWindow, span: Span, factor: number, at: number, now: number): ChartWindow =>
  zoomedTo(shown, { from: at - (at - span.from) * factor, to: at + (span.to - at) * factor }, now)

/** Moved by `ms`, to the past where it is negative. */
export const movedBy = (shown: ChartWindow, span: Span, ms: number, now: number): ChartWindow =>
  fixed(shown, { from: span.from + ms, to: span.to + ms }, now)

/** The same width with `at` in it: unchanged where it is already. */
export const broughtInto = (shown: ChartWindow, span: Span, at: number, now: number): ChartWindow => {
  if (at >= span.from && at <= span.to) return shown
  const half = (span.to - span.from) / 2
  return fixed(shown, { from: at - half, to: at + half }, now)
}

export const backToLive = ({ range }: ChartWindow): ChartWindow => ({ kind: 'live', range })
