import type { Clock } from '#domain/time.ts'
import type { Accounts, AccountStore } from '../core/accounts.ts'
import { SessionDesk } from '../core/session-desk.ts'
import type { AppDependencies } from '../http/dependencies.ts'
import { sessionListRoutes } from '../http/routes/sessions.ts'

export interface PeopleParts {
  readonly store: AccountStore
  readonly accounts: Accounts
  readonly clock: Clock
}

/** Who may come in and for how long (security.md 4). */
export const openPeople = (parts: PeopleParts): { readonly routes: NonNullable<AppDependencies['peopleRoutes']> } => {
  const sessions = new SessionDesk(parts)
  return { routes: [sessionListRoutes(sessions, parts.clock)] }
}
