import { countsAsCritical } from '#domain/alarm/catalogue.ts'
import type { Episode } from '#domain/alarm/episode.ts'
import type { EpisodeId } from '#domain/ids.ts'
import type { AskedAlarm, OwnedAlarm } from '#domain/paging/facts.ts'
import { isPaged } from '#domain/paging/facts.ts'
import { PageRoot } from '#domain/paging/events.ts'
import type { OpenAlarm } from '../alarm-index.ts'
import { subjectKey, type AlarmSubject } from '../ports.ts'
import type { PagingClock } from './paging-clock.ts'

export const pageRoot = (subject: AlarmSubject, simulated: boolean): PageRoot =>
  PageRoot.parse(`${simulated ? 'demo' : 'real'}/${subjectKey(subject)}`)

interface KnownAlarm {
  readonly episode: Episode
  readonly critical: boolean
  /** Stamps of the journal and what they were on the paging clock when first seen: a later step of the wall clock moves nothing. */
  readonly stamps: { readonly calledAt: number; readonly answeredAt: number }
  readonly since: number
  readonly askedAt: number
}

/** The open alarms of one root as paging sees them. */
export class RootAlarms {
  readonly root: PageRoot
  readonly subject: AlarmSubject
  readonly simulated: boolean
  readonly #clock: PagingClock
  readonly #known = new Map<EpisodeId, KnownAlarm>()

  constructor(subject: AlarmSubject, simulated: boolean, clock: PagingClock) {
    this.root = pageRoot(subject, simulated)
    this.subject = subject
    this.simulated = simulated
    this.#clock = clock
  }

  get size(): number {
    return this.#known.size
  }

  get critical(): boolean {
    return [...this.#known.values()].some(({ critical }) => critical)
  }

  put({ episode, criticality }: OpenAlarm): void {
    const before = this.#known.get(episode.episodeId)
    const { calledAt, response } = episode
    const answeredAt = response.lastAct?.at ?? calledAt
    const since = before?.stamps.calledAt === calledAt ? before.since : this.#clock.ofStamp(calledAt)
    const same = before?.stamps.answeredAt === answeredAt
    this.#known.set(episode.episodeId, {
      episode,
      critical: countsAsCritical(criticality),
      stamps: { calledAt, answeredAt },
      since,
      askedAt: same ? before.askedAt : this.#clock.ofStamp(answeredAt),
    })
  }

  remove(episodeId: EpisodeId): void {
    this.#known.delete(episodeId)
  }

  /**
   * Present and unanswered. What is over is not paged, a latched one neither: it stays on the wall and rings there, and nobody is
   * woken for what is past. Late records ring only once a fresh one confirms them (alarms.md rule 7).
   */
  asked(): readonly AskedAlarm[] {
    return this.#present().flatMap(({ episode, since, askedAt }): readonly AskedAlarm[] => {
      const { episodeId, shown, response } = episode
      if (response.owner !== null || !isPaged(shown.priority)) return []
      const rejection = response.rejections.at(-1)
      const declined = rejection === undefined ? null : { by: rejection.by, at: this.#clock.ofStamp(rejection.at) }
      // Who will not take it answers for herself alone: what the others were asked stands, and their time goes on.
      const version = episode.version - response.rejections.length
      return [{ episodeId, priority: shown.priority, version, since, askedAt, declined }]
    })
  }

  owned(): readonly OwnedAlarm[] {
    return this.#present().flatMap(({ episode, askedAt }): readonly OwnedAlarm[] => {
      const { episodeId, shown, response } = episode
      const { owner } = response
      if (owner === null || !isPaged(shown.priority)) return []
      return [{ episodeId, priority: shown.priority, owner, acceptedAt: askedAt }]
    })
  }

  #present(): readonly KnownAlarm[] {
    return [...this.#known.values()].filter(
      ({ episode: { condition, response, closedAt } }) =>
        closedAt === null && condition.open && !condition.late && response.resolution === null,
    )
  }
}
