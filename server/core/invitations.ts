import type { UserId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import type { PasswordFault } from '#domain/people/factors.ts'
import { instant } from '#domain/time.ts'
import type { Clock, Instant } from '#domain/time.ts'
import type { AccountSecrets, Accounts, AccountStore, PasswordHasher, User } from './accounts.ts'
import type { Act } from './on-call-store.ts'
import type { PasswordRules } from './password-change.ts'

/** Long enough for a night shift and a day off. */
export const invitationMs = 48 * 3_600_000

export interface Invitation {
  readonly userId: UserId
  readonly tokenHash: string
  readonly expiresAt: Instant
}

export interface InvitationStore {
  /** Replaces the one she had. */
  put(invitation: Invitation, act: Act): Promise<void>
  /** False: there was none. */
  withdraw(userId: UserId, act: Act): Promise<boolean>
  all(): Promise<readonly Invitation[]>
  find(tokenHash: string): Promise<Invitation | null>
  /** In one step: the link is used up, the password holds (null: there is none to set), her sessions end. Null: it was used meanwhile; else the ended ones. */
  accept(invitation: Invitation, passwordHash: string | null, at: Instant): Promise<readonly string[] | null>
}

export interface InvitationsDependencies {
  readonly store: InvitationStore
  readonly accounts: Pick<AccountStore, 'users'>
  readonly sessions: Pick<Accounts, 'ended'>
  readonly hasher: Pick<PasswordHasher, 'hash'>
  readonly rules: PasswordRules
  readonly secrets: AccountSecrets
  readonly clock: Pick<Clock, 'now'>
}

interface Found {
  readonly invitation: Invitation
  readonly user: User
}

/** One-time links: whoever has one sets the password of that account, once, within two days. */
export class Invitations {
  readonly #deps: InvitationsDependencies

  constructor(deps: InvitationsDependencies) {
    this.#deps = deps
  }

  /** The token is given away here and kept nowhere. */
  async invite(by: Person, userId: UserId): Promise<{ readonly token: string; readonly expiresAt: Instant }> {
    const { store, secrets, clock } = this.#deps
    const now = clock.now()
    const token = secrets.newSessionId()
    const expiresAt = instant(now + invitationMs)
    await store.put({ userId, tokenHash: secrets.hashSessionId(token), expiresAt }, { by, at: now })
    return { token, expiresAt }
  }

  async withdraw(by: Person, userId: UserId): Promise<boolean> {
    return await this.#deps.store.withdraw(userId, { by, at: this.#deps.clock.now() })
  }

  /** Until when each person's link is good; without those that are over. */
  async openUntil(): Promise<ReadonlyMap<UserId, Instant>> {
    const now = this.#deps.clock.now()
    const open = (await this.#deps.store.all()).filter(({ expiresAt }) => now < expiresAt)
    return new Map(open.map(({ userId, expiresAt }) => [userId, expiresAt]))
  }

  /** Null: no such link, it is over, was used or withdrawn, or its account is disabled. Nothing tells which. */
  async find(token: string): Promise<{ readonly user: User; readonly expiresAt: Instant } | null> {
    const found = await this.#find(token)
    return found === null ? null : { user: found.user, expiresAt: found.invitation.expiresAt }
  }

  /** Null as above. */
  async accept(token: string, password: string): Promise<User | PasswordFault | null> {
    const { hasher, rules } = this.#deps
    const found = await this.#find(token)
    if (found === null) return null
    const fault = await rules(password, found.user.name)
    return fault ?? (await this.#use(found, await hasher.hash(password)))
  }

  /** By whoever signs in in another way than by a password. Null as above. */
  async take(token: string): Promise<User | null> {
    const found = await this.#find(token)
    return found === null ? null : await this.#use(found, null)
  }

  async #use({ invitation, user }: Found, passwordHash: string | null): Promise<User | null> {
    const { store, sessions, clock } = this.#deps
    const ended = await store.accept(invitation, passwordHash, clock.now())
    if (ended === null) return null
    sessions.ended(ended)
    return user
  }

  async #find(token: string): Promise<Found | null> {
    const { store, accounts, secrets, clock } = this.#deps
    const invitation = await store.find(secrets.hashSessionId(token))
    if (invitation === null || clock.now() >= invitation.expiresAt) return null
    const user = (await accounts.users()).find(({ userId }) => userId === invitation.userId)
    return user === undefined || user.disabled ? null : { invitation, user }
  }
}
