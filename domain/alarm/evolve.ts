import type { EpisodeId } from '../ids.ts'
import { comparePriority } from './codes.ts'
import type { Episode, EpisodeResponse, Rejection } from './episode.ts'
import type { AlarmEvent } from './events.ts'
import { inOrder } from './report-order.ts'
import { bootKey, type Report } from './reports.ts'
import type { AlarmState } from './state.ts'

const keptLosses = 32
const keptRequests = 64
const keptBoots = 16
const keptRejections = 16
const keptTriage = 64

const unanswered: EpisodeResponse = {
  state: 'new',
  owner: null,
  acceptedAt: null,
  resolution: null,
  handedTo: null,
  rejections: [],
  lastAct: null,
}

const withEpisode = (state: AlarmState, id: EpisodeId, change: (episode: Episode) => Partial<Episode>): AlarmState => {
  const episode = state.episodes[id]
  if (episode === undefined) return state
  return { ...state, episodes: { ...state.episodes, [id]: { ...episode, ...change(episode) } } }
}

type PersonEvent = Exclude<Extract<AlarmEvent, { requestId: string }>, { type: 'triage-recorded' }>

const answered = (
  state: AlarmState,
  event: PersonEvent,
  change: (response: EpisodeResponse) => Partial<EpisodeResponse>,
): AlarmState => {
  const { episodeId, requestId, type, by, at } = event
  const counts = type === 'episode-seen' ? 0 : 1
  const next = withEpisode(state, episodeId, ({ response, version, unownedSince }) => {
    const now = { ...response, ...change(response), lastAct: counts === 1 ? { by, at } : response.lastAct }
    const givenUp = response.owner !== null && now.owner === null
    return { response: now, version: version + counts, unownedSince: givenUp ? at : unownedSince }
  })
  const requests = [...next.requests, { requestId, act: type, episodeId }].slice(-keptRequests)
  return { ...next, requests }
}

const nobodys = { owner: null, acceptedAt: null, handedTo: null } as const

const withRejection = (rejections: readonly Rejection[], rejection: Rejection): readonly Rejection[] =>
  [...rejections.filter(({ by }) => by.userId !== rejection.by.userId), rejection].slice(-keptRejections)

const noted = (state: AlarmState, report: Report): AlarmState => {
  const reports = [...state.reports, report]
  if (report.kind === 'derived')
    return { ...state, reports, derivedCount: Math.max(state.derivedCount, report.nth + 1) }
  const boot = bootKey(report.key)
  const first = Math.min(state.boots[boot] ?? report.occurredAt, report.occurredAt)
  return { ...state, reports, boots: { ...state.boots, [boot]: first } }
}

const latest = <T>(record: Readonly<Record<string, T>>, count: number): Record<string, T> =>
  Object.fromEntries(Object.entries(record).slice(-count))

const withoutKey = (record: Readonly<Record<string, number>>, key: string): Record<string, number> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))

const folded = (state: AlarmState, event: Extract<AlarmEvent, { type: 'reports-folded' }>): AlarmState => {
  const { hub, derived } = inOrder(state.reports, state.boots)
  const seq: Record<string, number> = { ...state.folded.seq }
  const at: Record<string, number> = { ...state.folded.at }
  for (const placed of hub.slice(0, event.hubReports)) {
    const { key } = placed.report
    seq[bootKey(key)] = Math.max(seq[bootKey(key)] ?? 0, key.seq)
    at[key.hubId] = Math.max(at[key.hubId] ?? -Infinity, placed.at)
  }
  const kept = hub.slice(event.hubReports).map((placed) => placed.report)
  const boots = new Set(kept.map((report) => bootKey(report.key)))
  return {
    ...state,
    reports: [...kept, ...derived.slice(event.derivedReports)],
    base: event.base,
    boots: Object.fromEntries(Object.entries(state.boots).filter(([boot]) => boots.has(boot))),
    folded: { seq: latest(seq, keptBoots), at: latest(at, keptBoots) },
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
    case 'criticality-set':
      return { ...state, criticality: event.criticality }
    case 'episode-opened': {
      const { episodeId, condition, shown, at } = event
      const fresh = { response: unanswered, version: 0, closedAt: null, calledAt: at, unownedSince: at, overdue: false }
      const episode: Episode = { episodeId, condition, shown, ...fresh }
      return { ...state, episodes: { ...state.episodes, [episodeId]: episode } }
    }
    case 'condition-changed':
      return withEpisode(state, event.episodeId, () => ({ condition: event.condition }))
    case 'priority-changed':
      return withEpisode(state, event.episodeId, ({ calledAt }) => ({
        shown: event.shown,
        calledAt: comparePriority(event.shown.priority, event.from.priority) > 0 ? event.at : calledAt,
      }))
    case 'unanswered-too-long':
      return withEpisode(state, event.episodeId, () => ({ overdue: true }))
    case 'episode-merged':
      return merged(state, event.episodeId, event.into)
    case 'episode-seen':
      return answered(state, event, () => ({ state: 'seen' }))
    case 'episode-accepted':
    case 'hand-over-taken':
      return answered(state, event, ({ rejections }) => ({
        state: 'accepted',
        owner: event.by,
        acceptedAt: event.at,
        handedTo: null,
        rejections: rejections.filter(({ by }) => by.userId !== event.by.userId),
      }))
    case 'acceptance-withdrawn':
      return answered(state, event, () => ({ state: 'new', ...nobodys }))
    case 'episode-rejected':
      return answered(state, event, ({ rejections }) => ({
        state: 'rejected',
        ...nobodys,
        rejections: withRejection(rejections, { by: event.by, reason: event.reason, at: event.at }),
      }))
    case 'hand-over-offered':
      return answered(state, event, () => ({ state: 'handed-over', handedTo: { to: event.to, at: event.at } }))
    case 'hand-over-declined':
    case 'hand-over-withdrawn':
      return answered(state, event, () => ({ state: 'accepted', handedTo: null }))
    case 'episode-resolved':
      return answered(state, event, () => ({ state: 'resolved', handedTo: null, resolution: event.resolution }))
    case 'response-taken-back':
      return withEpisode(state, event.episodeId, ({ version, overdue }) => ({
        response: { ...unanswered, lastAct: { by: null, at: event.at } },
        version: version + 1,
        closedAt: null,
        calledAt: event.at,
        unownedSince: event.at,
        overdue: overdue && event.reason !== 'started-again',
      }))
    case 'triage-recorded': {
      const { episodeId, requestId, type, version } = event
      return {
        ...state,
        triage: latest({ ...withoutKey(state.triage, episodeId), [episodeId]: version }, keptTriage),
        requests: [...state.requests, { requestId, act: type, episodeId }].slice(-keptRequests),
      }
    }
    case 'episode-closed':
      return withEpisode(state, event.episodeId, () => ({ closedAt: event.at }))
  }
}
