import type { UserId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import type { SessionView } from '#domain/live/sessions.ts'
import { defaultTeam } from '#domain/on-call/duty.ts'
import type { TeamId } from '#domain/on-call/duty.ts'
import type { NewPerson, PeopleList, PersonView } from '#domain/people/people-api.ts'
import type { PersonRole } from '#domain/people/person-roles.ts'
import type { Clock, Instant } from '#domain/time.ts'
import { noPassword } from './accounts.ts'
import type { Accounts, AccountStore, User } from './accounts.ts'
import type { FactorStore } from './factor-store.ts'
import type { Invitations } from './invitations.ts'
import type { OnCallBook } from './on-call-book.ts'
import type { SessionDesk } from './session-desk.ts'

export interface PeopleDeskDependencies {
  readonly store: AccountStore
  readonly accounts: Pick<Accounts, 'ended'>
  readonly sessions: SessionDesk
  readonly invitations: Invitations
  readonly factors: Pick<FactorStore, 'totp' | 'passkeys' | 'recoveryLeft' | 'openReset' | 'reset'>
  readonly onCall: OnCallBook
  readonly newUserId: () => UserId
  readonly clock: Pick<Clock, 'now'>
}

/** Why an act on a person is not done. */
export type PeopleRefusal = 'nobody' | 'name-taken' | 'own-account' | 'last-admin' | 'kiosk' | 'no-team'

/** What administrators do to people. Each act holds on open pages when it is answered (security.md 4, I12). */
export class PeopleDesk {
  readonly #deps: PeopleDeskDependencies

  constructor(deps: PeopleDeskDependencies) {
    this.#deps = deps
  }

  async list(): Promise<Omit<PeopleList, 'serverTime'>> {
    const { store, sessions, invitations, onCall } = this.#deps
    const invited = await invitations.openUntil()
    const people: PersonView[] = []
    for (const { userId, name, role, disabled, wardOf, passwordHash } of await store.users()) {
      const open = await sessions.list(userId, null)
      people.push({
        userId,
        name,
        role,
        disabled,
        teamIds: wardOf === undefined ? this.#teamsOf(userId) : [wardOf],
        hasPassword: passwordHash !== noPassword,
        factors: await this.#factorsOf(userId),
        onCallUntil: onCall.onDutyUntil(userId),
        invitedUntil: invited.get(userId) ?? null,
        sessions: open.length,
        lastSeenAt: open[0]?.lastSeenAt ?? null,
      })
    }
    const teams = onCall.teams().flatMap((teamId) => {
      const team = teamId === defaultTeam ? null : onCall.team(teamId)
      return team === null ? [] : [{ teamId, name: team.name }]
    })
    return { people, teams }
  }

  /** An account that nobody can use yet, and the link that changes that. */
  async add(by: Person, { name, role, teamIds }: NewPerson): Promise<PeopleRefusal | { readonly userId: UserId }> {
    const { store, newUserId } = this.#deps
    if (!this.#areTeams(teamIds)) return 'no-team'
    const user: User = { userId: newUserId(), name, role, passwordHash: noPassword, disabled: false }
    if (!(await store.addUser(user, this.#act(by)))) return 'name-taken'
    await this.#deps.onCall.refresh()
    await this.#putInto(by, user.userId, teamIds)
    return { userId: user.userId }
  }

  async invite(by: Person, userId: UserId): Promise<PeopleRefusal | { token: string; expiresAt: Instant }> {
    const user = await this.#find(userId)
    if (user === null) return 'nobody'
    return user.role === 'kiosk' ? 'kiosk' : await this.#deps.invitations.invite(by, userId)
  }

  async withdraw(by: Person, userId: UserId): Promise<PeopleRefusal | null> {
    return (await this.#deps.invitations.withdraw(by, userId)) ? null : 'nobody'
  }

  async setRole(by: Person, userId: UserId, role: PersonRole): Promise<PeopleRefusal | null> {
    const user = await this.#find(userId)
    if (user === null) return 'nobody'
    if (user.role === 'kiosk') return 'kiosk'
    if (userId === by.userId) return 'own-account'
    if (user.role === role) return null
    return await this.#endingSessions(userId, () => this.#deps.store.setRole(userId, role, this.#act(by)))
  }

  async setDisabled(by: Person, userId: UserId, disabled: boolean): Promise<PeopleRefusal | null> {
    const user = await this.#find(userId)
    if (user === null) return 'nobody'
    if (userId === by.userId) return 'own-account'
    if (user.disabled === disabled) return null
    return await this.#endingSessions(userId, () => this.#deps.store.setDisabled(userId, disabled, this.#act(by)))
  }

  async setTeams(by: Person, userId: UserId, teamIds: readonly TeamId[]): Promise<PeopleRefusal | null> {
    const user = await this.#find(userId)
    if (user === null) return 'nobody'
    if (user.role === 'kiosk') return 'kiosk'
    if (!this.#areTeams(teamIds)) return 'no-team'
    await this.#putInto(by, userId, teamIds)
    return null
  }

  /**
   * Takes away all she has besides her password: whoever lost it comes in by her password and sets up anew. Her own an administrator
   * does not take away: somebody at her unlocked screen would be asked for nothing but a password after that.
   */
  async resetFactors(by: Person, userId: UserId, reason: string): Promise<PeopleRefusal | null> {
    const user = await this.#find(userId)
    if (user === null) return 'nobody'
    if (user.role === 'kiosk') return 'kiosk'
    if (userId === by.userId) return 'own-account'
    this.#deps.accounts.ended(await this.#deps.factors.reset(userId, reason, this.#act(by)))
    return null
  }

  /** Null: there is nobody of that id. */
  async sessions(userId: UserId): Promise<readonly SessionView[] | null> {
    return (await this.#find(userId)) === null ? null : await this.#deps.sessions.list(userId, null)
  }

  async #find(userId: UserId): Promise<User | null> {
    return (await this.#deps.store.users()).find((user) => user.userId === userId) ?? null
  }

  /** The store ends them with the change; their sockets go in the same moment. */
  async #endingSessions(userId: UserId, change: () => Promise<boolean>): Promise<PeopleRefusal | null> {
    const { store, accounts, onCall } = this.#deps
    const open = (await store.sessionsOf(userId)).map(({ idHash }) => idHash)
    if (!(await change())) return 'last-admin'
    accounts.ended(open)
    await onCall.refresh()
    return null
  }

  async #factorsOf(userId: UserId): Promise<PersonView['factors']> {
    const { factors } = this.#deps
    return {
      app: (await factors.totp(userId)) !== null,
      passkeys: (await factors.passkeys(userId)).length,
      recoveryLeft: await factors.recoveryLeft(userId),
      reset: await factors.openReset(userId),
    }
  }

  #areTeams(teamIds: readonly TeamId[]): boolean {
    return teamIds.every((teamId) => this.#deps.onCall.team(teamId) !== null)
  }

  #teamsOf(userId: UserId): TeamId[] {
    const { onCall } = this.#deps
    return onCall.teams().filter((teamId) => onCall.team(teamId)?.members.includes(userId) === true)
  }

  async #putInto(by: Person, userId: UserId, teamIds: readonly TeamId[]): Promise<void> {
    const { onCall } = this.#deps
    for (const teamId of onCall.teams()) {
      const members = onCall.team(teamId)?.members ?? []
      const isMember = members.includes(userId)
      if (isMember === teamIds.includes(teamId)) continue
      const others = members.filter((member) => member !== userId)
      await onCall.setMembers(by, teamId, isMember ? others : [...others, userId])
    }
  }

  #act(by: Person) {
    return { by, at: this.#deps.clock.now() }
  }
}
