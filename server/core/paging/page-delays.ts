import type { PageEvent } from '#domain/paging/events.ts'

const dayMs = 86_400_000
const mostKept = 1000

export interface PageDelays {
  /** From the decision until a channel took the page, of the last 24 h, ms; null: none was sent. */
  readonly sent: { readonly half: number; readonly most95: number; readonly longest: number } | null
  /** Decided and not yet tried, or not on record yet. */
  readonly waiting: number
  /** ms; 0: none waits. */
  readonly oldestWaiting: number
}

/** How long pages take to leave. It knows those that were decided since the start of the server. */
export class PageDelayBook {
  readonly #waiting = new Map<string, number>()
  #sent: { readonly at: number; readonly ms: number }[] = []

  take(events: readonly PageEvent[]): void {
    for (const event of events)
      if (event.type === 'page-queued') this.#waiting.set(event.page.notificationId, event.at)
      else if (event.type === 'page-withdrawn') this.#waiting.delete(event.notificationId)
      else if (event.type === 'page-attempted') this.#attempted(event)
  }

  read(now: number): PageDelays {
    const sorted = this.#sent
      .filter(({ at }) => now - at < dayMs)
      .map(({ ms }) => ms)
      .toSorted((a, b) => a - b)
    const part = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
    return {
      sent: sorted.length === 0 ? null : { half: part(0.5), most95: part(0.95), longest: part(1) },
      waiting: this.#waiting.size,
      oldestWaiting: Math.max(0, ...[...this.#waiting.values()].map((at) => now - at)),
    }
  }

  #attempted({ notificationId, outcome, at }: PageEvent & { readonly type: 'page-attempted' }): void {
    const queuedAt = this.#waiting.get(notificationId)
    this.#waiting.delete(notificationId)
    if (queuedAt === undefined || outcome !== 'sent') return
    this.#sent.push({ at, ms: Math.max(0, at - queuedAt) })
    if (this.#sent.length > mostKept) this.#sent = this.#sent.slice(-mostKept)
  }
}
