import type { Episode } from './episode.ts'
import type { AlarmEvent } from './events.ts'
import type { AlarmPolicy } from './policy.ts'
import type { AlarmState } from './state.ts'

/** Over, and somebody said what it was. Resolving includes the reset of a latched alarm. */
const isDone = ({ closedAt, condition, response }: Episode): boolean =>
  closedAt === null && !condition.open && response.resolution !== null

/** When a low alarm that nobody took leaves by itself; null: not before somebody acts. */
export const leavesAt = (episode: Episode, policy: AlarmPolicy): number | null => {
  const { closedAt, condition, shown, response } = episode
  const isLow = shown.priority === 'low' || shown.priority === 'info'
  if (closedAt !== null || condition.endedAt === null || !isLow || response.owner !== null) return null
  return Math.max(condition.endedAt, condition.observedAt) + policy.autoCloseLowAfterMs
}

export const closingEvents = (state: AlarmState, at: number): readonly AlarmEvent[] =>
  Object.values(state.episodes)
    .filter(isDone)
    .map(({ episodeId }) => ({ type: 'episode-closed', episodeId, at, why: 'resolved' }))
