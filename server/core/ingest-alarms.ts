import type { BootId, EpisodeId, HubId } from '#domain/ids.ts'
import type { Clock } from '#domain/time.ts'
import type { Lane } from '#domain/uplink/records.ts'
import type { AlarmService } from './alarm-service.ts'
import type { StorageAlarm } from './derived/storage-alarm.ts'
import { hubSubject } from './link-commands.ts'
import type { SubjectCommand } from './link-commands.ts'
import type { Log } from './log.ts'
import type { AlarmSubject, IngestObserver } from './ports.ts'

export interface IngestAlarmsDependencies {
  readonly alarms: Pick<AlarmService, 'system'>
  readonly clock: Clock
  readonly newEpisodeId: () => EpisodeId
  readonly storage: Pick<StorageAlarm, 'set'>
  readonly log: Log
}

/** Turns what ingest notices into technical alarms, counters and log lines. */
export class IngestAlarms implements IngestObserver {
  /** Refused records by `lane/reason`, since the start. */
  readonly refusals = new Map<string, number>()
  readonly #deps: IngestAlarmsDependencies
  /** Told once each. */
  readonly #olderBoots = new Set<BootId>()

  constructor(deps: IngestAlarmsDependencies) {
    this.#deps = deps
  }

  refused(hubId: HubId, lane: Lane, reason: string, count: number): void {
    const key = `${lane}/${reason}`
    this.refusals.set(key, (this.refusals.get(key) ?? 0) + count)
    this.#deps.log.warn({ hubId, lane, reason, count }, 'records were refused')
  }

  forged(hubId: HubId, bootId: BootId, seq: number): void {
    this.#deps.log.error({ hubId, bootId, seq }, 'a record number came again with another body')
    this.#system(this.#raise(hubSubject(hubId), 'hub-cloned', hubId, 'a record number came again with another body'))
  }

  requestForged(hubId: HubId, bootId: BootId): void {
    const text = 'a request number came again with another body'
    this.#deps.log.error({ hubId, bootId }, text)
    this.#system(this.#raise(hubSubject(hubId), 'hub-cloned', hubId, text))
  }

  olderBootSpeaks(hubId: HubId, bootId: BootId): void {
    const text = 'heartbeats of two boots of this hub come at the same time'
    if (this.#olderBoots.has(bootId)) return
    this.#olderBoots.add(bootId)
    this.#deps.log.error({ hubId, bootId }, text)
    this.#system(this.#raise(hubSubject(hubId), 'hub-cloned', hubId, text))
  }

  telemetryStore(state: 'up' | 'down', cause: unknown): void {
    const { log, storage } = this.#deps
    if (state === 'down') log.error({ err: cause }, 'the telemetry store does not take samples; hubs keep them')
    else log.info({}, 'the telemetry store takes samples again')
    storage.set('telemetry-store', state === 'up' ? null : 'the telemetry store does not take samples; hubs keep them')
  }

  #raise(
    subject: AlarmSubject,
    code: 'hub-cloned' | 'storage-degraded',
    hubId: HubId | null,
    text: string,
  ): SubjectCommand {
    return {
      subject,
      command: {
        type: 'raise-derived',
        at: this.#deps.clock.now(),
        episodeId: this.#deps.newEpisodeId(),
        code,
        channelId: null,
        hubId,
        priority: null,
        delivering: null,
        text,
        unverifiedPumps: [],
        experimental: false,
        simulated: false,
      },
    }
  }

  #system(command: SubjectCommand): void {
    this.#deps.alarms
      .system([command])
      .catch((error: unknown) => this.#deps.log.error({ err: error }, 'a technical alarm could not be stored'))
  }
}
