import type { Instant } from '#domain/time.ts'
import type { Delivery } from '../page-channels.ts'

type Channel = Delivery['channel']

/** How one way to reach people has been doing since the server started. */
export interface ChannelReport {
  readonly channel: Channel
  readonly sent: number
  readonly undeliverable: number
  readonly timedOut: number
  /** Self-tests that found something. */
  readonly testsFailed: number
  /** Of these the last ones without one between them that found nothing; null: not tested yet. */
  readonly testsFailedInARow: number | null
  /** What the last self-test found; null: nothing. */
  readonly testReason: string | null
  /** Failures by their reason. */
  readonly reasons: Readonly<Record<string, number>>
  /** Start of the present run of successes; null while it fails, or nothing was tried. */
  readonly okSince: Instant | null
  /** Start of the present run of failures; null while it works. */
  readonly failingSince: Instant | null
  readonly lastReason: string | null
  readonly lastTriedAt: Instant | null
}

const nothing = (channel: Channel): ChannelReport => ({
  channel,
  sent: 0,
  undeliverable: 0,
  timedOut: 0,
  testsFailed: 0,
  testsFailedInARow: null,
  testReason: null,
  reasons: {},
  okSince: null,
  failingSince: null,
  lastReason: null,
  lastTriedAt: null,
})

/** Counters and state per channel. A device that is gone says nothing about its channel: it is counted and changes no state. */
export class ChannelHealth {
  #reports: ReadonlyMap<Channel, ChannelReport>

  constructor(channels: readonly Channel[]) {
    this.#reports = new Map(channels.map((channel) => [channel, nothing(channel)]))
  }

  reports(): readonly ChannelReport[] {
    return [...this.#reports.values()]
  }

  delivered({ channel, outcome }: Delivery, at: Instant): void {
    const before = this.#of(channel)
    switch (outcome.is) {
      case 'sent':
        return this.#put({ ...works(before, at), sent: before.sent + 1 })
      case 'timed-out':
        return this.#put({ ...fails(before, 'timed-out', at), timedOut: before.timedOut + 1 })
      case 'undeliverable': {
        const after = outcome.gone ? counted(before, outcome.reason, at) : fails(before, outcome.reason, at)
        return this.#put({ ...after, undeliverable: before.undeliverable + 1 })
      }
    }
  }

  /** There is nothing to test: no device, no hook. */
  idle(channel: Channel): void {
    this.#put({ ...this.#of(channel), testsFailedInARow: 0, testReason: null })
  }

  tested(channel: Channel, reason: string | null, at: Instant): void {
    const before = this.#of(channel)
    const inARow = reason === null ? 0 : (before.testsFailedInARow ?? 0) + 1
    const tested = { testsFailedInARow: inARow, testReason: reason }
    if (reason === null) this.#put({ ...works(before, at), ...tested })
    else this.#put({ ...fails(before, reason, at), ...tested, testsFailed: before.testsFailed + 1 })
  }

  #of(channel: Channel): ChannelReport {
    return this.#reports.get(channel) ?? nothing(channel)
  }

  #put(report: ChannelReport): void {
    this.#reports = new Map(this.#reports).set(report.channel, report)
  }
}

const works = (before: ChannelReport, at: Instant): ChannelReport => ({
  ...before,
  okSince: before.okSince ?? at,
  failingSince: null,
  lastTriedAt: at,
})

const counted = (before: ChannelReport, reason: string, at: Instant): ChannelReport => ({
  ...before,
  reasons: { ...before.reasons, [reason]: (before.reasons[reason] ?? 0) + 1 },
  lastReason: reason,
  lastTriedAt: at,
})

const fails = (before: ChannelReport, reason: string, at: Instant): ChannelReport => ({
  ...counted(before, reason, at),
  okSince: null,
  failingSince: before.failingSince ?? at,
})
