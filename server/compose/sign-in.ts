import type { UserId } from '#domain/ids.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import { accountSecrets } from '../adapters/account-secrets.ts'
import type { Journal } from '../adapters/sqlite/open-journal.ts'
import type { ServerConfig } from '../config.ts'
import { createAccounts } from '../core/accounts.ts'
import type { Accounts, AccountStore, PasswordHasher } from '../core/accounts.ts'
import type { Log } from '../core/log.ts'
import type { OnCallBook } from '../core/on-call-book.ts'
import type { PasswordRules } from '../core/password-change.ts'
import type { AppDependencies } from '../http/dependencies.ts'
import type { OpenAudit } from './audit.ts'
import { openFactors } from './factors.ts'
import { openPeople } from './people.ts'

export interface SignInParts {
  readonly config: ServerConfig
  readonly journal: Pick<Journal, 'database' | 'change' | 'factors'>
  readonly store: AccountStore
  readonly hasher: PasswordHasher
  readonly rules: PasswordRules
  readonly audit: Pick<OpenAudit, 'pastProvider' | 'refused'>
  readonly onCall: OnCallBook
  /** A demonstration's account, which may go without a second factor. */
  readonly mayGoWithout: (userId: UserId) => boolean
  /** Where browsers reach this server. */
  readonly origins: () => readonly string[]
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly log: Log
}

type Doors = Pick<AppDependencies, 'signIn' | 'factors' | 'passkeys' | 'passwords'>

/** Accounts, what they prove themselves by, and who administers them (security.md 4). */
export const openSignIn = (
  parts: SignInParts,
): Doors & { readonly accounts: Accounts; readonly routes: NonNullable<AppDependencies['peopleRoutes']> } => {
  const { config, journal, audit, origins } = parts
  const { siteName, oidc } = config
  const { refused } = audit
  const accounts = createAccounts({
    ...parts,
    ...(oidc === null ? {} : { pastProvider: audit.pastProvider }),
    secrets: accountSecrets,
    refused,
  })
  const { routes } = openPeople({
    ...parts,
    sessions: accounts,
    accounts,
    siteName,
    oidc,
    origin: () => origins()[0] ?? '',
    refused,
  })
  const doors = openFactors({
    ...parts,
    accounts,
    factorStore: journal.factors,
    secrets: accountSecrets,
    site: siteName,
    refused,
  })
  return { accounts, routes, ...doors }
}
