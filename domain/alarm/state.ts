import type { EpisodeId, HubId } from '../ids.ts'
import type { TherapyCriticality } from './codes.ts'
import type { Episode } from './episode.ts'
import type { LinkRoot } from './events.ts'
import type { Report, ReportPlace } from './reports.ts'
import type { Series } from './series.ts'

/** Raise it with every change of what `AlarmState` or `AlarmView` consist of: states kept in another shape are folded anew. */
export const alarmStateSchema = 5

/** The alarms of one subject: a pump, a hub or the site. A fold of its events and of nothing else. */
export interface AlarmState {
  /** `unknown` counts as `critical`. */
  readonly criticality: TherapyCriticality
  /** Since when each link is lost; null: not lost. */
  readonly link: Readonly<Record<LinkRoot, number | null>>
  /** When a link was lost, oldest first; the latest few. */
  readonly losses: readonly number[]
  /** The latest reports in order of arrival; older ones are in `base`. */
  readonly reports: readonly Report[]
  readonly base: readonly Series[]
  /** The last place folded into `base`, by hub. */
  readonly folded: Readonly<Record<HubId, ReportPlace>>
  readonly derivedCount: number
  /** In order of opening; closed ones stay until nothing can re-open them. */
  readonly episodes: Readonly<Record<EpisodeId, Episode>>
  /** How often each alarm's triage record was written; the latest few alarms. */
  readonly triage: Readonly<Record<EpisodeId, number>>
  /** The latest acts of people: a repeated request has no second effect. */
  readonly requests: readonly { readonly requestId: string; readonly act: string; readonly episodeId: EpisodeId }[]
}

export const initialAlarmState: AlarmState = {
  criticality: 'unknown',
  link: { pump: null, hub: null },
  losses: [],
  reports: [],
  base: [],
  folded: {},
  derivedCount: 0,
  episodes: {},
  triage: {},
  requests: [],
}

/** By its id or by any id under which the hub reported it. */
export const findEpisode = (state: AlarmState, id: EpisodeId): Episode | null =>
  state.episodes[id] ?? Object.values(state.episodes).findLast((e) => e.condition.aliases.includes(id)) ?? null
