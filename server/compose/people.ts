import type { DatabaseSync } from 'node:sqlite'
import type { UserId } from '#domain/ids.ts'
import type { Clock } from '#domain/time.ts'
import { accountSecrets, newUserId } from '../adapters/account-secrets.ts'
import { openidIdentityProvider } from '../adapters/openid-identity-provider.ts'
import { createSqliteIdentities } from '../adapters/sqlite-identities.ts'
import { createSqliteInvitations } from '../adapters/sqlite-invitations.ts'
import type { Accounts, AccountStore, PasswordHasher } from '../core/accounts.ts'
import type { AuditedChange } from '../core/audit.ts'
import { Invitations } from '../core/invitations.ts'
import type { FactorStore } from '../core/factor-store.ts'
import type { Log } from '../core/log.ts'
import type { OnCallBook } from '../core/on-call-book.ts'
import type { PasswordRules } from '../core/password-change.ts'
import { PeopleDesk } from '../core/people-desk.ts'
import { SessionDesk } from '../core/session-desk.ts'
import { SingleSignOn } from '../core/single-sign-on.ts'
import type { AppDependencies } from '../http/dependencies.ts'
import { invitationRoutes } from '../http/routes/invitations.ts'
import { peopleRoutes } from '../http/routes/people.ts'
import { sessionListRoutes } from '../http/routes/sessions.ts'
import { singleSignOnRoutes } from '../http/routes/single-sign-on.ts'
import type { OidcConfig } from './oidc-config.ts'

export interface PeopleDeskParts {
  readonly journal: { readonly database: DatabaseSync; readonly change: AuditedChange; readonly factors: FactorStore }
  readonly store: AccountStore
  /** Whose sockets go with a session. */
  readonly sessions: Pick<Accounts, 'recheck' | 'ended'>
  readonly hasher: PasswordHasher
  readonly rules: PasswordRules
  readonly onCall: OnCallBook
  readonly clock: Clock
}

/** For the server and its commands. */
export const openPeopleDesk = (parts: PeopleDeskParts) => {
  const { journal, store, sessions: accounts } = parts
  const sessions = new SessionDesk({ ...parts, accounts })
  const invitations = new Invitations({
    ...parts,
    store: createSqliteInvitations(journal.database, journal.change),
    accounts: store,
    secrets: accountSecrets,
  })
  return {
    sessions,
    invitations,
    desk: new PeopleDesk({ ...parts, accounts, sessions, invitations, factors: journal.factors, newUserId }),
  }
}

export interface PeopleParts extends PeopleDeskParts {
  readonly accounts: Accounts
  readonly oidc: OidcConfig | null
  readonly refused: (userId: UserId | null) => void
  readonly log: Log
  readonly siteName: string
  /** The first public address. */
  readonly origin: () => string
}

const openSingleSignOn = (
  oidc: OidcConfig,
  parts: PeopleParts & { readonly people: PeopleDesk; readonly invitations: Invitations },
): SingleSignOn =>
  new SingleSignOn({
    ...parts,
    provider: openidIdentityProvider({ ...oidc, acr: oidc.policy.acr, clock: parts.clock, log: parts.log }),
    identities: createSqliteIdentities(parts.journal.database, parts.journal.change),
    policy: oidc.policy,
    secrets: accountSecrets,
  })

/** Who may come in and for how long (security.md 4). */
export const openPeople = (parts: PeopleParts): { readonly routes: NonNullable<AppDependencies['peopleRoutes']> } => {
  const { clock, origin, siteName } = parts
  const { sessions, invitations, desk } = openPeopleDesk(parts)
  const sso = parts.oidc === null ? null : openSingleSignOn(parts.oidc, { ...parts, people: desk, invitations })
  return {
    routes: [
      sessionListRoutes(sessions, clock),
      peopleRoutes({ desk, sessions, clock, origin }),
      invitationRoutes(invitations, siteName),
      singleSignOnRoutes({ sso, label: parts.oidc?.label ?? '', origin, clock }),
    ],
  }
}
