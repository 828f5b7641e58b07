import { HubConditionCode } from '#domain/uplink/envelope.ts'
import type { EpisodeId, HubId } from '#domain/ids.ts'
import type { Clock } from '#domain/time.ts'
import type { HubCondition } from '#domain/uplink/envelope.ts'
import type { AlarmService } from './alarm-service.ts'
import { allSimulated, hubSubject } from './link-commands.ts'
import type { SubjectCommand } from './link-commands.ts'
import type { LivePicture } from './live-picture.ts'
import type { Log } from './log.ts'

export interface HubConditionAlarmsDependencies {
  readonly alarms: Pick<AlarmService, 'system'>
  readonly picture: Pick<LivePicture, 'hub' | 'pump'>
  readonly clock: Clock
  readonly newEpisodeId: () => EpisodeId
  readonly log: Log
}

/**
 * What a hub says of itself, as alarms of the hub: raised while a heartbeat names the condition, ended by the next newer one that
 * does not. A level needs no memory here: whatever was lost or failed, the next heartbeat repairs it.
 */
export class HubConditionAlarms {
  readonly #deps: HubConditionAlarmsDependencies

  constructor(deps: HubConditionAlarmsDependencies) {
    this.#deps = deps
  }

  /** Of the newest heartbeat only. */
  async take(hubId: HubId, conditions: readonly HubCondition[]): Promise<void> {
    const named = new Map(conditions.map((condition) => [condition.code, condition]))
    const commands = HubConditionCode.options.map((code) => this.#command(hubId, code, named.get(code)))
    try {
      await this.#deps.alarms.system(commands)
    } catch (error) {
      this.#deps.log.error({ err: error, hubId }, 'conditions of a hub could not be stored')
    }
  }

  #command(hubId: HubId, code: HubConditionCode, condition: HubCondition | undefined): SubjectCommand {
    const { clock, picture, newEpisodeId } = this.#deps
    const subject = hubSubject(hubId)
    const at = clock.now()
    if (condition === undefined) return { subject, command: { type: 'end-derived', at, code, channelId: null } }
    const pumps = (picture.hub(hubId)?.pumpIds ?? []).map((pumpId) => picture.pump(pumpId))
    return {
      subject,
      command: {
        type: 'raise-derived',
        at,
        episodeId: newEpisodeId(),
        code,
        channelId: null,
        hubId,
        priority: condition.priority,
        delivering: null,
        text: condition.text,
        unverifiedPumps: [],
        experimental: false,
        simulated: allSimulated(pumps),
      },
    }
  }
}
