import type { UserId } from '#domain/ids.ts'
import { noPassword } from '#server/core/accounts.ts'
import type { AccountStore, Session, User } from '#server/core/accounts.ts'

/** The account store's fake: same contract, nothing on disk. */
export const createMemoryAccounts = (): AccountStore => {
  const users = new Map<UserId, User>()
  const sessions = new Map<string, Session>()
  const byName = (name: string): User | undefined =>
    [...users.values()].find((user) => user.name.normalize('NFC').toLowerCase() === name.normalize('NFC').toLowerCase())
  const change = (userId: UserId, changes: Partial<User>): void => {
    const user = users.get(userId)
    if (user !== undefined) users.set(userId, { ...user, ...changes })
  }
  const isLastAdmin = (userId: UserId): boolean => {
    const admins = [...users.values()].filter(
      ({ role, disabled, passwordHash }) => role === 'admin' && !disabled && passwordHash !== noPassword,
    )
    return users.get(userId)?.role === 'admin' && admins.every((admin) => admin.userId === userId)
  }
  const endAll = (userId: UserId): void => {
    for (const session of sessions.values()) if (session.userId === userId) sessions.delete(session.idHash)
  }
  return {
    async addUser(user) {
      if (byName(user.name) !== undefined) return false
      users.set(user.userId, user)
      return true
    },
    async userByName(name) {
      return byName(name) ?? null
    },
    async userById(userId) {
      return users.get(userId) ?? null
    },
    async users() {
      return [...users.values()].toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
    },
    async setPasswordHash(userId, passwordHash) {
      change(userId, { passwordHash })
    },
    async setRole(userId, role) {
      if (role !== 'admin' && isLastAdmin(userId)) return false
      change(userId, { role })
      endAll(userId)
      return true
    },
    async setDisabled(userId, disabled) {
      if (disabled && isLastAdmin(userId)) return false
      change(userId, { disabled })
      endAll(userId)
      return true
    },
    async addSession(session) {
      sessions.set(session.idHash, session)
    },
    async renewSession(idHash, renewed) {
      if (!sessions.delete(idHash)) return false
      sessions.set(renewed.idHash, renewed)
      return true
    },
    async session(idHash) {
      const session = sessions.get(idHash)
      const user = session === undefined ? undefined : users.get(session.userId)
      return session === undefined || user === undefined ? null : { session, user }
    },
    async touchSession(idHash, lastSeenAt) {
      // As a STRICT table has it.
      if (!Number.isInteger(lastSeenAt)) throw new TypeError(`cannot store ${lastSeenAt} as a time`)
      const session = sessions.get(idHash)
      if (session !== undefined && lastSeenAt > session.lastSeenAt) sessions.set(idHash, { ...session, lastSeenAt })
    },
    async endSession(idHash) {
      sessions.delete(idHash)
    },
    async sessionsOf(userId) {
      return [...sessions.values()].filter((session) => session.userId === userId)
    },
    async revokeSessions(userId, idHashes) {
      for (const idHash of idHashes) if (sessions.get(idHash)?.userId === userId) sessions.delete(idHash)
    },
    async endSessionsOf(userId) {
      const own = [...sessions.values()].filter((session) => session.userId === userId).map(({ idHash }) => idHash)
      for (const idHash of own) sessions.delete(idHash)
      return own
    },
    async sweepSessions(startedBefore, seenBefore) {
      for (const session of sessions.values())
        if (
          (session.startedAt < startedBefore || session.lastSeenAt < seenBefore) &&
          users.get(session.userId)?.role !== 'kiosk'
        )
          sessions.delete(session.idHash)
    },
  }
}
