import { countsAsCritical } from '#domain/alarm/catalogue.ts'
import type { Episode, EpisodeResponse } from '#domain/alarm/episode.ts'
import type { EpisodeId } from '#domain/ids.ts'
import type { AskedAlarm, EscalatedAlarm, OwnedAlarm } from '#domain/paging/facts.ts'
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
  readonly stamps: Readonly<Record<Stamp, number | null>>
  readonly times: Readonly<Record<Stamp, number>>
}

type Stamp = 'calledAt' | 'answeredAt' | 'acceptedAt' | 'missedAt' | 'lapsedAt'

const stampsOf = ({ calledAt, response }: Episode): KnownAlarm['stamps'] => ({
  calledAt,
  answeredAt: response.lastAct?.at ?? calledAt,
  acceptedAt: response.acceptedAt,
  missedAt: response.missedAt,
  lapsedAt: lapsedAt(response),
})

const lapsedAt = ({ formerOwner, owner }: EpisodeResponse): number | null =>
  formerOwner === null || owner !== null || formerOwner.why === 'taken-from' ? null : formerOwner.until

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
    const stamps = stampsOf(episode)
    const timeOf = (name: Stamp): number => {
      const stamp = stamps[name]
      if (stamp === null) return -Infinity
      return before?.stamps[name] === stamp ? before.times[name] : this.#clock.ofStamp(stamp)
    }
    this.#known.set(episode.episodeId, {
      episode,
      critical: countsAsCritical(criticality),
      stamps,
      times: {
        calledAt: timeOf('calledAt'),
        answeredAt: timeOf('answeredAt'),
        acceptedAt: timeOf('acceptedAt'),
        missedAt: timeOf('missedAt'),
        lapsedAt: timeOf('lapsedAt'),
      },
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
    return this.#present().flatMap(({ episode, stamps, times }): readonly AskedAlarm[] => {
      const { episodeId, shown, response } = episode
      const { calledAt: since, answeredAt: askedAt } = times
      if (response.owner !== null || !isPaged(shown.priority)) return []
      const rejection = response.rejections.at(-1)
      const declined = rejection === undefined ? null : { by: rejection.by, at: this.#clock.ofStamp(rejection.at) }
      return [
        {
          episodeId,
          priority: shown.priority,
          version: versionOf(episode),
          since,
          askedAt,
          declined,
          lapsedAt: stamps.lapsedAt === null ? null : times.lapsedAt,
        },
      ]
    })
  }

  owned(): readonly OwnedAlarm[] {
    return this.#present().flatMap(({ episode, times }): readonly OwnedAlarm[] => {
      const { episodeId, shown, response } = episode
      const { owner, missedAt } = response
      if (owner === null || !isPaged(shown.priority)) return []
      // The acceptance's own time: an offer to somebody else puts no reminder off.
      const { acceptedAt } = times
      return [
        { episodeId, priority: shown.priority, owner, acceptedAt, missedAt: missedAt === null ? null : times.missedAt },
      ]
    })
  }

  /** Of every priority: who asks for help has seen that it is needed. */
  escalated(): readonly EscalatedAlarm[] {
    return this.#present().flatMap(({ episode }): readonly EscalatedAlarm[] => {
      const { episodeId, shown, response, escalated } = episode
      if (escalated === null) return []
      return [{ episodeId, priority: shown.priority, version: versionOf(episode), owner: response.owner, ...escalated }]
    })
  }

  #present(): readonly KnownAlarm[] {
    return [...this.#known.values()].filter(
      ({ episode: { condition, response, closedAt } }) =>
        closedAt === null && condition.open && !condition.late && response.resolution === null,
    )
  }
}

/** Who will not take it answers for herself alone: what the others were asked stands, and their time goes on. */
const versionOf = ({ version, response }: Episode): number => version - response.rejections.length
