import type { ChannelReport } from './channel-health.ts'

/** A name that does not resolve for a moment is no news: a self-test counts when the next one finds something, too. */
const provenBy = 2

/** What self-tests say of the ways to reach people. */
export interface DownChannels {
  /** Channels that would carry no page now, and why. */
  readonly down: readonly { readonly channel: ChannelReport['channel']; readonly reason: string }[]
  /** False: one of them was not tested yet, or has to be tested again before anything can be said of it. */
  readonly isSettled: boolean
}

export const downChannels = (reports: readonly ChannelReport[]): DownChannels => {
  const known = reports.map(({ channel, testsFailedInARow, testReason }) => ({
    channel,
    failed: testsFailedInARow,
    reason: testReason ?? 'failed',
  }))
  return {
    down: known.filter(({ failed }) => (failed ?? 0) >= provenBy).map(({ channel, reason }) => ({ channel, reason })),
    isSettled: known.every(({ failed }) => failed === 0 || (failed ?? 0) >= provenBy),
  }
}
