import { computed, signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { ChannelId } from '#domain/ids.ts'
import type { History, HistoryField } from '#domain/live/api.ts'
import { chartData } from '#dashboard/core/chart-series.ts'
import type { ChartData, Point } from '#dashboard/core/chart-series.ts'
import { backToLive, broughtInto, movedBy, spanOf, zoomedBy, zoomedTo } from '#dashboard/core/chart-window.ts'
import type { ChartRange, ChartWindow, Span } from '#dashboard/core/chart-window.ts'
import { stepped } from '#dashboard/core/chart-cursor.ts'
import type { ServerLink } from '#dashboard/core/worker-protocol.ts'
import type { LiveStore } from './live-store.ts'
import type { ChannelModel } from './pump-model.ts'
import type { PumpPageModel } from './pump-page-model.ts'

/** The stored part is fetched again this often; between two fetches live samples fill in. */
const refetchMs = 60_000
/** Of one question about history. */
const maxPoints = 600
/** A drag asks once it rests. */
const restMs = 200
const mostLive = 3_600

export interface ChartNeeds {
  readonly link: ServerLink
  readonly live: LiveStore
  readonly page: PumpPageModel
  readonly channel: ChannelModel
  /** Null: the pump has only one. */
  readonly channelId: ChannelId | null
  readonly fields: readonly HistoryField[]
}

/** Window, stored and live samples, and cursor of one chart. */
export class ChartModel {
  readonly window = signal<ChartWindow>({ kind: 'live', range: '1h' })
  readonly history = signal<History | 'failed' | null>(null)
  /** ms; null: no cursor is set. */
  readonly cursor = signal<number | null>(null)
  readonly asTable = signal(false)
  readonly span: ReadonlySignal<Span | null>
  readonly data: ReadonlySignal<ChartData | null>
  readonly #needs: ChartNeeds
  readonly #points = signal<readonly Point[]>([])
  #asked = 0
  #rest: ReturnType<typeof setTimeout> | null = null

  constructor(needs: ChartNeeds) {
    this.#needs = needs
    const { live, page, channel, fields } = needs
    this.span = computed(() => {
      const now = live.now.value
      return now === null ? null : spanOf(this.window.value, now, page.about.value?.infusionStartedAt ?? null)
    })
    this.data = computed(() => {
      const stored = this.history.value
      const span = this.span.value
      if (stored === null || stored === 'failed' || span === null) return null
      const { statusIntervalMs } = channel.identity.value
      return chartData({ ...stored, ...span }, this.#points.value, statusIntervalMs, fields)
    })
  }

  /** Returns its own end. */
  start(): () => void {
    const stopLive = this.#needs.channel.sampledAt.subscribe((at) => {
      const sample = this.#needs.channel.sample.peek()
      const points = this.#points.peek()
      if (at === null || sample === null || at <= (points.at(-1)?.at ?? 0)) return
      this.#points.value = [...points.slice(-mostLive), { at, values: sample }]
    })
    const timer = setInterval(() => void this.#ask(), refetchMs)
    // at once, and again when the page is live again: what came meanwhile is in the store alone
    const stopFrozen = this.#needs.live.frozen.subscribe((frozen) => {
      if (!frozen) void this.#ask()
    })
    return () => {
      stopLive()
      stopFrozen()
      clearInterval(timer)
      if (this.#rest !== null) clearTimeout(this.#rest)
      this.#asked += 1
    }
  }

  choose(range: ChartRange): void {
    this.#show({ kind: 'live', range }, 'fresh')
  }

  backToLive(): void {
    this.cursor.value = null
    this.#show(backToLive(this.window.peek()), 'fresh')
  }

  zoomTo(span: Span): void {
    const now = this.#now()
    if (now !== null) this.#show(zoomedTo(this.window.peek(), span, now), 'fresh')
  }

  /** Around the cursor, else around the end. */
  zoomBy(factor: number, around: number | null = this.cursor.peek()): void {
    const [span, now] = [this.span.peek(), this.#now()]
    if (span !== null && now !== null)
      this.#show(zoomedBy(this.window.peek(), span, factor, around ?? span.to, now), 'kept')
  }

  moveBy(ms: number): void {
    const [span, now] = [this.span.peek(), this.#now()]
    if (span !== null && now !== null) this.#show(movedBy(this.window.peek(), span, ms, now), 'kept')
  }

  step(steps: number): void {
    this.cursor.value = stepped(this.data.peek()?.readings ?? [], this.cursor.peek(), steps)
  }

  /** The cursor on a moment that may lie outside what is shown. */
  goTo(at: number): void {
    const [span, now] = [this.span.peek(), this.#now()]
    if (span === null || now === null) return
    const window = broughtInto(this.window.peek(), span, at, now)
    if (window !== this.window.peek()) this.#show(window, 'fresh')
    this.cursor.value = at
  }

  #now(): number | null {
    return this.#needs.live.serverNow(performance.now())
  }

  /** `kept`: what is drawn stays until the answer comes, and nothing is asked before the hand rests. */
  #show(window: ChartWindow, what: 'fresh' | 'kept'): void {
    this.window.value = window
    if (this.#rest !== null) clearTimeout(this.#rest)
    if (what === 'fresh') {
      this.history.value = null
      void this.#ask()
    } else this.#rest = setTimeout(() => void this.#ask(), restMs)
  }

  async #ask(): Promise<void> {
    const { link, live, page, channelId, channel } = this.#needs
    const now = this.#now()
    if (now === null || live.frozen.peek()) return
    const span = spanOf(this.window.peek(), now, page.about.peek()?.infusionStartedAt ?? null)
    this.#asked += 1
    const question = this.#asked
    const { from, to } = span
    const answer = await link.request<'history'>({
      what: 'history',
      pumpId: channel.id,
      channel: channelId,
      from,
      to,
      maxPoints,
    })
    if (question === this.#asked) this.history.value = answer.ok ? answer.body : 'failed'
  }
}
