import type { UserId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import { coverage } from '#domain/on-call/coverage.ts'
import type { DutyStretch } from '#domain/on-call/coverage.ts'
import { DutyPlace, defaultTeam } from '#domain/on-call/duty.ts'
import type { Duty, TeamId } from '#domain/on-call/duty.ts'
import type { Rota } from '#domain/on-call/rota.ts'
import type { Clock, Instant } from '#domain/time.ts'
import { instant } from '#domain/time.ts'
import type { User } from './accounts.ts'
import { isServerError } from './errors.ts'
import type { OnCall } from './on-call.ts'
import type { OnCallStore, StoredTeam } from './on-call-store.ts'

const dayMs = 24 * 3_600_000
/** How far ahead the answers are worked out. */
export const lookAheadMs = 8 * dayMs
const besideDutyMs = 3_600_000

interface Known extends StoredTeam {
  /** Of each place, over `from` to `to`. */
  ahead: { readonly from: number; readonly to: number; readonly of: Record<DutyPlace, readonly DutyStretch[]> } | null
}

export interface OnCallBookDependencies {
  readonly store: OnCallStore
  readonly users: () => Promise<readonly User[]>
  readonly clock: Clock
}

/** Only they may accept an alarm, so only they can be on call. */
export const canBeOnCall = ({ role, disabled }: User): boolean => !disabled && (role === 'nurse' || role === 'lead')

/** Teams and rotas in memory, in front of their store. */
export class OnCallBook implements OnCall {
  readonly #deps: OnCallBookDependencies
  #teams: ReadonlyMap<TeamId, Known> = new Map()
  #users: ReadonlyMap<UserId, User> = new Map()
  #manned: ReadonlySet<TeamId> = new Set()
  readonly #listeners = new Set<() => void>()

  constructor(deps: OnCallBookDependencies) {
    this.#deps = deps
  }

  /** Reads the store again: another process may have written. */
  async refresh(): Promise<void> {
    const users = await this.#deps.users()
    const stored = await this.#deps.store.teams()
    this.#users = new Map(users.map((user) => [user.userId, user]))
    this.#teams = new Map(stored.map((team) => [team.teamId, { ...team, ahead: null }]))
    this.#manned = new Set(
      stored
        .filter(({ members }) => members.some((userId) => this.person(userId) !== null))
        .map(({ teamId }) => teamId),
    )
    for (const listener of this.#listeners) listener()
  }

  /** People, teams or rotas were read again. Returns the way to stop listening. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  duty(teamId: TeamId, at: Instant): Duty {
    const team = this.#teams.get(teamId) ?? this.#teams.get(defaultTeam)
    const holder = (place: DutyPlace): Person | null =>
      this.person(this.#stretches(team, place, at).find(({ from, to }) => from <= at && at < to)?.userId ?? null)
    return { teamId, primary: holder('primary'), backup: holder('backup'), lead: holder('lead') }
  }

  teams(): readonly TeamId[] {
    return [...new Set([defaultTeam, ...this.#teams.keys()])]
  }

  team(teamId: TeamId): StoredTeam | null {
    return this.#teams.get(teamId) ?? (teamId === defaultTeam ? noTeam : null)
  }

  /** A user without a team belongs to the default one. */
  teamsOf(userId: UserId): readonly TeamId[] {
    const own = [...this.#teams.values()].filter(({ members }) => members.includes(userId))
    return own.length === 0 ? [defaultTeam] : own.map(({ teamId }) => teamId)
  }

  /**
   * Her own teams, and those whose rota has her on duty now, an hour ago or in an hour: whoever is paged has to find the alarm, and a
   * shift is taken over and handed over beside its end.
   */
  seenBy(userId: UserId): readonly TeamId[] {
    const user = this.#users.get(userId)
    if (user?.role === 'kiosk') return user.wardOf === undefined ? [] : [user.wardOf]
    const now = this.#deps.clock.now()
    const onDuty = [...this.#teams.values()].filter((team) =>
      DutyPlace.options.some((place) =>
        this.#stretches(team, place, now).some(
          (stretch) =>
            stretch.userId === userId && stretch.from < now + besideDutyMs && now - besideDutyMs < stretch.to,
        ),
      ),
    )
    return [...new Set([...this.teamsOf(userId), ...onDuty.map(({ teamId }) => teamId)])]
  }

  /** Somebody who can answer belongs to it. */
  isManned(teamId: TeamId): boolean {
    return this.#manned.has(teamId)
  }

  membersOf(teamId: TeamId): readonly Person[] {
    const explicit = this.#teams.get(teamId)?.members ?? []
    return [...this.#users.values()]
      .filter((user) => explicit.includes(user.userId) || this.teamsOf(user.userId).includes(teamId))
      .filter(canBeOnCall)
      .map(({ userId, name }) => ({ userId, name }))
  }

  /** Null: there is nobody of that id who can be on call. */
  person(userId: UserId | null): Person | null {
    const user = userId === null ? undefined : this.#users.get(userId)
    return user !== undefined && canBeOnCall(user) ? { userId: user.userId, name: user.name } : null
  }

  byName(name: string): UserId | null {
    const wanted = name.normalize('NFC').toLowerCase()
    const found = [...this.#users.values()].find((user) => user.name.normalize('NFC').toLowerCase() === wanted)
    return found !== undefined && canBeOnCall(found) ? found.userId : null
  }

  /** When nobody is primary, within `aheadMs` from now; empty for a team without a rota of its own. */
  gapsAhead(teamId: TeamId, aheadMs: number): readonly DutyStretch[] {
    const now = this.#deps.clock.now()
    return this.#stretches(this.#teams.get(teamId), 'primary', now)
      .filter(({ userId, from, to }) => userId === null && to > now && from < now + aheadMs)
      .map((gap) => ({ ...gap, from: instant(Math.max(gap.from, now)) }))
  }

  /** When somebody else holds some place, within 8 days. */
  nextChange(teamId: TeamId): Instant | null {
    const now = this.#deps.clock.now()
    const team = this.#teams.get(teamId) ?? this.#teams.get(defaultTeam)
    const changes = DutyPlace.options.flatMap((place) =>
      this.#stretches(team, place, now)
        .map(({ from }) => from)
        .filter((from) => from > now),
    )
    return changes.length === 0 ? null : instant(Math.min(...changes))
  }

  /** When her duty of now ends, in whatever place of whatever team; null: she is not on duty. */
  onDutyUntil(userId: UserId): Instant | null {
    const now = this.#deps.clock.now()
    const ends = [...this.#teams.values()].flatMap((team) =>
      DutyPlace.options.flatMap((place) =>
        this.#stretches(team, place, now)
          .filter((stretch) => stretch.userId === userId && stretch.from <= now && now < stretch.to)
          .map(({ to }) => to),
      ),
    )
    return ends.length === 0 ? null : instant(Math.max(...ends))
  }

  /**
   * When the last shift of `userId` that touched the time since `since` ended. Null: on duty now in some place of some team, or not
   * on duty in that time at all.
   */
  shiftEnd(userId: UserId, since: number): Instant | null {
    const now = this.#deps.clock.now()
    const stretches = [...this.#teams.values()].flatMap(({ rota }) =>
      rota === null ? [] : DutyPlace.options.flatMap((place) => coverage(rota.rota, place, since, now + 1)),
    )
    const own = stretches.filter((stretch) => stretch.userId === userId && stretch.from <= now)
    const last = Math.max(...own.map(({ to }) => to))
    return own.length === 0 || last > now ? null : instant(last)
  }

  /** A person's own duties that run now or begin within `aheadMs`, in order. */
  dutiesAhead(
    userId: UserId,
    aheadMs: number,
  ): readonly (Omit<DutyStretch, 'userId'> & { readonly teamId: TeamId; readonly place: DutyPlace })[] {
    const now = this.#deps.clock.now()
    const ahead = this.teamsOf(userId).flatMap((teamId) =>
      DutyPlace.options.flatMap((place) =>
        this.#stretches(this.#teams.get(teamId), place, now)
          .filter((stretch) => stretch.userId === userId && stretch.to > now && stretch.from < now + aheadMs)
          .map(({ from, to }) => ({ teamId, place, from, to })),
      ),
    )
    return ahead.toSorted((a, b) => a.from - b.from)
  }

  async addTeam(by: Person, teamId: TeamId, name: string): Promise<void> {
    await this.#deps.store.putTeam(teamId, name, this.#act(by))
    await this.refresh()
  }

  async setMembers(by: Person, teamId: TeamId, members: readonly UserId[]): Promise<void> {
    await this.#ensure(by, teamId)
    await this.#deps.store.putMembers(teamId, members, this.#act(by))
    await this.refresh()
  }

  /** False: somebody was faster. */
  async setRota(by: Person, teamId: TeamId, expectedVersion: number, rota: Rota): Promise<boolean> {
    await this.#ensure(by, teamId)
    try {
      await this.#deps.store.putRota(teamId, expectedVersion, rota, this.#act(by))
      return true
    } catch (error) {
      if (isServerError(error, 'SRV_VERSION_CONFLICT')) return false
      throw error
    } finally {
      await this.refresh()
    }
  }

  /** The default team is there before anybody has made it. */
  async #ensure(by: Person, teamId: TeamId): Promise<void> {
    if (!this.#teams.has(teamId)) await this.#deps.store.putTeam(teamId, noTeam.name, this.#act(by))
  }

  #act(by: Person) {
    return { by, at: this.#deps.clock.now() }
  }

  #stretches(team: Known | undefined, place: DutyPlace, at: number): readonly DutyStretch[] {
    if (team === undefined || team.rota === null) return []
    const { ahead } = team
    // Worked out once a day, and again when the clock was stepped out of it.
    if (ahead !== null && ahead.from <= at && at < ahead.to - lookAheadMs + dayMs) return ahead.of[place]
    const { rota } = team.rota
    const from = at - dayMs
    const to = at + lookAheadMs
    const of = (one: DutyPlace) => coverage(rota, one, from, to, (userId) => this.person(userId) !== null)
    team.ahead = { from, to, of: { primary: of('primary'), backup: of('backup'), lead: of('lead') } }
    return team.ahead.of[place]
  }
}

const noTeam: StoredTeam = { teamId: defaultTeam, name: 'Everybody', members: [], rota: null }
