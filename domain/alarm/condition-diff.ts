import { comparePriority } from './priority-rank.ts'
import { foldReports } from './condition-fold.ts'
import type { Episode, EpisodeCondition } from './episode.ts'
import type { AlarmEvent } from './events.ts'
import type { AlarmPolicy } from './policy.ts'
import { inOrder } from './report-order.ts'
import type { FoldedEpisode } from './series.ts'
import { shownPriority } from './shown-priority.ts'
import type { AlarmState } from './state.ts'

type ConditionChange = Extract<AlarmEvent, { type: 'condition-changed' }>['change']

const cameBack = (was: EpisodeCondition, now: EpisodeCondition): boolean =>
  (now.open && !was.open) ||
  (now.recurrence > was.recurrence && now.lastStartedAt > was.lastStartedAt && (now.open || !now.late))

const changeBetween = (was: EpisodeCondition, now: EpisodeCondition): ConditionChange => {
  if (was.open && !now.open) return 'ended'
  if (cameBack(was, now)) return 'started-again'
  if (now.open && was.verified !== now.verified) return now.verified ? 'became-verified' : 'became-unverified'
  return 'detail'
}

// Both are built by the same functions, so equal content has equal text.
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

const hasAnswer = ({ response, closedAt }: Episode): boolean =>
  response.state !== 'new' || response.rejections.length > 0 || closedAt !== null

const changesOf = (was: Episode, now: EpisodeCondition, state: AlarmState, at: number): readonly AlarmEvent[] => {
  const { episodeId } = was
  const changed = !same(was.condition, now)
  const back = cameBack(was.condition, now)
  // A new run begins anew: what the last one waited for was answered.
  const overdue = was.overdue && !(back && hasAnswer(was))
  const shown = changed || now.open ? shownPriority(now, state.criticality, overdue) : was.shown
  const rose = now.open && comparePriority(shown.priority, was.shown.priority) > 0
  const events: AlarmEvent[] = []
  if (changed)
    events.push({
      type: 'condition-changed',
      episodeId,
      at,
      change: changeBetween(was.condition, now),
      condition: now,
    })
  if (!same(shown, was.shown)) events.push({ type: 'priority-changed', episodeId, at, from: was.shown, shown })
  if ((rose || back) && hasAnswer(was))
    events.push({
      type: 'response-taken-back',
      episodeId,
      at,
      reason: back ? 'started-again' : 'priority-raised',
      owner: was.response.owner,
    })
  return events
}

const mergedInto = (gone: Episode, folded: readonly FoldedEpisode[]): FoldedEpisode | undefined =>
  folded.findLast(
    ({ condition }) =>
      condition.source === gone.condition.source &&
      condition.code === gone.condition.code &&
      gone.condition.aliases.some((alias) => condition.aliases.includes(alias)),
  )

/** Brings the episodes to what the reports and losses of the link say. Nothing else changes a condition. */
export const conditionEvents = (state: AlarmState, at: number, policy: AlarmPolicy): readonly AlarmEvent[] => {
  const ordered = inOrder(state.reports)
  const folded = foldReports(state.base, ordered, state.losses, policy).flatMap((series) => series.episodes)
  const changes = folded.flatMap(({ episodeId, condition }): readonly AlarmEvent[] => {
    const was = state.episodes[episodeId]
    if (was !== undefined) return changesOf(was, condition, state, at)
    const shown = shownPriority(condition, state.criticality, false)
    return [{ type: 'episode-opened', episodeId, at, condition, shown }]
  })
  const known = new Set(folded.map((one) => one.episodeId))
  const merges = Object.values(state.episodes).flatMap((episode): readonly AlarmEvent[] => {
    if (known.has(episode.episodeId)) return []
    const into = mergedInto(episode, folded)
    if (into === undefined) return []
    return [{ type: 'episode-merged', episodeId: episode.episodeId, at, into: into.episodeId }]
  })
  return [...changes, ...merges]
}
