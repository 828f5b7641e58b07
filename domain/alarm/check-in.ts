import type { AlarmView, Person } from '../live/views.ts'
import type { Episode } from './episode.ts'
import type { AlarmEvent } from './events.ts'
import type { AlarmPolicy } from './policy.ts'

type CheckIn = AlarmPolicy['checkIn']['high']

interface Kept {
  readonly owner: Person
  readonly checkedAt: number
  readonly missedAt: number | null
  readonly rule: CheckIn
}

/** Somebody has it and the condition is there or may be. What is over waits for its closing out, and asks nobody. */
const kept = ({ closedAt, condition, response, shown }: Episode, policy: AlarmPolicy): Kept | null => {
  const { owner, checkedAt, missedAt, resolution } = response
  if (closedAt !== null || owner === null || checkedAt === null || resolution !== null || !condition.open) return null
  return shown.priority === 'info' ? null : { owner, checkedAt, missedAt, rule: policy.checkIn[shown.priority] }
}

/** When its owner has to say that she is still on it; null: not now, or she missed it. */
export const checkInDueAt = (episode: Episode, policy: AlarmPolicy): number | null => {
  const now = kept(episode, policy)
  return now === null || now.missedAt !== null ? null : now.checkedAt + now.rule.everyMs
}

/** When the acceptance lapses because a check-in was missed; null: it does not. */
export const lapsesAt = (episode: Episode, policy: AlarmPolicy): number | null => {
  const now = kept(episode, policy)
  if (now === null || now.missedAt === null || now.rule.lapseAfterMs === null) return null
  return now.missedAt + now.rule.lapseAfterMs
}

/** A forgotten Take comes back. What was missed while the server was down is found at its start, and she has her time to answer. */
export const checkInEvents = (episode: Episode, at: number, policy: AlarmPolicy): readonly AlarmEvent[] => {
  const now = kept(episode, policy)
  if (now === null) return []
  const { episodeId } = episode
  const { owner } = now
  // A stamp of the future would keep everybody waiting until then.
  if (Math.max(now.checkedAt, now.missedAt ?? -Infinity) > at) return [{ type: 'check-in-put-back', episodeId, at }]
  if (at >= (lapsesAt(episode, policy) ?? Infinity))
    return [{ type: 'acceptance-lapsed', episodeId, at, owner, why: 'check-in-missed' }]
  if (at >= (checkInDueAt(episode, policy) ?? Infinity)) return [{ type: 'check-in-missed', episodeId, at, owner }]
  return []
}

/** A low alarm whose owner said nothing for too long: she keeps it, and a lead looks. */
export const isForTheLead = (
  alarm: Pick<AlarmView, 'priority' | 'checkInMissedAt' | 'resolved' | 'condition'>,
): boolean =>
  alarm.priority === 'low' &&
  alarm.checkInMissedAt !== null &&
  alarm.resolved === null &&
  (alarm.condition === 'active' || alarm.condition === 'unverified')
