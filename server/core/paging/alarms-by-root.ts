import type { EpisodeId, UserId } from '#domain/ids.ts'
import type { PageRoot } from '#domain/paging/events.ts'
import { askableDuty, places, type PagingFacts } from '#domain/paging/facts.ts'
import type { HeardAlarm } from '#domain/on-call/attended.ts'
import type { TeamId } from '#domain/on-call/duty.ts'
import type { Clock } from '#domain/time.ts'
import type { EpisodeChange, OpenAlarm } from '../alarm-index.ts'
import type { OnCall } from '../on-call.ts'
import type { AlarmSubject } from '../ports.ts'
import type { PagingClock } from './paging-clock.ts'
import { pageRoot, RootAlarms } from './root-alarms.ts'

export interface PeopleAndPlaces {
  readonly onCall: OnCall
  /** Accounts of the demonstration. Simulated alarms page them alone, real ones never (alarms.md rule 8). */
  readonly isDemoPerson: (userId: UserId) => boolean
  readonly teamOf: (subject: AlarmSubject) => TeamId
  /** A pump of a laboratory has no patient: its alarms are shown and page nobody. */
  readonly isLaboratory: (subject: AlarmSubject) => boolean
  /** Whether this person has a station at which these alarms are heard and somebody sits; null: that is not known yet. */
  readonly isAttended: (userId: UserId, alarms: readonly HeardAlarm[]) => boolean | null
  /** A hook has the telephone number of this person. */
  readonly canCall: (userId: UserId) => boolean
}

/** Every open alarm by the root it is paged under, and what that means for paging at this moment. */
export class AlarmsByRoot {
  readonly #people: PeopleAndPlaces
  readonly #clock: Clock
  readonly #pagingClock: PagingClock
  readonly #roots = new Map<PageRoot, RootAlarms>()
  readonly #rootOf = new Map<EpisodeId, PageRoot>()

  constructor(people: PeopleAndPlaces, clock: Clock, pagingClock: PagingClock) {
    this.#people = people
    this.#clock = clock
    this.#pagingClock = pagingClock
  }

  all(): Iterable<RootAlarms> {
    return this.#roots.values()
  }

  rootOf(episodeId: EpisodeId): PageRoot | null {
    return this.#rootOf.get(episodeId) ?? null
  }

  /** The roots for which this may mean something. */
  put(open: OpenAlarm): readonly PageRoot[] {
    const { subject, episode } = open
    const { simulated } = episode.condition
    const root = pageRoot(subject, simulated)
    const before = this.#rootOf.get(episode.episodeId) ?? root
    // A mark that came later moves the alarm to the other name space.
    if (before !== root) this.#roots.get(before)?.remove(episode.episodeId)
    const alarms = this.#roots.get(root) ?? new RootAlarms(subject, simulated, this.#pagingClock)
    alarms.put(open)
    this.#roots.set(root, alarms)
    this.#rootOf.set(episode.episodeId, root)
    return before === root ? [root] : [before, root]
  }

  take({ subject, criticality, episodeId, after }: EpisodeChange): readonly PageRoot[] {
    if (after !== null && after.closedAt === null) return this.put({ subject, criticality, episode: after })
    const root = this.#rootOf.get(episodeId)
    this.#rootOf.delete(episodeId)
    if (root === undefined) return []
    this.#roots.get(root)?.remove(episodeId)
    return [root]
  }

  /** Called when nothing more is to be done about a root. True: it has no open alarm and is forgotten. */
  forget(root: PageRoot): boolean {
    if ((this.#roots.get(root)?.size ?? 0) > 0) return false
    this.#roots.delete(root)
    return true
  }

  isOwner(userId: UserId): boolean {
    return [...this.#roots.values()].some((root) => root.owned().some(({ owner }) => owner.userId === userId))
  }

  facts(root: PageRoot): PagingFacts {
    const { onCall, teamOf, isDemoPerson, isAttended, canCall } = this.#people
    const alarms = this.#roots.get(root)
    const simulated = root.startsWith('demo/')
    const mayPage = (userId: UserId): boolean => isDemoPerson(userId) === simulated
    const subject = alarms?.subject ?? { kind: 'site' }
    const isPaged = alarms !== undefined && !this.#people.isLaboratory(subject)
    const asked = isPaged ? alarms.asked() : []
    const duty = askableDuty(onCall.duty(teamOf(subject), this.#clock.now()), mayPage)
    const nurse = places.map((place) => duty[place].person).find((person) => person !== null)
    return {
      thread: root,
      simulated,
      critical: alarms?.critical ?? false,
      asked,
      owned: isPaged ? alarms.owned() : [],
      escalated: isPaged ? alarms.escalated() : [],
      duty,
      mayPage,
      unattended: asked.length > 0 && nurse !== undefined && isAttended(nurse.userId, asked) === false,
      canCall,
    }
  }
}
