import { instant } from '#domain/time.ts'
import type { Instant } from '#domain/time.ts'

const kept = 10

/**
 * The server's clock as this page knows it. Heartbeats travel one way, so the least delayed of the last ten is the one with
 * the greatest offset: the estimate is late by that one's travel time and never by a stalled one's. `localMs` is monotonic;
 * the browser's wall clock takes no part.
 */
export class ServerClock {
  #offsets: readonly number[] = []

  hear(serverAt: number, localMs: number): void {
    this.#offsets = [...this.#offsets, serverAt - localMs].slice(-kept)
  }

  /** After sleep the monotonic clock may have stood still: what was learnt before is worth nothing. */
  forget(): void {
    this.#offsets = []
  }

  /** Null before the first heartbeat. */
  now(localMs: number): Instant | null {
    return this.#offsets.length === 0 ? null : instant(Math.max(...this.#offsets) + localMs)
  }
}
