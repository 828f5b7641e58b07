import { screensPerSession } from '#server/core/open-screens.ts'

export interface LiveFeedLimits {
  /** Open at once in one session. */
  readonly screens: number
  /** Waiting for one client; beyond it the client is dropped. */
  readonly packets: number
  readonly bytes: number
  readonly eventsPerSecond: number
  readonly heartbeatMs: number
  readonly telemetryMs: number
  readonly recheckMs: number
}

export const liveFeedLimits: LiveFeedLimits = {
  screens: screensPerSession,
  packets: 500,
  bytes: 1024 * 1024,
  eventsPerSecond: 20,
  heartbeatMs: 1000,
  telemetryMs: 250,
  recheckMs: 30_000,
}
