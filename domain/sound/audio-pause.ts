import type { Priority } from '../alarm/codes.ts'
import { comparePriority } from '../alarm/priority-rank.ts'
import type { EpisodeId } from '../ids.ts'

/** The longest a station may be quiet, ms, by the most urgent alarm that sounds (alarms.md rule 4). There is no endless pause. */
export const longestPauseMs: Readonly<Record<'high' | 'medium', number>> = { high: 120_000, medium: 300_000 }

/** What can sound: an episode in its present run at its present priority. A re-start or a rise is another one. */
export interface Sounding {
  readonly episodeId: EpisodeId
  readonly recurrence: number
  readonly priority: Priority
}

/** One station's own quiet: it touches no alarm, no other station, no page that is sent. Times are the station's monotonic ms. */
export interface AudioPause {
  readonly startedAt: number
  readonly until: number
  readonly priority: Priority
  /** What sounded when it was asked for: nothing else is covered. */
  readonly covered: ReadonlyMap<string, EpisodeId>
}

const soundKey = ({ episodeId, recurrence, priority }: Sounding): string => `${episodeId}|${recurrence}|${priority}`

/** This alarm, as it is now, is quiet at this station. */
export const covers = (pause: AudioPause, sounding: Sounding): boolean => pause.covered.has(soundKey(sounding))

const mostUrgent = (sounding: readonly Sounding[]): Priority | null =>
  sounding.reduce<Priority | null>(
    (most, { priority }) => (most === null || comparePriority(priority, most) > 0 ? priority : most),
    null,
  )

/** Null: nothing sounds that a pause is for. */
export const pauseFor = (sounding: readonly Sounding[], now: number): AudioPause | null => {
  const priority = mostUrgent(sounding)
  if (priority !== 'high' && priority !== 'medium') return null
  const covered = new Map(sounding.map((one) => [soundKey(one), one.episodeId]))
  return { startedAt: now, until: now + longestPauseMs[priority], priority, covered }
}

/** Which alarms it is for. */
export const pausedEpisodes = ({ covered }: AudioPause): readonly EpisodeId[] => [...covered.values()]

/** Over by time, and by the first alarm of equal or higher priority that it does not cover. A clock that stepped back ends it, too. */
export const isPaused = (pause: AudioPause | null, sounding: readonly Sounding[], now: number): pause is AudioPause =>
  pause !== null &&
  now >= pause.startedAt &&
  now < pause.until &&
  sounding.every((one) => covers(pause, one) || comparePriority(one.priority, pause.priority) < 0)
