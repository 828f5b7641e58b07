import { channelFaults } from './channels.ts'
import type { FaultKind } from './fault-plan.ts'
import { strikes } from './faults-now.ts'
import type { FaultWindow } from './log.ts'
import type { Played } from './play.ts'

export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

const hubKinds: ReadonlySet<FaultKind> = new Set(['hub-link', 'replies-lost', 'slow-link', 'narrow-link', 'kill-hub'])
const serverKinds: ReadonlySet<FaultKind> = new Set([
  'kill-server',
  'kill-server-before-commit',
  'kill-server-after-commit',
])
const channelKinds: ReadonlySet<FaultKind> = new Set(channelFaults)
/** Until every date is given by the clock as it is now, ms: anchors are promised 30 s ahead, lists come every 60 s. */
const clockSettlesMs = 180_000

/** When which part of the way from a pump to a nurse was broken. */
export class Paths {
  readonly #played: Played
  readonly server: readonly Span[]
  readonly clock: readonly Span[]
  readonly channels: readonly Span[]
  readonly #pumps = new Map<number, readonly Span[]>()
  readonly #hubs = new Map<number, readonly Span[]>()

  constructor(played: Played) {
    this.#played = played
    this.server = this.#windows(({ fault }) => serverKinds.has(fault.kind))
    const clocks = this.#windows(({ fault }) => fault.kind === 'server-clock')
    this.clock = clocks.map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs + clockSettlesMs }))
    this.channels = this.#windows(({ fault }) => channelKinds.has(fault.kind))
  }

  /** Of this hub alone. */
  hub(hub: number): readonly Span[] {
    const known = this.#hubs.get(hub)
    if (known !== undefined) return known
    const spans = this.#windows(({ fault }) => hubKinds.has(fault.kind) && strikes(fault, this.#played.plan) === hub)
    this.#hubs.set(hub, spans)
    return spans
  }

  /** Of this pump's cable alone. */
  line(pump: number): readonly Span[] {
    const known = this.#pumps.get(pump)
    if (known !== undefined) return known
    const spans = this.#windows(({ fault }) => fault.kind === 'pump-line' && strikes(fault, this.#played.plan) === pump)
    this.#pumps.set(pump, spans)
    return spans
  }

  /** Everything between this pump and the journal. */
  toServer(pump: number): readonly Span[] {
    const hub = this.#played.pumps[pump]?.hub ?? 0
    return [...this.line(pump), ...this.hub(hub), ...this.server, ...this.clock]
  }

  #windows(isOne: (window: FaultWindow) => boolean): readonly Span[] {
    return this.#played.driver.windows.filter(isOne)
  }
}

export const isClear = (spans: readonly Span[], fromMs: number, toMs: number): boolean =>
  !spans.some((span) => span.fromMs <= toMs && span.toMs >= fromMs)

/** The first moment from `fromMs` on after which nothing is broken for `lastsMs`; null: there is none that ends by `toMs`. */
export const firstClear = (spans: readonly Span[], fromMs: number, lastsMs: number, toMs: number): number | null => {
  const starts = [fromMs, ...spans.map((span) => span.toMs + 1).filter((at) => at > fromMs)].toSorted((a, b) => a - b)
  return starts.find((at) => at + lastsMs <= toMs && isClear(spans, at, at + lastsMs)) ?? null
}

/** What `spans` leave of [fromMs, toMs]. */
export const clearSpans = (spans: readonly Span[], fromMs: number, toMs: number): readonly Span[] => {
  const inside = spans
    .filter((span) => span.toMs >= fromMs && span.fromMs <= toMs)
    .toSorted((a, b) => a.fromMs - b.fromMs)
  const clear: Span[] = []
  let at = fromMs
  for (const span of inside) {
    if (span.fromMs > at) clear.push({ fromMs: at, toMs: span.fromMs })
    at = Math.max(at, span.toMs)
  }
  if (at < toMs) clear.push({ fromMs: at, toMs })
  return clear
}
