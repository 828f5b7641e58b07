import { Metrics } from '../adapters/metrics.ts'
import type { Clock } from '#domain/time.ts'
import type { AppendRefusals } from '../core/append-refusals.ts'
import type { HubStatus } from '../core/health.ts'
import type { LocalAlarmParts } from './local-alarm.ts'

export interface HubMetricsDeps {
  readonly status: () => Promise<HubStatus>
  readonly refusals: AppendRefusals
  readonly localAlarm: LocalAlarmParts
  readonly clock: Clock
}

/** What `/metrics` tells, read when it is asked for. */
export const hubMetrics = ({ status, refusals, localAlarm, clock }: HubMetricsDeps): Metrics =>
  new Metrics(async () => {
    const { alarm } = localAlarm.watch
    const nowMs = clock.monotonic()
    const accepted = alarm.high.filter((one) => alarm.isAccepted(one, nowMs)).length
    return {
      status: await status(),
      refusedAppends: refusals.count,
      unansweredSeconds: (nowMs - (alarm.answeredMs ?? 0)) / 1_000,
      highAlarms: { accepted, open: alarm.high.length - accepted },
    }
  })
