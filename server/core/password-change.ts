import type { PasswordFault } from '#domain/people/factors.ts'
import type { Clock } from '#domain/time.ts'
import type { Accounts, AccountStore, Identity, PasswordHasher, SignedIn } from './accounts.ts'
import { passwordFault } from './password-policy.ts'
import type { SessionDesk } from './session-desk.ts'

/** Whether a password may be chosen by somebody of that name. Null: yes. */
export type PasswordRules = (password: string, name: string) => Promise<PasswordFault | null>

/** `about`: words of the product and the site. */
export const passwordRules =
  (common: () => Promise<(word: string) => boolean>, about: readonly string[]): PasswordRules =>
  async (password, name) =>
    passwordFault(password, { isCommon: await common(), about: [...about, name] })

export interface PasswordChangeDependencies {
  readonly accounts: Pick<Accounts, 'checkPassword' | 'renew'>
  readonly store: Pick<AccountStore, 'setPasswordHash'>
  readonly sessions: Pick<SessionDesk, 'endAll'>
  readonly hasher: PasswordHasher
  readonly rules: PasswordRules
  readonly clock: Pick<Clock, 'now'>
}

/** One's own password: the old one is needed, and wherever else one is signed in that ends. */
export class PasswordChange {
  readonly #deps: PasswordChangeDependencies

  constructor(deps: PasswordChangeDependencies) {
    this.#deps = deps
  }

  /** `wrong`: the current one is not right. The session goes on under a new id; null: it is over. */
  async change(
    { userId, name, sessionHash }: Identity,
    current: string,
    next: string,
    address: string,
  ): Promise<SignedIn | 'wrong' | PasswordFault | null> {
    const { accounts, store, sessions, hasher, rules, clock } = this.#deps
    if ((await accounts.checkPassword(name, current, address)) === null) return 'wrong'
    if (current.normalize('NFC') === next.normalize('NFC')) return 'same'
    const fault = await rules(next, name)
    if (fault !== null) return fault
    const by = { userId, name }
    await store.setPasswordHash(userId, await hasher.hash(next), { by, at: clock.now() })
    await sessions.endAll(by, userId, sessionHash)
    return await accounts.renew(sessionHash, 'password')
  }
}
