import { ChannelId, EpisodeId, HubId, PumpId, UserId } from '#domain/ids.ts'
import type { AlarmView, HubView, Person, PumpView } from '#domain/live/views.ts'
import type { PagedNote } from '#domain/paging/paging-view.ts'
import { emptySample } from '#domain/telemetry.ts'
import type { TelemetrySample } from '#domain/telemetry.ts'

export const person = (id: string, name: string): Person => ({ userId: UserId.parse(id), name })
export const osei = person('u-osei', 'M. Osei')
export const lind = person('u-lind', 'J. Lind')

/** 23 November 2026, 02:41:07 UTC. */
export const someTime = Date.UTC(2026, 10, 23, 2, 41, 7)

export const sampleOf = (overrides: Partial<Omit<TelemetrySample, 'raw'>> = {}): Omit<TelemetrySample, 'raw'> => {
  const { raw: _, ...empty } = emptySample(ChannelId.parse('1'), 'S-1')
  return {
    ...empty,
    operatingState: 'infusing',
    rateMlPerHour: 2,
    programmedRateMlPerHour: 2,
    vtbiMl: 50,
    programRemainingMl: 18.6,
    infusedTotalMl: 31.4,
    infusedSegmentMl: 31.4,
    timeRemainingSeconds: 33_480,
    linePressureMmHg: 88,
    batteryPercent: 64,
    powerSource: 'onBattery',
    airDetectorEnabled: true,
    drugLabel: 'morphine 1 mg/mL',
    ...overrides,
  }
}

export const pumpOf = (id: string, overrides: Partial<PumpView> = {}): PumpView => ({
  pumpId: PumpId.parse(id),
  hubId: HubId.parse('hub-1'),
  label: null,
  criticality: 'standard',
  port: 'serial:/dev/ttyS0',
  protocol: 'ip1',
  maker: 'Infusion Watch',
  model: 'IP1 reference',
  serial: id,
  link: 'up',
  statusIntervalMs: 2_000,
  experimental: false,
  simulated: true,
  caution: null,
  sample: sampleOf(),
  sampledAt: someTime,
  receivedAt: someTime + 200,
  uncertaintyMs: 20,
  otherChannels: [],
  ...overrides,
})

export const alarmOf = (id: string, overrides: Partial<AlarmView> = {}): AlarmView => ({
  episodeId: EpisodeId.parse(id),
  version: 0,
  pumpId: PumpId.parse('P-0421'),
  hubId: HubId.parse('hub-1'),
  channelId: ChannelId.parse('1'),
  code: 'occlusion-downstream',
  vendorText: null,
  priority: 'high',
  prioritySource: 'pump',
  priorityRaised: false,
  criticality: 'standard',
  condition: 'active',
  response: 'new',
  owner: null,
  acceptedAt: null,
  handedTo: null,
  handedAt: null,
  rejections: [],
  resolved: null,
  checkedAt: null,
  checkInMissedAt: null,
  ownerGoneAt: null,
  formerOwner: null,
  escalated: null,
  shelved: null,
  next: null,
  startedAt: someTime - 48_000,
  observedAt: someTime - 47_800,
  endedAt: null,
  uncertaintyMs: 20,
  late: false,
  confirmed: true,
  endUnobserved: false,
  recurrence: 0,
  recurring: false,
  unverifiedPumps: [],
  experimental: false,
  simulated: true,
  ...overrides,
})

export const hubOf = (id: string, overrides: Partial<HubView> = {}): HubView => ({
  hubId: HubId.parse(id),
  name: id,
  state: 'live',
  lastHeardAt: someTime,
  bootId: 'boot-1',
  gatewayVersion: '0.1.0',
  clockErrorMs: 12,
  outbox: { alarmRows: 0, telemetryRows: 3, alarmOldestMs: null, telemetryOldestMs: 400, quarantined: 0 },
  ports: [],
  pumpIds: [],
  ...overrides,
})

export const pagedOf = (id: string, overrides: Partial<PagedNote> = {}): PagedNote => ({
  episodeId: EpisodeId.parse(id),
  last: { name: 'm.osei', place: 'primary', at: someTime - 40_000, progress: 'heard' },
  beyond: [],
  next: { step: 'again', dueAt: someTime + 20_000 },
  ...overrides,
})
