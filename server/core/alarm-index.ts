import type { TherapyCriticality } from '#domain/alarm/codes.ts'
import type { Episode } from '#domain/alarm/episode.ts'
import type { AlarmPolicy } from '#domain/alarm/policy.ts'
import { findEpisode } from '#domain/alarm/state.ts'
import type { AlarmState } from '#domain/alarm/state.ts'
import { alarmView, openEpisodes, openViews } from '#domain/alarm/view.ts'
import type { SubjectInfo } from '#domain/alarm/view.ts'
import type { EpisodeId, HubId } from '#domain/ids.ts'
import type { AlarmView } from '#domain/live/views.ts'
import type { Transition } from './alarm-book.ts'
import { createClosedAlarms } from './closed-alarms.ts'
import type { ClosedAlarms } from './closed-alarms.ts'
import { subjectKey } from './ports.ts'
import type { AlarmSubject } from './ports.ts'

/** An episode that is not closed, and whose it is. */
export interface OpenAlarm {
  readonly subject: AlarmSubject
  readonly criticality: TherapyCriticality
  readonly episode: Episode
}

/** What one durable commit did to one episode that was or is open. */
export interface EpisodeChange {
  readonly subject: AlarmSubject
  readonly criticality: TherapyCriticality
  readonly episodeId: EpisodeId
  /** Null: it did not exist. */
  readonly before: Episode | null
  /** Null: merged into another one. */
  readonly after: Episode | null
}

interface SubjectAlarms {
  readonly subject: AlarmSubject
  readonly state: AlarmState
}

/** Which subjects have open episodes, whose each episode is, and what a commit changed in what people see. */
export class AlarmIndex {
  readonly closed: ClosedAlarms = createClosedAlarms()
  readonly #infoOf: (subject: AlarmSubject) => SubjectInfo
  readonly #policy: AlarmPolicy
  readonly #open = new Map<string, SubjectAlarms>()
  /** Subjects with an open alarm that this hub told, by the hub: a storm at one hub costs the heartbeats of the others nothing. */
  readonly #toldBy = new Map<HubId, Set<string>>()
  readonly #subjectOf = new Map<EpisodeId, AlarmSubject>()

  constructor(infoOf: (subject: AlarmSubject) => SubjectInfo, policy: AlarmPolicy) {
    this.#infoOf = infoOf
    this.#policy = policy
  }

  /** What was closed before the last start. */
  remember(subject: AlarmSubject, alarm: AlarmView): void {
    this.#subjectOf.set(alarm.episodeId, subject)
    this.closed.add(alarm)
  }

