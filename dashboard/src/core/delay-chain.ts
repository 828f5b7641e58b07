import { instantOf } from '#domain/derived/rfc3339.ts'

export interface SampleTimes {
  /** RFC 3339, as the pump's own clock said it; null: it has none, or did not say. */
  readonly pumpClockAt: string | null
  /** Server time of what the hub stamped. */
  readonly sampledAt: number | null
  readonly receivedAt: number | null
  /** Server time, as this page knows it, when the page was told. */
  readonly shownAt: number | null
}

/** What each step from the pump to this screen took, ms; null: not known. */
export interface DelayChain {
  readonly pumpClock: number | null
  /** Against the pump's clock: its error is part of it, so it may be negative. */
  readonly hubMs: number | null
  readonly serverMs: number | null
  readonly screenMs: number | null
}

export const delayChain = ({ pumpClockAt, sampledAt, receivedAt, shownAt }: SampleTimes): DelayChain => {
  const pumpClock = pumpClockAt === null ? null : instantOf(pumpClockAt)
  return {
    pumpClock,
    hubMs: between(pumpClock, sampledAt),
    serverMs: between(sampledAt, receivedAt),
    // this page's idea of the server's clock may be late by what a heartbeat travels
    screenMs: notBefore(between(receivedAt, shownAt)),
  }
}

const notBefore = (ms: number | null): number | null => (ms === null ? null : Math.max(0, ms))

const between = (from: number | null, to: number | null): number | null =>
  from === null || to === null ? null : to - from
