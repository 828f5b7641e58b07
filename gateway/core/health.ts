import type { BootId, HubId } from '#domain/ids.ts'
import type { Heartbeat, HubCondition, HubPower, LaneDepth, PortReport, PumpReport } from '#domain/uplink/envelope.ts'
import type { ClockStatus } from './clock-model.ts'
import type { HeartbeatLoop } from './heartbeat.ts'
import type { LaneForwarder, LaneReport, LaneTrouble } from './lane-forwarder.ts'
import type { StuckPart } from './progress.ts'
import type { LocalReason } from './local-alarm.ts'
import type { StallReport } from './stalls.ts'
import type { Outbox, Stamp, Uplink, WaitingRows } from './ports.ts'

export interface Version {
  readonly gateway: string
  readonly node: string
}

export interface HealthDeps {
  readonly name: string
  readonly hubId: () => HubId | null
  readonly bootId: BootId
  readonly versions: Version
  readonly outbox: Pick<Outbox, 'depth'>
  readonly stamp: () => Stamp
  readonly diskFreeBytes: () => Promise<number | null>
  readonly ports: () => readonly PortReport[]
  readonly pumps: () => readonly PumpReport[]
  readonly conditions: () => readonly HubCondition[]
  /** Null: no test alarms. */
  readonly canaryEveryMs: number | null
  readonly clock: () => ClockStatus
  readonly power: () => Promise<HubPower | null>
}

/** A step of the wall clock ages nothing; of an earlier boot the wall clock is all there is, and it is older than this boot. */
const ageOf = (oldest: NonNullable<WaitingRows['oldest']>, bootId: BootId, now: Stamp): number =>
  oldest.bootId === bootId
    ? Math.max(0, now.monotonicMs - oldest.monotonicMs)
    : Math.max(now.monotonicMs, now.wallAt - oldest.wallAt)

export const laneDepth = ({ rows, oldest }: WaitingRows, bootId: BootId, now: Stamp): LaneDepth => ({
  rows,
  oldestAgeMs: oldest === null ? null : ageOf(oldest, bootId, now),
})

/** Body of the next heartbeat. */
export const heartbeatBody = async (deps: HealthDeps): Promise<Omit<Heartbeat, 'v' | 'anchor'>> => {
  const [depth, diskFreeBytes, power] = await Promise.all([deps.outbox.depth(), deps.diskFreeBytes(), deps.power()])
  const now = deps.stamp()
  const { monotonicMs, wallAt, clockQuality } = now
  return {
    bootId: deps.bootId,
    monotonicMs,
    wallAt,
    clockQuality,
    versions: deps.versions,
    manifest: depth.manifest,
    earlierBoots: [...depth.earlierBoots],
    outbox: {
      alarm: laneDepth(depth.alarm, deps.bootId, now),
      telemetry: laneDepth(depth.telemetry, deps.bootId, now),
      quarantined: depth.quarantined,
      tombstoned: depth.tombstoned,
      ledger: depth.ledger,
      storage: depth.storage,
      diskFreeBytes,
    },
    ports: [...deps.ports()],
    pumps: [...deps.pumps()],
    conditions: [...deps.conditions()],
    canaryEveryMs: deps.canaryEveryMs,
    power,
  }
}

export interface UplinkParts {
  readonly server: string
  readonly uplink: Pick<Uplink, 'anchor'>
  readonly heartbeat: HeartbeatLoop
  readonly alarm: LaneForwarder
  readonly telemetry: LaneForwarder
  readonly stuck: readonly StuckPart[]
  readonly stalls: StallReport
  readonly localAlarm: () => LocalAlarmReport
}

/** The hub's own alarm. */
export interface LocalAlarmReport {
  readonly sounding: boolean
  readonly reasons: readonly LocalReason['kind'][]
  readonly quietForMs: number | null
  /** The configured command; null: none. */
  readonly command: { readonly starts: number; readonly failures: number; readonly trouble: string | null } | null
}

export interface HubStatus extends Omit<Heartbeat, 'v' | 'anchor'> {
  readonly name: string
  readonly hubId: HubId | null
  readonly paired: boolean
  /** Parts that stand still; empty = everything gets on. */
  readonly stuck: readonly StuckPart[]
  readonly stalls: StallReport
  readonly clock: ClockStatus
  readonly uplink: {
    readonly server: string
    readonly state: 'not-paired' | 'connected' | 'trouble' | 'connecting'
    readonly trouble: LaneTrouble | null
    readonly heartbeats: number
    readonly anchor: Uplink['anchor']
    readonly alarm: LaneReport
    readonly telemetry: LaneReport
  }
  readonly localAlarm: LocalAlarmReport
}

/** The status page. */
export const hubStatus = async (deps: HealthDeps, parts: UplinkParts): Promise<HubStatus> => {
  const hubId = deps.hubId()
  const alarm = parts.alarm.report()
  const telemetry = parts.telemetry.report()
  const trouble = parts.heartbeat.trouble ?? alarm.trouble ?? telemetry.trouble
  const state = (): HubStatus['uplink']['state'] => {
    if (hubId === null) return 'not-paired'
    if (trouble !== null) return 'trouble'
    return parts.heartbeat.beats > 0 ? 'connected' : 'connecting'
  }
  return {
    name: deps.name,
    hubId,
    paired: hubId !== null,
    stuck: parts.stuck,
    stalls: parts.stalls,
    clock: deps.clock(),
    ...(await heartbeatBody(deps)),
    uplink: {
      server: parts.server,
      state: state(),
      trouble,
      heartbeats: parts.heartbeat.beats,
      anchor: parts.uplink.anchor,
      alarm,
      telemetry,
    },
    localAlarm: parts.localAlarm(),
  }
}
