import type { Priority } from '../alarm/codes.ts'
import { comparePriority } from '../alarm/priority-rank.ts'
import type { EpisodeId } from '../ids.ts'
import { namedInPause, stationSilentAfterMs, type StationFacts, type StationPause } from './station.ts'

export interface HeardAlarm {
  readonly episodeId: EpisodeId
  readonly priority: Priority
}

/** A new alarm of equal or higher priority sounds through a pause (alarms.md rule 4). */
const isQuietFor = (pause: StationPause | null, { episodeId, priority }: HeardAlarm): boolean =>
  pause !== null &&
  (comparePriority(priority, pause.priority) < 0 ||
    pause.episodeIds.length >= namedInPause ||
    pause.episodeIds.includes(episodeId))

/**
 * Whether these alarms can be heard at this station and somebody who is on duty sits at it: it speaks, its audio clock runs, no pause covers
 * them, the page is in front, nobody said there that she looks only, and there was a key, a press or a turn of the wheel within
 * `inputWithinMs`.
 */
export const isAttended = (
  { silentMs, audible, visible, inputAgeMs, pause, lookingOnly }: StationFacts,
  alarms: readonly HeardAlarm[],
  inputWithinMs: number,
): boolean =>
  silentMs <= stationSilentAfterMs &&
  audible &&
  visible &&
  !lookingOnly &&
  inputAgeMs <= inputWithinMs &&
  !alarms.some((alarm) => isQuietFor(pause, alarm))
