import { BootId, ChannelId, EpisodeId, HubId, PumpId } from '#domain/ids.ts'
import { emptySample } from '#domain/telemetry.ts'
import type { Anchor, Batch } from '#domain/uplink/envelope.ts'
import type { ConditionRecord, TelemetryRecord } from '#domain/uplink/records.ts'

// Records as a hub sends them, for the server's suites.

export const hubId = HubId.parse('hub-1')
export const bootId = BootId.parse('boot-1')
export const pumpId = PumpId.parse('PUMP-0001')
const channelId = ChannelId.parse('1')

interface Stamp {
  readonly bootId?: BootId
  readonly monotonicMs?: number
  readonly wallAt?: number
  readonly pumpId?: PumpId
}

const envelope = (seq: number, stamp: Stamp) => ({
  seq,
  bootId: stamp.bootId ?? bootId,
  monotonicMs: stamp.monotonicMs ?? seq * 1000,
  wallAt: stamp.wallAt ?? 0,
  clockQuality: 'none' as const,
  pumpId: stamp.pumpId ?? pumpId,
})

export const telemetry = (seq: number, stamp: Stamp & { readonly rateMlPerHour?: number } = {}): TelemetryRecord => ({
  ...envelope(seq, stamp),
  lane: 'telemetry',
  kind: 'telemetry',
  body: {
    ...emptySample(channelId, 'PUMP-0001'),
    operatingState: 'infusing',
    rateMlPerHour: stamp.rateMlPerHour ?? seq,
  },
})

export const condition = (seq: number, stamp: Stamp & { readonly vendorText?: string } = {}): ConditionRecord => ({
  ...envelope(seq, stamp),
  lane: 'alarm',
  kind: 'condition',
  body: {
    episodeId: EpisodeId.parse(`episode-${seq}`),
    code: 'occlusion-downstream',
    vendorCode: null,
    vendorText: stamp.vendorText ?? null,
    phase: 'start',
    state: 'active',
    inactivation: [],
    priority: 'high',
    prioritySource: 'pump',
    type: 'technical',
    channelId,
    startedAt: null,
    measurementStatus: ['demo'],
    experimental: false,
  },
})

export const batch = (records: readonly unknown[], anchor: Anchor | null = null, sender: BootId = bootId): Batch => ({
  v: 1,
  bootId: sender,
  anchor,
  records: [...records],
})
