import type { AlarmFacts } from '#domain/analytics/alarm-facts.ts'
import { completenessSlots, readingsStored } from '#domain/derived/completeness.ts'
import type { PumpId } from '#domain/ids.ts'
import type { LivePicture } from './live-picture.ts'
import type { TelemetryStore } from './ports.ts'

export interface Span {
  readonly from: number
  readonly to: number
}

/** Each reading of the time is counted, so it is asked for short times and few pumps only. */
export const longestCountedMs = 2 * 86_400_000
export const mostCounted = 20

/** How long a pump's own link was lost in the span, ms: nobody could have stored anything. */
export const unheardMs = (pumpId: PumpId, alarms: readonly AlarmFacts[], { from, to }: Span): number =>
  alarms
    .filter((alarm) => alarm.pumpId === pumpId && alarm.code === 'link-lost-pump')
    .reduce((sum, { startedAt, endedAt }) => {
      const [begun, over] = [Math.max(from, startedAt), Math.min(to, endedAt ?? to)]
      return sum + Math.max(0, over - begun)
    }, 0)

export interface ExpectedReadingsDependencies {
  readonly telemetry: Pick<TelemetryStore, 'history'>
  readonly picture: Pick<LivePicture, 'pump'>
}

/**
 * Stored readings in percent of those a pump should have given while it was heard. Null where it is not known: no hub has told how
 * often it reports, it was never heard in this time, or the store does not answer.
 */
export const completenessOf = async (
  { telemetry, picture }: ExpectedReadingsDependencies,
  pumpId: PumpId,
  span: Span,
  alarms: readonly AlarmFacts[],
): Promise<number | null> => {
  const pump = picture.pump(pumpId)
  const lengthMs = span.to - span.from
  const heardMs = lengthMs - unheardMs(pumpId, alarms, span)
  if (pump === null || heardMs < pump.statusIntervalMs || lengthMs > longestCountedMs) return null
  const channel = pump.otherChannels.length > 0 ? pump.sample?.channelId : undefined
  const answer = await telemetry.history(pumpId, { ...span, maxPoints: completenessSlots, channel }).catch(() => null)
  if (answer === null) return null
  const { percent } = readingsStored({ ...span, buckets: answer.buckets }, pump.statusIntervalMs)
  return percent === null ? null : Math.min(100, Math.round((percent * lengthMs * 10) / heardMs) / 10)
}
