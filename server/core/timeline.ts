import { instant, type Instant } from '#domain/time.ts'
import type { Anchor } from '#domain/uplink/envelope.ts'

/**
 * Where the records of one boot lie in server time (reliability.md 7): a pure function of what is frozen here. Wall clocks of hub
 * and pump do not enter. `datedToMs` is a promise: no anchor at or before it will ever be added, so whatever has been dated keeps
 * its date, also when the record is delivered again after a crash.
 */
export interface BootTimeline {
  /** Ascending in `monotonicMs`. */
  readonly anchors: readonly Anchor[]
  /** Monotonic ms of the boot; -1 before anything is dated. */
  readonly datedToMs: number
  /** Used for records up to `untilMs`, which had to be dated before the boot had an anchor. */
  readonly interval: BootInterval | null
}

/** The boot's monotonic zero lies between these two server times. */
export interface BootInterval {
  readonly startLow: number
  readonly startHigh: number
  readonly untilMs: number
}

/** Server times at which the hub's neighbouring boots are known to have run; null when there is none. */
export interface Neighbours {
  readonly before: Instant | null
  readonly after: Instant | null
}

export interface Dated {
  readonly occurredAt: Instant
  readonly uncertaintyMs: number
}

export const emptyTimeline: BootTimeline = { anchors: [], datedToMs: -1, interval: null }

/** Oscillators of hubs, 50 ppm. */
const driftPerMs = 50e-6
/** Dates are promised this far ahead, so that freezing costs one commit per span and not one per batch. */
const freezeAheadMs = 30_000
/** An anchor must lower the uncertainty by this much to be worth a row. */
const worthwhileMs = 25
/** With no earlier boot known: the outbox keeps nothing longer (reliability.md 3, rule 11). */
const outboxDays = 30
const dayMs = 86_400_000

/** Error of the date that `anchor` gives to a record `distanceMs` away. */
const errorAt = (anchor: Anchor, distanceMs: number): number => anchor.errorMs + driftPerMs * Math.abs(distanceMs)
const serverTimeAt = (anchor: Anchor, monotonicMs: number): number => anchor.serverAt + monotonicMs - anchor.monotonicMs

/**
 * The timeline with a hub's newest anchor taken in, or the same timeline when it is refused: too early (something at or after it
 * is dated already), from the future, or no better than what is known.
 */
export const withAnchor = (timeline: BootTimeline, anchor: Anchor, receivedAt: Instant): BootTimeline => {
  if (anchor.monotonicMs <= timeline.datedToMs) return timeline
  if (anchor.serverAt - anchor.errorMs > receivedAt) return timeline
  const last = timeline.anchors.at(-1)
  if (last === undefined) return { ...timeline, anchors: [anchor] }
  if (anchor.monotonicMs <= last.monotonicMs) return timeline
  const known = errorAt(last, anchor.monotonicMs - last.monotonicMs)
  const backwards = serverTimeAt(last, anchor.monotonicMs) - anchor.serverAt
  const clockStepped = Math.abs(backwards) > known + anchor.errorMs
  if (!clockStepped && known <= anchor.errorMs + worthwhileMs) return timeline
  // Inside both error bands the later anchor gives way, so that dates never run backwards within a boot (I6).
  const added =
    backwards > 0 && !clockStepped
      ? { ...anchor, serverAt: Math.ceil(anchor.serverAt + backwards), errorMs: anchor.errorMs + backwards }
      : anchor
  return { ...timeline, anchors: [...timeline.anchors, added] }
}

/**
 * The timeline made fit to date records up to `monotonicMs`. It has to be stored durably before any of those dates is used.
 * `neighbours` is asked only for a boot without any anchor.
 */
export const frozenUpTo = (
  timeline: BootTimeline,
  monotonicMs: number,
  receivedAt: Instant,
  neighbours: Neighbours,
): BootTimeline => {
  if (monotonicMs <= timeline.datedToMs) return timeline
  if (timeline.anchors.length > 0) return { ...timeline, datedToMs: monotonicMs + freezeAheadMs }
  return {
    ...timeline,
    datedToMs: monotonicMs,
    interval:
      timeline.interval === null
        ? { ...startInterval(monotonicMs, receivedAt, neighbours), untilMs: monotonicMs }
        : { ...timeline.interval, untilMs: monotonicMs },
  }
}

const startInterval = (monotonicMs: number, receivedAt: Instant, { before, after }: Neighbours) => {
  const latest = Math.min(after ?? receivedAt, receivedAt)
  const startHigh = Math.floor(latest - monotonicMs)
  const earliest = before ?? startHigh - outboxDays * dayMs
  return { startLow: Math.min(Math.ceil(earliest), startHigh), startHigh }
}

/** The date of a record. The timeline must be frozen up to `monotonicMs`. */
export const dateOf = (timeline: BootTimeline, monotonicMs: number): Dated => {
  const { interval } = timeline
  if (interval !== null && monotonicMs <= interval.untilMs) return datedByInterval(interval, monotonicMs)
  const anchor = latestAtOrBefore(timeline.anchors, monotonicMs) ?? timeline.anchors[0]
  if (anchor === undefined) throw new RangeError('a record is dated before its boot is frozen')
  return {
    occurredAt: instant(Math.round(serverTimeAt(anchor, monotonicMs))),
    uncertaintyMs: errorAt(anchor, monotonicMs - anchor.monotonicMs),
  }
}

const datedByInterval = ({ startLow, startHigh }: BootInterval, monotonicMs: number): Dated => ({
  occurredAt: instant(Math.round((startLow + startHigh) / 2 + monotonicMs)),
  uncertaintyMs: (startHigh - startLow) / 2 + driftPerMs * monotonicMs,
})

const latestAtOrBefore = (anchors: readonly Anchor[], monotonicMs: number): Anchor | undefined => {
  let low = 0
  let high = anchors.length
  while (low < high) {
    const middle = (low + high) >> 1
    const anchor = anchors[middle]
    if (anchor !== undefined && anchor.monotonicMs <= monotonicMs) low = middle + 1
    else high = middle
  }
  return anchors[low - 1]
}
