import { inTrace } from '../adapters/trace-log.ts'
import type { UplinkFigures } from '../core/uplink-figures.ts'
import type { EpisodeId } from '#domain/ids.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { openJournal } from '../adapters/sqlite/open-journal.ts'
import type { ServerConfig } from '../config.ts'
import type { AlarmService } from '../core/alarm-service.ts'
import { HubConditionAlarms } from '../core/hub-condition-alarms.ts'
import type { HubCrypto } from '../core/hub-crypto.ts'
import { hubUplink } from '../core/hub-uplink.ts'
import type { HubUplink } from '../core/hub-uplink.ts'
import { IngestAlarms } from '../core/ingest-alarms.ts'
import type { LivePicture } from '../core/live-picture.ts'
import type { Log } from '../core/log.ts'
import type { HubGate } from '../core/pressure/hub-gate.ts'
import type { AlarmIntake, HeartbeatSink, TelemetryStore } from '../core/ports.ts'
import type { Derived } from './derived.ts'
import type { OpenHubDays } from './hub-days.ts'
import { telemetryIntake } from './telemetry-store.ts'

export interface UplinkParts {
  readonly config: Pick<ServerConfig, 'influx' | 'lateAfterMs'>
  readonly journal: ReturnType<typeof openJournal>
  readonly telemetry: TelemetryStore
  readonly alarms: AlarmService
  readonly picture: LivePicture
  readonly hubDays: OpenHubDays
  readonly derived: Derived
  readonly intake: AlarmIntake
  readonly heartbeats: HeartbeatSink
  readonly hubCrypto: HubCrypto
  readonly gate: HubGate
  readonly figures: UplinkFigures
  /** Asked at each request: the port may be chosen late. */
  readonly origins: () => readonly string[]
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly newEpisodeId: () => EpisodeId
  readonly log: Log
}

/** What hubs say, from the signature to the journal. */
export const openUplink = (parts: UplinkParts): HubUplink => {
  const { config, journal, telemetry, alarms, hubDays, derived, scheduler, origins } = parts
  return hubUplink({
    ...parts,
    ...telemetryIntake(config, telemetry, journal.receipts, scheduler),
    receipts: journal.receipts,
    hubs: journal.hubs,
    nonces: journal.nonces,
    alarms: hubDays.intake(parts.intake),
    samples: hubDays.samples(derived.samples),
    heartbeats: hubDays.heartbeats(parts.heartbeats),
    cameFrom: hubDays.cameFrom,
    inTrace,
    conditions: new HubConditionAlarms(parts),
    accepted: alarms.answered,
    observer: new IngestAlarms({ ...parts, storage: derived.storage }),
    lateAfterMs: config.lateAfterMs,
    authorities: () => new Set(origins().map((origin) => new URL(origin).host)),
  })
}
