import type { EpisodeId } from '#domain/ids.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { AlarmService } from '../core/alarm-service.ts'
import type { Log } from '../core/log.ts'
import { PathTimer } from '../core/path/path-timer.ts'
import { serverTrouble } from '../core/transport/server-trouble.ts'

export interface ServerWatchParts {
  readonly alarms: Pick<AlarmService, 'system'>
  readonly troubles: () => readonly (string | null)[]
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly newEpisodeId: () => EpisodeId
  readonly log: Log
}

/** The alarm of what the server itself needs somebody for, looked at every few seconds. */
export const watchServer = (parts: ServerWatchParts): PathTimer => {
  const alarm = serverTrouble({ ...parts, system: (commands) => parts.alarms.system(commands) })
  return new PathTimer({ look: () => alarm.look(), scheduler: parts.scheduler })
}
