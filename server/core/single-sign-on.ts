import { UserId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import type { SsoRefusal } from '#domain/people/single-sign-on.ts'
import type { PersonRole } from '#domain/people/person-roles.ts'
import type { TeamId } from '#domain/on-call/duty.ts'
import type { Clock, Instant } from '#domain/time.ts'
import { noPassword } from './accounts.ts'
import type { Accounts, AccountSecrets, AccountStore, Identity as Session, SignedIn, User } from './accounts.ts'
import type { IdentityProvider, ProviderChecks, ProviderClaims } from './identity-provider.ts'
import type { Invitations } from './invitations.ts'
import type { Act } from './on-call-store.ts'
import type { PeopleDesk } from './people-desk.ts'

export interface Identity {
  readonly issuer: string
  readonly subject: string
}

/** Whose account an identity of the provider signs in to. */
export interface IdentityStore {
  find(identity: Identity): Promise<UserId | null>
  isLinked(userId: UserId): Promise<boolean>
  /** Replaces the one the account had. */
  link(userId: UserId, identity: Identity, act: Act): Promise<void>
}

export interface SsoPolicy {
  /** The provider's own words for a second factor; one of them has to be there. */
  readonly acr: readonly string[]
  readonly amr: readonly string[]
  /** Groups of the provider, first match first. Empty: accounts are made here and linked. */
  readonly roles: readonly (readonly [group: string, role: PersonRole])[]
  readonly teams: readonly (readonly [group: string, team: TeamId])[]
}

export interface SingleSignOnDependencies {
  readonly provider: IdentityProvider
  readonly identities: IdentityStore
  readonly policy: SsoPolicy
  readonly store: Pick<AccountStore, 'users'>
  readonly accounts: Pick<Accounts, 'begin' | 'renew'>
  readonly people: Pick<PeopleDesk, 'add' | 'setRole' | 'setTeams'>
  readonly invitations: Pick<Invitations, 'find' | 'take'>
  readonly secrets: AccountSecrets
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  /** Whose it was; null: nobody here. */
  readonly refused: (userId: UserId | null) => void
}

/** `sign-in`: `invitation` is a link that it uses up. `proof`: a session is to be proved again. */
type Wish =
  | { readonly to: 'sign-in'; readonly invitation: string | null }
  | { readonly to: 'proof'; readonly session: Pick<Session, 'userId' | 'sessionHash'>; readonly at: Instant }

interface Flow {
  readonly checks: ProviderChecks
  readonly redirectUri: string
  readonly wish: Wish
  readonly endsMs: number
}

/** For typing a password and a code at the provider. */
const flowMs = 10 * 60_000
const mostFlows = 1000
/** The provider's clock is not ours, and it counts whole seconds. ms. */
const clockDifferenceMs = 30_000

/** Stands for whoever gave somebody a role or a team at the provider. */
const ssoItself: Person = { userId: UserId.parse('single-sign-on'), name: 'single sign-on' }

type Begun = 'unavailable' | { readonly url: string; readonly flowId: string }
type Finished = { readonly to: Wish['to'] } & ({ readonly refused: SsoRefusal } | SignedIn)

/** Signing in by the provider of the house. What was begun is used once, within ten minutes, by the browser that began it. */
export class SingleSignOn {
  readonly #deps: SingleSignOnDependencies
  readonly #flows = new Map<string, Flow>()

  constructor(deps: SingleSignOnDependencies) {
    this.#deps = deps
  }

  /** `flowId` goes into a cookie of this browser. `invitation`: a link that this sign-in uses up. */
  async begin(redirectUri: string, invitation: string | null): Promise<Begun> {
    return await this.#begin(redirectUri, { to: 'sign-in', invitation })
  }

  /** Whether she can prove at the provider who she is. */
  async canProve(userId: UserId): Promise<boolean> {
    return await this.#deps.identities.isLinked(userId)
  }

  /** She has a password here to prove herself with. */
  async hasPassword(userId: UserId): Promise<boolean> {
    const user = await this.#find(userId)
    return user !== null && user.passwordHash !== noPassword
  }

  /** Who is signed in proves at the provider, anew, that it is she. */
  async beginProof(redirectUri: string, { userId, sessionHash }: Session): Promise<Begun | 'not-linked'> {
    if (!(await this.canProve(userId))) return 'not-linked'
    const wish: Wish = { to: 'proof', session: { userId, sessionHash }, at: this.#deps.clock.now() }
    return await this.#begin(redirectUri, wish)
  }

  async #begin(redirectUri: string, wish: Wish): Promise<Begun> {
    const { provider, secrets, clock } = this.#deps
    const begun = await provider.begin(redirectUri, wish.to === 'proof')
    if (typeof begun === 'string') return 'unavailable'
    const flowId = secrets.newSessionId()
    this.#sweep()
    const endsMs = clock.monotonic() + flowMs
    this.#flows.set(secrets.hashSessionId(flowId), { checks: begun.checks, redirectUri, wish, endsMs })
    return { url: begun.url, flowId }
  }

  /** `query`: what stands behind `?` in the address that the browser came back with. */
  async finish(
    flowId: string | null,
    query: string,
    client: { readonly address: string; readonly userAgent?: string | undefined },
  ): Promise<Finished> {
    const { provider, accounts } = this.#deps
    const flow = flowId === null ? null : this.#take(flowId)
    if (flow === null) return { to: 'sign-in', refused: 'over' }
    const { wish } = flow
    const refused = (why: SsoRefusal): Finished => ({ to: wish.to, refused: why })
    const claims = await provider.finish(`${flow.redirectUri}?${query}`, flow.checks)
    if (claims === 'refused') this.#deps.refused(null)
    if (typeof claims === 'string') return refused(claims)
    if (!this.#isSecondFactor(claims)) return refused(await this.#recorded(claims, 'no-second-factor'))
    if (wish.to === 'proof') {
      const proven = await this.#proven(claims, wish)
      return typeof proven === 'string' ? refused(await this.#recorded(claims, proven)) : { to: 'proof', ...proven }
    }
    const user = await this.#userOf(claims, wish.invitation)
    if (typeof user === 'string') return refused(await this.#recorded(claims, user))
    const signedIn = await accounts.begin(user, ['sso'], client.address, client.userAgent)
    return signedIn === null ? refused('disabled') : { to: 'sign-in', ...signedIn }
  }

  /** The same person, and she has shown it since she was asked. */
  async #proven(claims: ProviderClaims, wish: Extract<Wish, { to: 'proof' }>): Promise<SsoRefusal | SignedIn> {
    const { identities, accounts } = this.#deps
    const { authenticatedAt } = claims
    if ((await identities.find(claims)) !== wish.session.userId) return 'somebody-else'
    if (authenticatedAt === null || authenticatedAt < wish.at - clockDifferenceMs) return 'not-anew'
    return (await accounts.renew(wish.session.sessionHash, 'sso')) ?? 'over'
  }

  async #recorded(claims: ProviderClaims, why: SsoRefusal): Promise<SsoRefusal> {
    this.#deps.refused(await this.#deps.identities.find(claims))
    return why
  }

  #isSecondFactor({ acr, amr }: ProviderClaims): boolean {
    const { policy } = this.#deps
    return (acr !== null && policy.acr.includes(acr)) || amr.some((way) => policy.amr.includes(way))
  }

  async #userOf(claims: ProviderClaims, invitation: string | null): Promise<SsoRefusal | User> {
    const { identities, policy } = this.#deps
    if (invitation !== null) return await this.#invited(claims, invitation)
    const userId = await identities.find(claims)
    if (policy.roles.length > 0) return await this.#byGroups(claims, userId)
    const user = userId === null ? null : await this.#find(userId)
    if (user === null) return 'no-account'
    return user.disabled ? 'disabled' : user
  }

  /** Whoever has the link chooses the provider instead of a password. */
  async #invited(claims: ProviderClaims, invitation: string): Promise<SsoRefusal | User> {
    const { identities, invitations, clock } = this.#deps
    const known = await identities.find(claims)
    const found = await invitations.find(invitation)
    if (found === null || (known !== null && known !== found.user.userId)) return 'over'
    const user = await invitations.take(invitation)
    if (user === null) return 'over'
    await identities.link(user.userId, claims, { by: user, at: clock.now() })
    return user
  }

  /** The provider's groups decide who she is here, each time anew: what is taken from her there is gone here at the next sign-in. */
  async #byGroups(claims: ProviderClaims, userId: UserId | null): Promise<SsoRefusal | User> {
    const { identities, policy, people, clock } = this.#deps
    const role = policy.roles.find(([group]) => claims.groups.includes(group))?.[1]
    if (role === undefined) return 'no-account'
    const teamIds = policy.teams.filter(([group]) => claims.groups.includes(group)).map(([, teamId]) => teamId)
    const known = userId === null ? null : await this.#find(userId)
    if (known?.disabled === true) return 'disabled'
    if (known === null) {
      const name = (claims.name ?? claims.subject).slice(0, 64)
      const added = await people.add(ssoItself, { name, role, teamIds })
      if (typeof added === 'string') return added === 'name-taken' ? 'name-taken' : 'no-account'
      await identities.link(added.userId, claims, { by: ssoItself, at: clock.now() })
      return (await this.#find(added.userId)) ?? 'no-account'
    }
    const { userId: id } = known
    if (known.role !== role && (await people.setRole(ssoItself, id, role)) !== null) return 'no-account'
    if (policy.teams.length > 0) await people.setTeams(ssoItself, id, teamIds)
    return (await this.#find(id)) ?? 'no-account'
  }

  async #find(userId: UserId): Promise<User | null> {
    return (await this.#deps.store.users()).find((user) => user.userId === userId) ?? null
  }

  #take(flowId: string): Flow | null {
    const key = this.#deps.secrets.hashSessionId(flowId)
    const flow = this.#flows.get(key)
    this.#flows.delete(key)
    return flow !== undefined && this.#deps.clock.monotonic() < flow.endsMs ? flow : null
  }

  #sweep(): void {
    const now = this.#deps.clock.monotonic()
    for (const [key, { endsMs }] of this.#flows) if (now >= endsMs) this.#flows.delete(key)
    const oldest = this.#flows.keys().next()
    if (this.#flows.size >= mostFlows && oldest.done !== true) this.#flows.delete(oldest.value)
  }
}
