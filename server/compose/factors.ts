import { challengeSecrets, factorSecrets } from '../adapters/factor-secrets.ts'
import { passkeyVerifier } from '../adapters/passkey-verifier.ts'
import type { UserId } from '#domain/ids.ts'
import type { Clock } from '#domain/time.ts'
import type { Accounts, AccountSecrets, AccountStore, PasswordHasher } from '../core/accounts.ts'
import { Challenges } from '../core/challenges.ts'
import { CodeBrake } from '../core/code-brake.ts'
import type { FactorStore } from '../core/factor-store.ts'
import { HalfSignIns } from '../core/half-sign-ins.ts'
import type { Log } from '../core/log.ts'
import { PasswordChange } from '../core/password-change.ts'
import type { PasswordRules } from '../core/password-change.ts'
import { Passkeys } from '../core/passkeys.ts'
import { SecondFactors } from '../core/second-factors.ts'
import { SessionDesk } from '../core/session-desk.ts'
import { SignInDesk } from '../core/sign-in-desk.ts'
import type { AppDependencies } from '../http/dependencies.ts'

export interface FactorParts {
  readonly accounts: Accounts
  readonly store: AccountStore
  readonly factorStore: FactorStore
  readonly hasher: PasswordHasher
  readonly rules: PasswordRules
  readonly secrets: AccountSecrets
  readonly site: string
  /** A demonstration's account, which may go without a second factor. */
  readonly mayGoWithout: (userId: UserId) => boolean
  readonly refused: (userId: UserId | null) => void
  readonly clock: Clock
  readonly log: Log
}

/** How people prove who they are (security.md 4). */
export const openFactors = (
  parts: FactorParts,
): Pick<AppDependencies, 'signIn' | 'factors' | 'passkeys' | 'passwords'> => {
  const { accounts, store, factorStore, hasher, rules, site, clock, log } = parts
  const factors = new SecondFactors({ store: factorStore, secrets: factorSecrets, brake: new CodeBrake(), clock, site })
  const passkeys = new Passkeys({
    store: factorStore,
    verifier: passkeyVerifier((err) => log.warn({ err }, 'a passkey was refused')),
    challenges: new Challenges(challengeSecrets()),
    clock,
    site,
  })
  return {
    factors,
    passkeys,
    signIn: new SignInDesk({ ...parts, factors, passkeys, halves: new HalfSignIns() }),
    passwords: new PasswordChange({
      accounts,
      store,
      sessions: new SessionDesk({ store, accounts, clock }),
      hasher,
      rules,
      clock,
    }),
  }
}