  /** Takes what was committed. `views`: open alarms that look different now, and those that closed. */
  take(transitions: readonly Transition[]): {
    readonly views: readonly AlarmView[]
    readonly closed: ReadonlyMap<AlarmSubject, readonly AlarmView[]>
    readonly changes: readonly EpisodeChange[]
  } {
    const changes = transitions.flatMap(changesOf)
    const shown = transitions.map((transition) => ({ transition, views: this.#viewsOf(transition) }))
    const views = shown.flatMap((one) => one.views)
    const closed = new Map(
      shown.map((one) => [one.transition.subject, one.views.filter(({ condition }) => condition === 'closed')]),
    )
    for (const alarm of [...closed.values()].flat()) this.closed.add(alarm)
    for (const { subject, after } of transitions) this.#place(subject, after)
    return { views, closed, changes }
  }

  subjectOf(episodeId: EpisodeId): AlarmSubject | null {
    return this.#subjectOf.get(episodeId) ?? null
  }

  subjectsWithOpen(): readonly AlarmSubject[] {
    return [...this.#open.values()].map(({ subject }) => subject)
  }

  *openAlarms(): Iterable<OpenAlarm> {
    for (const { subject, state } of this.#open.values())
      for (const episode of openEpisodes(state)) yield { subject, criticality: state.criticality, episode }
  }

  /** Told by this hub and not closed. */
  *openOfHub(hubId: HubId): Iterable<Episode> {
    for (const key of this.#toldBy.get(hubId) ?? [])
      for (const episode of openEpisodes(this.#open.get(key)?.state ?? noAlarms))
        if (episode.condition.hubId === hubId && episode.condition.source === 'hub') yield episode
  }

  /** All, or those of one subject. */
  openViews(of?: AlarmSubject): readonly AlarmView[] {
    const subjects = of === undefined ? [...this.#open.values()] : [this.#open.get(subjectKey(of)) ?? null]
    return subjects.flatMap((one) =>
      one === null ? [] : openViews(one.state, this.#infoOf(one.subject), this.#policy),
    )
  }

  /** In this state of its subject, or from history when it is not there any more. */
  viewIn(subject: AlarmSubject, state: AlarmState, episodeId: EpisodeId): AlarmView | null {
    const episode = findEpisode(state, episodeId)
    return episode === null
      ? this.closed.find(episodeId)
      : alarmView(episode, state.criticality, this.#infoOf(subject), this.#policy)
  }

  #place(subject: AlarmSubject, state: AlarmState): void {
    const key = subjectKey(subject)
    const open = openEpisodes(state)
    const hubs = new Set(open.map(({ condition }) => condition.hubId).filter((hubId) => hubId !== null))
    const before = openEpisodes(this.#open.get(key)?.state ?? noAlarms)
    for (const { condition } of before)
      if (condition.hubId !== null && !hubs.has(condition.hubId)) this.#toldBy.get(condition.hubId)?.delete(key)
    for (const hubId of hubs) {
      const told = this.#toldBy.get(hubId)
      if (told === undefined) this.#toldBy.set(hubId, new Set([key]))
      else told.add(key)
    }
    if (open.length > 0) this.#open.set(key, { subject, state })
    else this.#open.delete(key)
  }

  #viewsOf({ subject, before, after }: Transition): readonly AlarmView[] {
    const info = this.#infoOf(subject)
    const viewOf = (episode: Episode, { criticality }: AlarmState): AlarmView =>
      alarmView(episode, criticality, info, this.#policy)
    const now = openEpisodes(after)
    const were = new Map(openEpisodes(before).map((episode) => [episode.episodeId, episode]))
    for (const { episodeId } of [...were.values(), ...now]) this.#subjectOf.set(episodeId, subject)
    const stillOpen = new Set(now.map(({ episodeId }) => episodeId))
    const shown = now.flatMap((episode): readonly AlarmView[] => {
      const was = were.get(episode.episodeId)
      // What did not change is the same object: comparing views is left for the few that did.
      if (was === episode && before.criticality === after.criticality) return []
      const view = viewOf(episode, after)
      return was !== undefined && sameView(view, viewOf(was, before)) ? [] : [view]
    })
    const gone = [...were.values()]
      .filter(({ episodeId }) => !stillOpen.has(episodeId))
      .map((episode) => {
        const closed = after.episodes[episode.episodeId]
        return closed === undefined ? mergedView(viewOf(episode, before)) : viewOf(closed, after)
      })
    return [...shown, ...gone]
  }
}

const noAlarms: Pick<AlarmState, 'episodes'> = { episodes: {} }

const sameView = (a: AlarmView, b: AlarmView): boolean => JSON.stringify(a) === JSON.stringify(b)

const mergedView = (last: AlarmView): AlarmView => ({ ...last, condition: 'closed', response: 'closed' })

const changesOf = ({ subject, before, after }: Transition): readonly EpisodeChange[] => {
  const { criticality } = after
  const changed = (episodeId: EpisodeId): EpisodeChange => ({
    subject,
    criticality,
    episodeId,
    before: before.episodes[episodeId] ?? null,
    after: after.episodes[episodeId] ?? null,
  })
  const judged = before.criticality !== criticality
  const now = openEpisodes(after).filter((episode) => judged || before.episodes[episode.episodeId] !== episode)
  const gone = openEpisodes(before).filter(({ episodeId }) => after.episodes[episodeId]?.closedAt !== null)
  return [...now, ...gone].map(({ episodeId }) => changed(episodeId))
}
