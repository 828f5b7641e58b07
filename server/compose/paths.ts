import { alarmEngine } from '#domain/alarm/engine.ts'
import type { AlarmPolicy } from '#domain/alarm/policy.ts'
import { defaultPathPolicy } from '#domain/path/overdue.ts'
import type { EpisodeId } from '#domain/ids.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { AlarmService } from '../core/alarm-service.ts'
import type { LivePicture } from '../core/live-picture.ts'
import type { Log } from '../core/log.ts'
import { canaryIntake } from '../core/path/canary-intake.ts'
import { HubPaths } from '../core/path/hub-paths.ts'
import type { PathProofs } from '../core/path/path-proofs.ts'
import { PathTimer } from '../core/path/path-timer.ts'
import type { AlarmIntake, HeartbeatSink, KnownHub } from '../core/ports.ts'

export interface PathParts {
  readonly alarms: Pick<AlarmService, 'take' | 'system'>
  readonly picture: LivePicture
  readonly proofs: PathProofs
  readonly policy: AlarmPolicy
  /** Its monotonic time judges silence: it should not count a stall of this process. */
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly newEpisodeId: () => EpisodeId
  readonly log: Log
}

/** Whether the path of an alarm is known to work (alarms.md, "Proof that the path works"). */
export interface Paths extends AsyncDisposable {
  readonly hubs: HubPaths
  /** What hubs report goes through here. */
  readonly intake: AlarmIntake
  /** Hears the heartbeats that `links` hears. */
  heartbeats(links: HeartbeatSink): HeartbeatSink
  /** Before hubs are served. */
  remember(hubs: readonly KnownHub[]): Promise<void>
  start(): void
}

export const openPaths = (parts: PathParts): Paths => {
  const { alarms, proofs, policy } = parts
  const system: AlarmService['system'] = (commands) => alarms.system(commands)
  const hubs = new HubPaths({ ...parts, system, policy: defaultPathPolicy, hubSilenceMs: policy.hubSilenceMs })
  const timer = new PathTimer({ look: () => hubs.look(), scheduler: parts.scheduler })
  return {
    hubs,
    intake: canaryIntake({ ...parts, engine: alarmEngine, arrived: (arrival) => hubs.arrived(arrival) }),
    heartbeats: (links) => ({
      heartbeat: (hubId, body, receivedAt) => {
        links.heartbeat(hubId, body, receivedAt)
        hubs.heard(hubId, body)
      },
      refused: (hubId) => links.refused(hubId),
    }),
    remember: async (known) => {
      hubs.remember(
        known.map(({ hubId }) => hubId),
        await proofs.hubs(),
      )
    },
    start: () => timer.start(),
    [Symbol.asyncDispose]: () => timer[Symbol.asyncDispose](),
  }
}
