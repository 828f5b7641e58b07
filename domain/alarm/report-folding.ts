import { foldReports } from './condition-fold.ts'
import type { AlarmEvent } from './events.ts'
import type { AlarmPolicy } from './policy.ts'
import { comparePlaces, inOrder, placeOf } from './report-order.ts'
import type { HubReport } from './reports.ts'
import type { FoldedEpisode } from './series.ts'
import type { AlarmState } from './state.ts'

/** So many reports are kept one by one; beyond them the older half becomes a sum. At one list a minute: about two hours. */
export const keptReports = 128

/** Closed, over for longer than any rule looks back, and not continued by a report still kept. */
const isForgettable = (folded: FoldedEpisode, state: AlarmState, at: number, policy: AlarmPolicy): boolean => {
  const episode = state.episodes[folded.episodeId]
  if (episode === undefined || episode.closedAt === null || folded.condition.open) return false
  const endedAt = episode.condition.endedAt
  const lookBackMs = Math.max(policy.recurringWithinMs, policy.sameEpisodeMs)
  return endedAt !== null && endedAt === folded.condition.endedAt && at - endedAt > lookBackMs
}

/** Keeps the state small without changing what it says. */
export const foldingEvents = (state: AlarmState, at: number, policy: AlarmPolicy): readonly AlarmEvent[] => {
  if (state.reports.length <= keptReports) return []
  const ordered = inOrder(state.reports)
  const hub = ordered.hub.slice(0, Math.max(0, ordered.hub.length - keptReports / 2))
  const derived = ordered.derived.slice(0, Math.max(0, ordered.derived.length - keptReports / 4))
  const full = foldReports(state.base, { hub, derived }, state.losses, policy)
  const forgotten = full
    .flatMap((series) => series.episodes)
    .filter((one) => isForgettable(one, state, at, policy))
    .map((one) => one.episodeId)
  const base = full
    .map((series) => ({ ...series, episodes: series.episodes.filter((one) => !forgotten.includes(one.episodeId)) }))
    .filter((series) => series.episodes.length > 0)
  return [{ type: 'reports-folded', at, hubReports: hub.length, derivedReports: derived.length, base, forgotten }]
}

/**
 * Older than what is kept one by one. A list that old is superseded by the later ones in the sum; so is a condition whose
 * episode the sum knows.
 */
export const isSuperseded = (state: AlarmState, report: HubReport): boolean => {
  const folded = state.folded[report.key.hubId]
  if (folded === undefined || comparePlaces(placeOf(report), folded) > 0) return false
  if (report.kind === 'snapshot') return true
  const { episodeId } = report.condition
  return state.base.some((series) => series.episodes.some((one) => one.condition.aliases.includes(episodeId)))
}
