import { catalogue } from './catalogue.ts'
import type { Episode } from './episode.ts'
import type { AlarmPolicy } from './policy.ts'

/**
 * When a medium alarm rises because nobody has had it; null: it does not. Present and heard: what is unverified or known only from
 * late records may be over, and its silence is an alarm of its own.
 */
export const overdueAt = (episode: Episode, policy: AlarmPolicy): number | null => {
  const { closedAt, condition, shown, response, unownedSince, overdue } = episode
  if (closedAt !== null || overdue || shown.priority !== 'medium') return null
  if (!condition.open || !condition.verified || condition.late) return null
  if (response.owner !== null || response.resolution !== null) return null
  return catalogue[condition.code].worseUnanswered === true ? unownedSince + policy.raiseUnansweredAfterMs : null
}
