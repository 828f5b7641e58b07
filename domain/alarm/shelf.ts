import type { AlarmView } from '../live/views.ts'
import type { Episode } from './episode.ts'
import type { AlarmEvent } from './events.ts'

/** When a shelved alarm comes back; null: it is not shelved. */
export const shelfEndsAt = ({ closedAt, shelved }: Episode): number | null =>
  closedAt === null && shelved !== null ? shelved.until : null

/** The shelf of a clock that was set back ends as well: nothing stays there for longer than it was put there for. */
export const shelfEvents = (episode: Episode, at: number): readonly AlarmEvent[] => {
  const { episodeId, shelved } = episode
  const until = shelfEndsAt(episode)
  if (shelved === null || until === null || (at >= shelved.at && at < until)) return []
  return [{ type: 'shelf-ended', episodeId, at }]
}

/** Put aside now, for the list and its count: a lead did so, and the alarm is still low. */
export const isShelved = ({ shelved, condition }: Pick<AlarmView, 'shelved' | 'condition'>): boolean =>
  shelved !== null && condition !== 'closed'
