import { emptySample } from '#domain/telemetry.ts'
import { ChannelId, EpisodeId, PumpId } from '#domain/ids.ts'
import type { NewRecord } from '#gateway/core/ports.ts'
import type { ConditionRecord, TelemetryRecord } from '#domain/uplink/records.ts'

export const channel = ChannelId.parse('1')
export const pump = (id = 'PUMP-0001'): PumpId => PumpId.parse(id)

const stamp = { monotonicMs: 1_000, wallAt: 1_767_600_000_000, clockQuality: 'unknown' } as const

export const telemetryRecord = (
  change: { pumpId?: PumpId; rateMlPerHour?: number; wallAt?: number; monotonicMs?: number } = {},
): NewRecord & Pick<TelemetryRecord, 'kind' | 'lane'> => ({
  ...stamp,
  wallAt: change.wallAt ?? stamp.wallAt,
  monotonicMs: change.monotonicMs ?? stamp.monotonicMs,
  lane: 'telemetry',
  kind: 'telemetry',
  pumpId: change.pumpId ?? pump(),
  body: { ...emptySample(channel, 'PUMP-0001'), rateMlPerHour: change.rateMlPerHour ?? 12.5 },
})

export const conditionRecord = (
  change: { pumpId?: PumpId; episodeId?: string } = {},
): NewRecord & Pick<ConditionRecord, 'kind' | 'lane'> => ({
  ...stamp,
  lane: 'alarm',
  kind: 'condition',
  pumpId: change.pumpId ?? pump(),
  body: {
    episodeId: EpisodeId.parse(change.episodeId ?? 'episode-1'),
    code: 'air-in-line',
    vendorCode: '02',
    vendorText: null,
    phase: 'start',
    state: 'active',
    inactivation: [],
    priority: 'high',
    prioritySource: 'pump',
    type: 'technical',
    channelId: channel,
    startedAt: null,
    measurementStatus: ['demo'],
    experimental: false,
  },
})
