import type { UserId } from '#domain/ids.ts'
import type { SessionView } from '#domain/live/sessions.ts'
import type { Person } from '#domain/live/views.ts'
import type { Clock } from '#domain/time.ts'
import type { Accounts, AccountStore, Session } from './accounts.ts'

export interface SessionDeskDependencies {
  readonly store: Pick<AccountStore, 'sessionsOf' | 'revokeSessions'>
  readonly accounts: Pick<Accounts, 'recheck' | 'ended'>
  readonly clock: Pick<Clock, 'now'>
}

/** Names a session to people: the hash itself is nobody's business. */
const handleOf = (idHash: string): string => idHash.slice(0, 16)

/** Where somebody is signed in, and how that is ended from elsewhere: at once, sockets included (security.md 4). */
export class SessionDesk {
  readonly #deps: SessionDeskDependencies

  constructor(deps: SessionDeskDependencies) {
    this.#deps = deps
  }

  /** Those that are still good, the last used first. `current`: the one who asks. */
  async list(userId: UserId, current: string | null): Promise<readonly SessionView[]> {
    const { store, accounts } = this.#deps
    const views: SessionView[] = []
    for (const { idHash, client, startedAt, lastSeenAt } of await store.sessionsOf(userId)) {
      const identity = await accounts.recheck(idHash)
      if (identity === null) continue
      const endsAt = identity.endsAt
      views.push({ sessionId: handleOf(idHash), ...client, startedAt, lastSeenAt, endsAt, current: idHash === current })
    }
    return views.toSorted((a, b) => b.lastSeenAt - a.lastSeenAt)
  }

  /** False: she has no such session. */
  async end(by: Person, userId: UserId, sessionId: string): Promise<boolean> {
    return (await this.#end(by, userId, ({ idHash }) => handleOf(idHash) === sessionId)) > 0
  }

  /** All of hers, but for `kept`. Answers how many there were. */
  async endAll(by: Person, userId: UserId, kept: string | null = null): Promise<number> {
    return await this.#end(by, userId, ({ idHash }) => idHash !== kept)
  }

  async #end(by: Person, userId: UserId, which: (session: Session) => boolean): Promise<number> {
    const { store, accounts, clock } = this.#deps
    const idHashes = (await store.sessionsOf(userId)).filter(which).map(({ idHash }) => idHash)
    if (idHashes.length === 0) return 0
    await store.revokeSessions(userId, idHashes, { by, at: clock.now() })
    accounts.ended(idHashes)
    return idHashes.length
  }
}
