import type { EpisodeId } from '../ids.ts'
import { evolvePutBack } from './clock-put-back.ts'
import { comparePriority } from './priority-rank.ts'
import type { Episode } from './episode.ts'
import type { AlarmEvent } from './events.ts'
import { actedOn, evolveAct, evolveLapse, unanswered, withEpisode, withRequest } from './evolve-response.ts'
import { inOrder, placeOf } from './report-order.ts'
import type { Report } from './reports.ts'
import type { AlarmState } from './state.ts'

const keptLosses = 32
const keptTriage = 64

const noted = (state: AlarmState, report: Report): AlarmState => {
  const reports = [...state.reports, report]
  if (report.kind === 'derived')
    return { ...state, reports, derivedCount: Math.max(state.derivedCount, report.nth + 1) }
  return { ...state, reports }
}

const latest = <T>(record: Readonly<Record<string, T>>, count: number): Record<string, T> =>
  Object.fromEntries(Object.entries(record).slice(-count))

const withoutKey = (record: Readonly<Record<string, number>>, key: string): Record<string, number> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))

const folded = (state: AlarmState, event: Extract<AlarmEvent, { type: 'reports-folded' }>): AlarmState => {
  const { hub, derived } = inOrder(state.reports)
  const places = { ...state.folded }
  for (const { report } of hub.slice(0, event.hubReports)) places[report.key.hubId] = placeOf(report)
  const kept = hub.slice(event.hubReports).map((placed) => placed.report)
  return {
    ...state,
    reports: [...kept, ...derived.slice(event.derivedReports)],
    base: event.base,
    folded: places,
    episodes: Object.fromEntries(
      Object.values(state.episodes)
        .filter((episode) => !event.forgotten.includes(episode.episodeId))
        .map((episode) => [episode.episodeId, episode]),
    ),
  }
}

const merged = (state: AlarmState, goneId: EpisodeId, intoId: EpisodeId): AlarmState => {
  const gone = state.episodes[goneId]
  if (gone === undefined) return state
  const next = withEpisode(state, intoId, (into) => ({
    response: (gone.response.lastAct?.at ?? -1) > (into.response.lastAct?.at ?? -1) ? gone.response : into.response,
    version: Math.max(gone.version, into.version) + 1,
    unownedSince: Math.min(gone.unownedSince, into.unownedSince),
    overdue: gone.overdue || into.overdue,
  }))
  const rest = Object.values(next.episodes).filter((episode) => episode.episodeId !== goneId)
  return { ...next, episodes: Object.fromEntries(rest.map((episode) => [episode.episodeId, episode])) }
}

export const evolve = (state: AlarmState, event: AlarmEvent): AlarmState => {
  switch (event.type) {
    case 'report-noted':
      return noted(state, event.report)
    case 'reports-folded':
      return folded(state, event)
    case 'link-lost':
      return {
        ...state,
        link: { ...state.link, [event.root]: event.at },
        losses: [...state.losses, event.at].slice(-keptLosses),
      }
    case 'link-regained':
      return { ...state, link: { ...state.link, [event.root]: null } }
    case 'clock-put-back':
      return evolvePutBack(state, event.at)
    case 'criticality-set':
      return { ...state, criticality: event.criticality }
    case 'episode-opened': {
      const { episodeId, condition, shown, at } = event
      const fresh = { response: unanswered, version: 0, closedAt: null, calledAt: at, unownedSince: at, overdue: false }
      const episode: Episode = { episodeId, condition, shown, ...fresh, escalated: null, shelved: null }
      return { ...state, episodes: { ...state.episodes, [episodeId]: episode } }
    }
    case 'condition-changed':
      return withEpisode(state, event.episodeId, ({ escalated, shelved }) => ({
        condition: event.condition,
        // An escalation is for one run of the condition, and a re-start is news to whoever shelved it.
        escalated: event.condition.open && event.change !== 'started-again' ? escalated : null,
        shelved: event.change === 'started-again' ? null : shelved,
      }))
    case 'priority-changed':
      return withEpisode(state, event.episodeId, ({ calledAt, shelved }) => {
        const rose = comparePriority(event.shown.priority, event.from.priority) > 0
        return { shown: event.shown, calledAt: rose ? event.at : calledAt, shelved: rose ? null : shelved }
      })
    case 'unanswered-too-long':
      return withEpisode(state, event.episodeId, () => ({ overdue: true }))
    case 'episode-merged':
      return merged(state, event.episodeId, event.into)
    case 'episode-seen':
    case 'episode-accepted':
    case 'acceptance-withdrawn':
    case 'episode-rejected':
    case 'hand-over-offered':
    case 'hand-over-taken':
    case 'hand-over-declined':
    case 'hand-over-withdrawn':
    case 'episode-resolved':
    case 'checked-in':
    case 'taken-from':
    case 'notification-escalated':
    case 'alarm-shelved':
    case 'alarm-unshelved':
      return evolveAct(state, event)
    case 'shelf-ended':
      return withEpisode(state, event.episodeId, ({ version }) => ({ shelved: null, version: version + 1 }))
    case 'check-in-missed':
    case 'check-in-put-back':
    case 'acceptance-lapsed':
    case 'owner-gone':
    case 'owner-back':
      return evolveLapse(state, event)
    case 'response-taken-back':
      return withEpisode(state, event.episodeId, ({ version, overdue }) => ({
        response: { ...unanswered, lastAct: { by: null, at: event.at } },
        version: version + 1,
        closedAt: null,
        escalated: null,
        calledAt: event.at,
        unownedSince: event.at,
        overdue: overdue && event.reason !== 'started-again',
      }))
    case 'triage-recorded': {
      const { episodeId, version } = event
      const written = withEpisode(state, episodeId, ({ response }) => ({ response: actedOn(response, event) }))
      const triage = latest({ ...withoutKey(state.triage, episodeId), [episodeId]: version }, keptTriage)
      return withRequest({ ...written, triage }, event)
    }
    case 'episode-closed':
      return withEpisode(state, event.episodeId, () => ({ closedAt: event.at }))
  }
}
