import type { UserId } from '#domain/ids.ts'
import type { Factor, PasskeyAnswer, ProofBody, SecondBody } from '#domain/people/factors.ts'
import type { HalfSignedIn } from '#domain/people/half-signed-in.ts'
import type { Clock } from '#domain/time.ts'
import type { Accounts, AccountSecrets, AccountStore, Identity, SignedIn, User } from './accounts.ts'
import type { HalfSignIn, HalfSignIns } from './half-sign-ins.ts'
import type { Passkeys } from './passkeys.ts'
import type { SecondFactors } from './second-factors.ts'

/** Where somebody stands who signs in. */
export interface From {
  readonly address: string
  readonly userAgent?: string | undefined
  /** Of the page, one of the server's own. */
  readonly origin: string
}

/** `waitMs`: nothing was looked at; a code may be tried again then. */
export type Proven = SignedIn | { readonly waitMs: number } | null

export interface SignInDeskDependencies {
  readonly accounts: Pick<Accounts, 'checkPassword' | 'begin' | 'renew'>
  readonly store: Pick<AccountStore, 'userById'>
  readonly factors: SecondFactors
  readonly passkeys: Passkeys
  readonly halves: HalfSignIns
  readonly secrets: AccountSecrets
  /** A demonstration's account, which may go without a second factor. */
  readonly mayGoWithout: (userId: UserId) => boolean
  readonly refused: (userId: UserId | null) => void
  readonly clock: Pick<Clock, 'now'>
}

/** From a name and a password, or from a passkey alone, to a session (security.md 4). */
export class SignInDesk {
  readonly #deps: SignInDeskDependencies

  constructor(deps: SignInDeskDependencies) {
    this.#deps = deps
  }

  /** A wall screen has nobody who could show anything: it reads, and one screen at a time is signed in. */
  isRequired({ userId, role }: Pick<User, 'userId' | 'role'>): boolean {
    return role !== 'kiosk' && !this.#deps.mayGoWithout(userId)
  }

  /** Null: name or password is wrong. */
  async begin(
    name: string,
    password: string,
    from: From,
  ): Promise<SignedIn | (HalfSignedIn & { readonly halfId: string }) | null> {
    const { accounts, factors, halves, secrets, clock } = this.#deps
    const user = await accounts.checkPassword(name, password, from.address)
    if (user === null) return null
    const ways = user.role === 'kiosk' ? [] : await factors.ways(user.userId)
    if (ways.length === 0 && !this.isRequired(user))
      return await accounts.begin(user, ['password'], from.address, from.userAgent)
    const halfId = secrets.newSessionId()
    const needs = ways.length === 0 ? 'enrol' : 'factor'
    const { userId } = user
    halves.begin(secrets.hashSessionId(halfId), { userId, name: user.name, needs, beganAt: clock.now() })
    const { reset } = await factors.view(userId)
    return { needs, ways: [...ways], ...(reset === null ? {} : { reset }), halfId }
  }

  /** Of a cookie. */
  half(halfId: string): HalfSignIn | null {
    const { halves, secrets, clock } = this.#deps
    return halves.get(secrets.hashSessionId(halfId), clock.now())
  }

  /** The second factor, after the password. */
  async second(halfId: string, body: SecondBody, from: From): Promise<Proven> {
    const half = this.half(halfId)
    if (half === null) return null
    const checked = await this.#check(half.userId, body, from)
    return checked === true ? await this.finish(halfId, body.way, from) : this.#refuse(half.userId, checked)
  }

  /** What was missing is there. */
  async finish(halfId: string, factor: Factor, from: From): Promise<SignedIn | null> {
    const half = this.half(halfId)
    if (half === null) return null
    this.#deps.halves.end(this.#deps.secrets.hashSessionId(halfId))
    return await this.#session(half.userId, ['password', factor], from)
  }

  /** Nothing typed: the passkey says who it is, and the authenticator has verified her. */
  async byPasskey(answer: PasskeyAnswer, from: From): Promise<SignedIn | null> {
    const checked = await this.#deps.passkeys.check(answer, from.origin)
    if ('userId' in checked) return await this.#session(checked.userId, ['passkey'], from)
    this.#deps.refused(checked.refused)
    return null
  }

  /** Who is signed in proves it again: the session gets a new id. */
  async proveAgain({ userId, name, sessionHash }: Identity, body: ProofBody, from: From): Promise<Proven> {
    const { accounts } = this.#deps
    const checked =
      body.way === 'password'
        ? (await accounts.checkPassword(name, body.password, from.address)) !== null
        : await this.#check(userId, body, from)
    if (checked === true) return await accounts.renew(sessionHash, body.way)
    // A wrong password was told already.
    return body.way === 'password' ? null : this.#refuse(userId, checked)
  }

  async #check(userId: UserId, body: Exclude<ProofBody, { way: 'password' }> | SecondBody, from: From) {
    const { factors, passkeys } = this.#deps
    switch (body.way) {
      case 'totp':
        return await factors.checkTotp(userId, body.code, from.address)
      case 'recovery':
        return (await factors.useRecoveryCode(userId, body.code)) !== null
      case 'passkey': {
        const checked = await passkeys.check(body.answer, from.origin)
        return 'userId' in checked && checked.userId === userId
      }
    }
  }

  #refuse(userId: UserId, checked: boolean | number): { readonly waitMs: number } | null {
    if (typeof checked === 'number') return { waitMs: checked }
    this.#deps.refused(userId)
    return null
  }

  async #session(userId: UserId, factors: readonly Factor[], from: From): Promise<SignedIn | null> {
    const { accounts, store } = this.#deps
    const user = await store.userById(userId)
    if (user === null || user.disabled) return null
    this.#deps.factors.proved(userId, from.address)
    return await accounts.begin(user, factors, from.address, from.userAgent)
  }
}
