import type { HubId, PumpId, UserId } from '#domain/ids.ts'
import { defaultTeam } from '#domain/on-call/duty.ts'
import type { TeamId } from '#domain/on-call/duty.ts'
import type { AssignmentBook } from './assignment-book.ts'
import type { OnCallBook } from './on-call-book.ts'
import { may, reachOf } from './permissions.ts'
import type { Permission } from './permissions.ts'
import type { AlarmSubject } from './ports.ts'
import { wholeSite } from './scope.ts'
import type { Scope } from './scope.ts'
import { sightOf } from './sight.ts'
import type { Sight } from './sight.ts'
import type { User } from './accounts.ts'

export interface ScopeBookDependencies {
  readonly onCall: Pick<OnCallBook, 'seenBy' | 'isManned'>
  readonly assignments: Pick<AssignmentBook, 'get' | 'teamsOver'>
  readonly pumpsOf: (hubId: HubId) => readonly PumpId[]
}

/** Whose each pump, hub and alarm is, and what each person sees of it. Answers from memory. */
export class ScopeBook {
  readonly #deps: ScopeBookDependencies

  constructor(deps: ScopeBookDependencies) {
    this.#deps = deps
  }

  /** What this person may see under that permission, which she has. */
  sight({ userId, role }: Pick<User, 'userId' | 'role'>, permission: Permission): Sight {
    const isEverything = reachOf(role, permission) === 'site'
    const scope = isEverything ? wholeSite : this.#ofTeams(this.#deps.onCall.seenBy(userId))
    return sightOf(scope, may(role, 'label.view'), may(role, 'words.view'))
  }

  /** Whether a nurse or lead could see it: nobody is given what she cannot find. */
  sees(userId: UserId, subject: AlarmSubject): boolean {
    return this.#ofTeams(this.#deps.onCall.seenBy(userId)).has(subject)
  }

  /**
   * The team that answers for it (security.md 5). A hub is that of its pumps when they share one. Everybody's (the default team)
   * is what belongs to no team, to several, to the site, or to a team in which there is nobody: no alarm is hidden from everyone.
   */
  teamOf(subject: AlarmSubject): TeamId {
    switch (subject.kind) {
      case 'pump':
        return this.#manned(this.#deps.assignments.get(subject.pumpId)?.teamId ?? defaultTeam)
      case 'hub': {
        const teams = new Set(this.#deps.pumpsOf(subject.hubId).map((pumpId) => this.teamOf({ kind: 'pump', pumpId })))
        const [only] = teams
        return only !== undefined && teams.size === 1 ? only : defaultTeam
      }
      case 'site':
        return defaultTeam
    }
  }

  #ofTeams(own: readonly TeamId[]): Scope {
    const seen = new Set([...own, defaultTeam])
    const hasTeam = (teamId: TeamId): boolean => seen.has(this.#manned(teamId))
    const has = (subject: AlarmSubject): boolean => seen.has(this.teamOf(subject))
    return {
      key: [...seen].toSorted().join(),
      isOwn: (teamId) => own.includes(teamId),
      hasTeam,
      has,
      had: (subject, from, to) =>
        subject.kind === 'pump'
          ? this.#stretches(subject.pumpId).some(
              (stretch) => stretch.from <= to && from < stretch.to && hasTeam(stretch.teamId),
            )
          : has(subject),
      since: (pumpId) => {
        const stretches = this.#stretches(pumpId)
        const foreign = stretches.findLastIndex(({ teamId }) => !hasTeam(teamId))
        return stretches[foreign + 1]?.from ?? null
      },
    }
  }

  #manned(teamId: TeamId): TeamId {
    return this.#deps.onCall.isManned(teamId) ? teamId : defaultTeam
  }

  #stretches(pumpId: PumpId) {
    return this.#deps.assignments.teamsOver(pumpId)
  }
}
